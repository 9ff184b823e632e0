/** The pieces of a packet log into stdout or a file, and what has arrived there. */
import { printable } from '../loggers/printable.ts'
import { formatCount, formatShare } from '../loggers/units.ts'
import { isStdout, openOutput, openStdout } from '../node/output.ts'
import { RotatingFile, type RotatingFileOptions } from '../node/rotating-file.ts'
import type { LogPiece, LogRecord } from '../pipeline/log-frames.ts'

/** What is written: counted when it is. */
export interface Logged {
  frames: number
  /** Of the frames on the wire. */
  bytes: number
  /** By the capture's own count; null when it has none. */
  dropped: number | null
}

export interface LogOutput {
  begin(): Promise<void>
  write(bytes: Uint8Array): Promise<void>
  finish(): Promise<void>
  abandon(): Promise<void>
  /** Where it is, for people; '' for stdout, null when nothing was begun. */
  place(): string | null
}

export async function openLogOutput(path: string | undefined, options: RotatingFileOptions): Promise<LogOutput> {
  if (!isStdout(path)) return fileOutput(await RotatingFile.at(path!, options))
  const stdout = openStdout()
  let begun = false
  return {
    ...stdout,
    begin: async () => {
      begun = true
    },
    place: () => (begun ? '' : null),
  }
}

/** For a format that is read from its end: the file appears under its name when it is whole. */
export async function openWholeLog(path: string | undefined, inputs: readonly string[]): Promise<LogOutput> {
  const output = await openOutput(path, inputs)
  let begun = false
  return {
    begin: async () => {
      begun = true
    },
    write: (bytes) => output.write(bytes),
    finish: () => (begun ? output.finish() : output.abandon()),
    abandon: () => output.abandon(),
    place: () => (!begun ? null : isStdout(path) ? '' : ` to ${path}`),
  }
}

function fileOutput(file: RotatingFile): LogOutput {
  return {
    begin: () => file.begin(),
    write: (bytes) => file.write(bytes),
    finish: () => file.finish(),
    abandon: () => file.abandon(),
    place() {
      const { path, older, begun } = file
      if (!begun) return null
      if (older.length === 0) return ` to ${path}`
      return ` to ${path} and ${formatCount(older.length, 'older file')} (${older[0]} …)`
    },
  }
}

/**
 * One piece is being written while the next is made: on a file of small frames the waiting took a third of the time. A write that
 * fails ends it at once, whether or not another piece ever comes.
 */
export async function writeLog(records: AsyncGenerator<LogRecord>, output: LogOutput, logged: Logged): Promise<void> {
  let writing: Promise<void> | undefined
  try {
    for (;;) {
      const [{ value: record, done }] = await Promise.all([records.next(), writing])
      if (done) break
      if (record.type === 'end') logged.dropped = record.dropped
      else writing = writePiece(record, output, logged)
    }
    await output.finish()
  } catch (error) {
    // Not awaited: it may be waiting for a frame.
    records.return(undefined).catch(() => {})
    await output.abandon()
    throw error
  }
}

async function writePiece(piece: LogPiece, output: LogOutput, logged: Logged): Promise<void> {
  if (piece.startsFile) await output.begin()
  await output.write(piece.bytes)
  logged.frames += piece.frames
  logged.bytes += piece.length
}

/** `2 frames, 200 bytes, to x.txt` */
export function countsOf({ frames, bytes }: Logged, place: string): string {
  return printable(`${formatCount(frames, 'frame')}, ${formatCount(bytes, 'byte')},${place}`.replace(/,$/, ''))
}

/** `logged 2 frames, 200 bytes, to x.txt; dropped: 0` */
export function summaryOf(logged: Logged, place: string, live: boolean): string {
  const { frames, dropped } = logged
  const counts = `logged ${countsOf(logged, place)}`
  if (dropped === null) return live ? `${counts}; dropped: unknown` : counts
  const share = dropped === 0 ? '' : ` (${formatShare(dropped, frames + dropped)})`
  return `${counts}; dropped: ${dropped}${share}`
}
