/** The pieces of a packet log into stdout or a file, and what has arrived there. */
import { printable } from '../loggers/printable.ts'
import { formatCount, formatShare } from '../loggers/units.ts'
import { isStdout, openStdout } from '../node/output.ts'
import { RotatingFile, type RotatingFileOptions } from '../node/rotating-file.ts'
import type { LogRecord } from '../pipeline/log-frames.ts'

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

export async function writeLog(records: AsyncIterable<LogRecord>, output: LogOutput, logged: Logged): Promise<void> {
  try {
    for await (const record of records) {
      if (record.type === 'end') {
        logged.dropped = record.dropped
        continue
      }
      if (record.startsFile) await output.begin()
      await output.write(record.bytes)
      logged.frames += record.frames
      logged.bytes += record.length
    }
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
}

/** `logged 2 frames, 200 bytes, to x.txt; dropped: 0` */
export function summaryOf({ frames, bytes, dropped }: Logged, place: string, live: boolean): string {
  const counts = `logged ${formatCount(frames, 'frame')}, ${formatCount(bytes, 'byte')},${place}`.replace(/,$/, '')
  if (dropped === null) return printable(live ? `${counts}; dropped: unknown` : counts)
  const share = dropped === 0 ? '' : ` (${formatShare(dropped, frames + dropped)})`
  return printable(`${counts}; dropped: ${dropped}${share}`)
}
