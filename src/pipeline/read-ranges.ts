/**
 * A file in ranges that are counted at once, on several threads, and merged in their order: the same records, to the byte, as
 * reading it from start to end.
 *
 * A range is a segment of the file. Whoever counts it begins at a place where records seem to follow each other. That place is
 * right when the range before it ended there, and else its counts are thrown away and the range is read again, here. A range
 * that describes an interface, or that is damaged, is read here too, and so is all that follows it.
 */
import type { Parser } from '../capture/parser.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import type { Engine } from '../engine/engine.ts'
import type { IdleRecord, SpanRecord } from '../engine/records.ts'
import type { Range, RangeCounts, RangeSetup } from './range-counter.ts'
import { RangeMerger } from './range-merger.ts'

export interface CountedRange {
  /** Which of the counters; each has flow ids of its own. */
  readonly counter: number
  readonly counts: RangeCounts
}

/** Counts the ranges, on as many threads as there are. */
export interface RangePool {
  /** The counts of the next range, in the order of ranges; null when nobody could count it. */
  next(): Promise<CountedRange | null>
  close(): Promise<void>
}

/** Starts to count ranges of an open file, which stays open until the pool is closed. */
export type StartRanges = (source: Source, setup: RangeSetup, ranges: readonly Range[]) => RangePool

export interface RangeReading {
  readonly parser: Parser
  readonly engine: Engine
  readonly stream: CaptureStream
  readonly signal: AbortSignal | undefined
  readonly onProgress: (frames: number, bytes: number) => void
}

/** Fewer bytes are read sooner than threads are started. */
const FEWEST_SEGMENTS = 3

/** The rest of the stream in ranges; null when it is too short for it, or cannot be read in parts. */
export function cutRanges(stream: CaptureStream, engine: Engine): Range[] | null {
  const { random, size } = stream.source
  const { segmentBytes } = stream
  if (random == null || size === null || !stream.isDescribedAtStart || engine.buckets.originNs === null) return null
  const first = Math.floor(stream.offset / segmentBytes)
  const count = Math.ceil(size / segmentBytes) - first
  if (count < FEWEST_SEGMENTS) return null
  return Array.from({ length: count }, (_, index) => ({
    index,
    start: index === 0 ? stream.offset : (first + index) * segmentBytes,
    // What was appended since we looked is of the last one.
    end: index === count - 1 ? Number.MAX_SAFE_INTEGER : (first + index + 1) * segmentBytes,
    isStartKnown: index === 0,
  }))
}

/** Windows that are complete, as ranges come in. Afterwards the stream goes on where the last range ended. */
export async function* readRanges(
  pool: RangePool,
  ranges: readonly Range[],
  { parser, engine, stream, signal, onProgress }: RangeReading,
): AsyncGenerator<SpanRecord | IdleRecord> {
  if (stream.isAtSegmentEnd) {
    engine.settle()
    yield* engine.drain()
  }
  const merger = new RangeMerger(parser, engine)
  /** Where the next record begins, and how many frames the stream has not seen itself. */
  let at = stream.offset
  let frames = 0
  try {
    for (const { end } of ranges) {
      const counted = signal?.aborted ? null : await pool.next()
      if (counted === null || signal?.aborted) break
      const { counter, counts } = counted
      merger.learn(counter, counts)
      if (counts.start !== at) {
        at = await readHere(stream, engine, at, end, frames)
        frames = 0
        // Nothing follows a fault. To seek would be to read on inside of the block that has it.
        if (stream.fault !== null) return
        if (!stream.isDescribedAtStart) break
      } else if (counts.isPlain) {
        merger.merge(counter, counts)
        at = counts.end
        frames += counts.frames
      } else break
      const generation = engine.flowGeneration
      engine.settle()
      yield* engine.drain()
      // Nobody else knows of the new ids.
      if (engine.flowGeneration !== generation) break
      onProgress(stream.frames + frames, at)
    }
  } finally {
    await pool.close()
  }
  stream.seek(at, frames)
}

/** Reads one range with the stream itself. Returns where the next record begins. */
async function readHere(
  stream: CaptureStream,
  engine: Engine,
  at: number,
  end: number,
  frames: number,
): Promise<number> {
  stream.seek(at, frames)
  stream.pauseAt(end)
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) engine.add(batch)
  return stream.offset
}
