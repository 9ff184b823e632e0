/** Inputs → whatever counts their frames: on several threads where they can be read in parts. */
import type { StreamBatch } from '../capture/frame-batch.ts'
import type { ParserOptions } from '../capture/parser.ts'
import type { CaptureParts } from './describe-capture.ts'
import type { Input } from './inputs.ts'
import type { NameReading } from './name-reading.ts'
import { type ReadOptions, readInputs } from './read-inputs.ts'
import { cutRanges, type FrameSink, readRanges, type StartRanges } from './read-ranges.ts'

export interface CountInputsOptions extends ReadOptions {
  readonly parserOptions: ParserOptions
  readonly startRanges?: StartRanges | undefined
  /** Where names of the frames go; `parserOptions` ask for them then. */
  readonly names?: NameReading | null
  /** Sees every frame too, so that one thread has to read them all. */
  readonly also?: { add(batch: StreamBatch, start: number, end: number): void } | undefined
}

/** Counts every frame. What the sink hands out meanwhile is of no interest: one span, or none. */
export async function countInputs(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  parts: Pick<CaptureParts, 'parser' | 'files' | 'problems'>,
  sink: FrameSink,
  options: CountInputsOptions,
): Promise<void> {
  const { parserOptions, names: reading = null, also, signal, onProgress = () => {} } = options
  const isCut = inputs.length === 1 && options.limit === undefined && !parserOptions.salvage && also === undefined
  let startRanges = isCut ? options.startRanges : undefined
  for await (const run of readInputs(module, inputs, parts, options)) {
    // Frames of several inputs come in an order of their own, and have no segments.
    const { stream } = run
    if (inputs.length > 1) sink.settle()
    else {
      stream.onSegmentEnd = () => {
        reading?.endSegment()
        sink.settle()
      }
    }
    const loading = reading?.scan(run) ?? null
    if (loading !== null) await loading
    sink.add(run.batch, run.start, run.end)
    also?.add(run.batch, run.start, run.end)
    reading?.note()
    // Whoever reads on from here, here or elsewhere, has to know the same.
    if (inputs.length === 1 && stream.isAtSegmentEnd) reading?.endSegment()
    if (startRanges === undefined || !stream.isBetweenRecords || reading?.isIdle === false) continue
    const ranges = cutRanges(stream, sink)
    if (ranges !== null) {
      const setup = { parser: parserOptions, headLength: stream.firstFrameOffset, ...sink.buckets }
      const pool = startRanges(stream.source, setup, ranges)
      for await (const _ of readRanges(pool, ranges, {
        parser: parts.parser,
        engine: sink,
        stream,
        reading,
        signal,
        onProgress,
      }));
    }
    startRanges = undefined
  }
  reading?.endSegment()
}
