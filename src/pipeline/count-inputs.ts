/** Inputs → whatever counts their frames, and the records that it hands out: on several threads where they can be read in parts. */
import type { StreamBatch } from '../capture/frame-batch.ts'
import type { ParserOptions } from '../capture/parser.ts'
import type { Engine } from '../engine/engine.ts'
import type { IdleRecord, SpanRecord } from '../engine/records.ts'
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

/** What counts the frames of inputs: the sink is told the time of the first where others have read it. */
export type CountInputs = (
  module: WebAssembly.Module,
  inputs: readonly Input[],
  parts: Pick<CaptureParts, 'parser' | 'files' | 'problems'>,
  sink: FrameSink & Pick<Engine, 'beginAt'>,
  options: CountInputsOptions,
) => AsyncGenerator<SpanRecord | IdleRecord, void>

/** So much is read by one thread before others are tried again: a gigabyte. */
const SEGMENTS_ALONE = 64

/** Counts every frame, and gives what the sink hands out meanwhile: windows that are complete. */
export async function* countInputs(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  parts: Pick<CaptureParts, 'parser' | 'files' | 'problems'>,
  sink: FrameSink,
  options: CountInputsOptions,
): AsyncGenerator<SpanRecord | IdleRecord, void> {
  const { parserOptions, names: reading = null, also, signal, onProgress = () => {} } = options
  const isCut = inputs.length === 1 && options.limit === undefined && !parserOptions.salvage && also === undefined
  let startRanges = isCut ? options.startRanges : undefined
  let rangesFrom = 0
  // Whoever reads one of several inputs somewhere else has to know the same as long as no other is open.
  const onPieceEnd = inputs.length > 1 ? () => reading?.endSegment() : undefined
  for await (const run of readInputs(module, inputs, parts, { ...options, onPieceEnd })) {
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
    yield* sink.drain()
    reading?.note()
    // Whoever reads on from here, here or elsewhere, has to know the same.
    if (inputs.length === 1 && stream.isAtSegmentEnd) reading?.endSegment()
    if (startRanges === undefined || !stream.isBetweenRecords || reading?.isIdle === false) continue
    if (stream.offset < rangesFrom) continue
    const ranges = cutRanges(stream, sink)
    let isSlower = false
    if (ranges !== null) {
      const setup = { parser: parserOptions, headLength: stream.firstFrameOffset, ...sink.buckets }
      const pool = startRanges(stream.source, setup, ranges)
      const { parser } = parts
      isSlower = yield* readRanges(pool, ranges, { parser, engine: sink, stream, reading, signal, onProgress })
    }
    if (isSlower) rangesFrom = stream.offset + SEGMENTS_ALONE * stream.segmentBytes
    else startRanges = undefined
  }
  reading?.endSegment()
}
