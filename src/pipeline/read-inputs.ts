/** Inputs → runs of their frames, and what was read of each: its format, or why not. */
import type { Fault } from '../capture/fault.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import type { CaptureParts } from './describe-capture.ts'
import type { FrameRun } from './frame-run.ts'
import { type Input, planInputs } from './inputs.ts'
import { type MergeEvents, mergeInputs } from './merge-inputs.ts'
import { describeLosses } from './salvage-report.ts'
import { stopWith } from './stop-with.ts'

export type Readings = Pick<CaptureParts, 'parser' | 'files' | 'problems'>

export interface ReadOptions {
  /** Stop after this many frames. */
  readonly limit?: number | undefined
  /** Ends reading. */
  readonly signal?: AbortSignal | undefined
  /** The signal ends the inputs too, which are read to their end then: captures that are running. */
  readonly endsItself?: boolean
  /** Called now and then with the frames so far and the stored bytes that were read. */
  readonly onProgress?: ((frames: number, bytes: number) => void) | undefined
  /** Called at the end of a segment of the only one of several inputs that is open, and at its own end. */
  readonly onPieceEnd?: (() => void) | undefined
}

/** Their frames in the order of time. `parts.files` and `parts.problems` are complete when the frames have ended. */
export async function* readInputs(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  { parser, files, problems }: Readings,
  { limit, onProgress, onPieceEnd, signal, endsItself = false }: ReadOptions,
): AsyncGenerator<FrameRun> {
  const open = new Set<CaptureStream>()
  let frames = 0
  let bytesDone = 0
  const stoppable = signal === undefined || endsItself ? inputs : inputs.map((input) => stopWith(signal, input))
  const events: MergeEvents = {
    opened(stream) {
      open.add(stream)
      if (onPieceEnd !== undefined) stream.onSegmentEnd = () => open.size === 1 && onPieceEnd()
    },
    ended(stream, { input: { name } }) {
      open.delete(stream)
      if (open.size === 0) onPieceEnd?.()
      bytesDone += stream.source.position
      const { format } = stream
      // A stream that we ended was not cut by anybody else, and may not even have begun.
      const ended = signal?.aborted === true && (stream.fault?.kind === 'cut' || stream.fault?.kind === 'foreign')
      const losses = describeLosses(stream, name, ended)
      // The end of what was passed over is told there.
      const fault = ended || stream.losses.atEnd ? null : stream.fault
      const partial = stream.frames > 0
      if (format !== null && ((fault === null && losses === null) || partial)) {
        files.push({ name, format, compression: stream.source.compression, frames: stream.frames })
      }
      if (losses !== null) problems.push(losses)
      if (fault !== null) {
        const { message, kind } = fault
        problems.push({ file: name, message, kind, partial, unreadableBytes: bytesAfter(fault, stream.source) })
      }
    },
    unavailable: ({ message }, { input: { name } }) =>
      problems.push({ file: name, message, kind: 'unavailable', partial: false, unreadableBytes: 0 }),
  }
  for await (const run of mergeInputs(parser, await planInputs(module, stoppable), events, limit)) {
    frames += run.end - run.start
    yield run
    if (onProgress !== undefined) {
      let bytes = bytesDone
      for (const stream of open) bytes += stream.source.position
      onProgress(frames, bytes)
    }
  }
  // They ended in the order of their last frames; people know them in the order they gave.
  const places = new Map(inputs.map(({ name }, place) => [name, place]))
  files.sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0))
}

function bytesAfter({ kind, offset }: Fault, { size, compression }: Source): number {
  return kind === 'foreign' || size === null || compression !== null ? 0 : Math.max(0, size - Number(offset))
}
