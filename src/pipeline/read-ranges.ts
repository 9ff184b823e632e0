/**
 * A file in ranges that are counted at once, on several threads, and merged in their order: the same records, to the byte, as
 * reading it from start to end.
 *
 * A range is a segment of the file. Whoever counts it begins at a place where records seem to follow each other. That place is
 * right when the range before it ended there, and else its counts are thrown away and the range is read again, here. A range
 * that describes an interface, or that is damaged, is read here too, and so is all that follows it.
 */
import { NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { Parser } from '../capture/parser.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import type { Engine } from '../engine/engine.ts'
import type { IdleRecord, SpanRecord } from '../engine/records.ts'
import type { NameReading } from './name-reading.ts'
import type { Range, RangeCounts, RangeSetup } from './range-counter.ts'
import { RangeMerger } from './range-merger.ts'

export interface CountedRange {
  /** Which of the counters; each has flow ids of its own. */
  readonly counter: number
  readonly counts: RangeCounts
}

/** What ranges were, and what they came to: a row is a flow in a bucket, merged here. */
export interface RangeWork {
  readonly bytes: number
  readonly frames: number
  readonly rows: number
}

/** Counts the ranges, on as many threads as there are. */
export interface RangePool {
  /** Whether it is worth it to go on, after work like this. Left out: always. */
  isWorthwhile?(work: RangeWork): boolean
  /** The counts of the next range, in the order of ranges; null when nobody could count it. */
  next(): Promise<CountedRange | null>
  close(): Promise<void>
}

/** Starts to count ranges of an open file, which stays open until the pool is closed. */
export type StartRanges = (source: Source, setup: RangeSetup, ranges: readonly Range[]) => RangePool

/** What counts: an engine, or another that goes over the same frames. */
export type FrameSink = Pick<Engine, 'add' | 'merge' | 'settle' | 'drain' | 'flowGeneration' | 'buckets'>

export interface RangeReading {
  readonly parser: Parser
  readonly engine: FrameSink
  readonly stream: CaptureStream
  /** Of names, when they are read. */
  readonly reading: NameReading | null
  readonly signal: AbortSignal | undefined
  readonly onProgress: (frames: number, bytes: number) => void
}

/** Fewer bytes are read sooner than threads are started. */
const FEWEST_SEGMENTS = 3

/** The rest of the stream in ranges; null when it is too short for it, or cannot be read in parts. */
export function cutRanges(stream: CaptureStream, engine: FrameSink): Range[] | null {
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

/**
 * Windows that are complete, as ranges come in. Afterwards the stream goes on where the last range ended. Returns whether it was the
 * pool that saw no worth in going on.
 */
export async function* readRanges(
  pool: RangePool,
  ranges: readonly Range[],
  { parser, engine, stream, reading, signal, onProgress }: RangeReading,
): AsyncGenerator<SpanRecord | IdleRecord, boolean> {
  if (stream.isAtSegmentEnd) {
    engine.settle()
    yield* engine.drain()
  }
  const merger = new RangeMerger(parser, engine)
  /** Where the next record begins, and how many frames the stream has not seen itself. */
  let at = stream.offset
  let frames = 0
  let isWorthwhile = true
  const work = { bytes: 0, frames: 0, rows: 0 }
  try {
    for (const { end } of ranges) {
      const counted = signal?.aborted ? null : await pool.next()
      if (counted === null || signal?.aborted) break
      const { counter, counts } = counted
      merger.learn(counter, counts)
      if (counts.start !== at) {
        at = await readHere(stream, engine, reading, at, end, frames)
        frames = 0
        // Nothing follows a fault. To seek would be to read on inside of the block that has it.
        if (stream.fault !== null) return false
        if (!stream.isDescribedAtStart) break
      } else if (counts.isPlain) {
        merger.merge(counter, counts)
        reading?.learn(counts.names)
        at = counts.end
        frames += counts.frames
        work.bytes += counts.end - counts.start
        work.frames += counts.frames
        for (const { rows } of counts.buckets) work.rows += rows.length / NUMBERS_PER_ROW
      } else break
      const generation = engine.flowGeneration
      engine.settle()
      yield* engine.drain()
      // Nobody else knows of the new ids.
      if (engine.flowGeneration !== generation) break
      onProgress(stream.frames + frames, at)
      isWorthwhile = pool.isWorthwhile?.(work) ?? true
      if (!isWorthwhile) break
    }
  } finally {
    await pool.close()
  }
  stream.seek(at, frames)
  return !isWorthwhile
}

/** Reads one range with the stream itself. Returns where the next record begins. */
async function readHere(
  stream: CaptureStream,
  engine: FrameSink,
  reading: NameReading | null,
  at: number,
  end: number,
  frames: number,
): Promise<number> {
  stream.seek(at, frames)
  stream.pauseAt(end)
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    const loading = reading?.scan({ stream, start: 0, end: batch.count }) ?? null
    if (loading !== null) await loading
    engine.add(batch)
  }
  reading?.endSegment()
  return stream.offset
}
