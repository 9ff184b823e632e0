/**
 * A part of a capture, or all of it → its counts and what they say about its order, on whatever machine. For several inputs: of a single
 * one the segments are counted apart (range-counter.ts), because what is late is decided between them.
 */
import { NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { Fault } from '../capture/fault.ts'
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../capture/frame-batch.ts'
import { Parser } from '../capture/parser.ts'
import type { Compression, Source } from '../capture/source.ts'
import type { CaptureFormat, CaptureStream } from '../capture/stream.ts'
import { FrameCounter } from '../engine/frame-counter.ts'
import { FilterError } from '../filter/filter-error.ts'
import { ALWAYS } from '../names/name-book.ts'
import { NameScanner } from './name-scanner.ts'
import type { RangeCounts, RangeSetup } from './range-counter.ts'

/** Bytes of a capture: whole segments, or everything. */
export interface Part {
  readonly start: number
  readonly end: number
  /** A record is known to begin at `start`; else the first place behind it where one seems to is taken. */
  readonly isStartKnown: boolean
}

/** To read from its start to its end. */
export const WHOLE: Part = { start: 0, end: Number.MAX_SAFE_INTEGER, isStartKnown: true }

/** What is known of a part without its counts: small, whatever it held. */
export interface PartFacts {
  /** See RangeCounts. */
  readonly start: number
  readonly end: number
  readonly frames: number
  readonly format: CaptureFormat | null
  readonly compression: Compression | null
  /** Bytes of the capture that describe it; of all that was read when it has no frame. */
  readonly headLength: number
  readonly fault: Fault | null
  /** Bytes of the stored file behind a fault, where that is known. */
  readonly unreadableBytes: number
  /** Nothing behind the first frame says how to read what follows; the filter can be said of all. */
  readonly isPlain: boolean
  /** Lowest and highest time of the frames that count. */
  readonly firstNs: bigint | null
  readonly lastNs: bigint | null
  /** The most that a time was before another in front of it. */
  readonly backNs: bigint
  readonly lowestBucket: bigint | null
  /** Memory of the counts: rows, and how many buckets they are in. */
  readonly rows: number
  readonly buckets: number
  readonly flows: number
  /** Frames that could hold a name and blocks of names, and names that were in them; how many of them of no time, and of one address. */
  readonly marked: number
  readonly names: number
  readonly timelessNames: number
  readonly mostNamesOfOne: number
}

export interface CountedPart {
  readonly facts: PartFacts
  readonly counts: RangeCounts
}

const NO_BUDGET = Number.POSITIVE_INFINITY

/** `source` is read to the part's end and stays open. */
export async function countPart(
  module: WebAssembly.Module,
  setup: RangeSetup,
  source: Source,
  part: Part,
): Promise<CountedPart> {
  const parser = new Parser(module, setup.parser)
  const stream = parser.open(source)
  const counter = new FrameCounter({
    counter: parser.createCounter(),
    stepNs: setup.stepNs,
    originNs: setup.originNs,
    heldRowBudget: NO_BUDGET,
    isPart: true,
  })
  const scanner = setup.parser.names ? new NameScanner(parser, setup.parser.inner ?? false) : null
  const start = part.start === 0 ? 0 : await goTo(stream, parser, setup.headLength, part)
  const order = new TimeOrder()
  let marked = 0
  while (start !== -1) {
    const segmentEnd = Math.min(part.end, (Math.floor(stream.offset / stream.segmentBytes) + 1) * stream.segmentBytes)
    stream.pauseAt(segmentEnd)
    for (let batch = await nextOf(stream); batch !== null; batch = await nextOf(stream)) {
      const loading = scanner?.scan({ stream, start: 0, end: batch.count }) ?? null
      if (loading !== null) await loading
      const current = stream.batch
      order.note(current)
      counter.add(current, 0, current.count)
    }
    scanner?.readBlocks()
    marked += parser.nameFrames
    scanner?.clear()
    if (stream.offset < segmentEnd || segmentEnd >= part.end) break
  }
  const counts: RangeCounts = {
    ...counter.takeAll(),
    index: 0,
    start,
    end: stream.offset,
    frames: stream.frames,
    isPlain: stream.fault === null && stream.isDescribedAtStart && !stream.isRefused,
    names: scanner?.take() ?? [],
    flows: parser.exportFlows(0),
    flowsBeginAgain: true,
    interfaces: parser.takeInterfaceCounts(),
  }
  const flows = counts.flows.length / parser.rowLength
  return { facts: { ...factsOf(stream, counts, marked), flows, backNs: order.backNs }, counts }
}

/** Reads how to read, then goes to the part. Where its first record begins; -1: none was found. */
async function goTo(stream: CaptureStream, parser: Parser, headLength: number, part: Part): Promise<number> {
  stream.pauseAt(headLength)
  await stream.next()
  // They are of the part before.
  parser.takeNameBlocks()
  stream.seek(part.start)
  return part.isStartKnown || (await stream.findBoundary()) ? stream.offset : -1
}

/** Whoever merges reads such a file itself, and says what is wrong with the filter. */
async function nextOf(stream: CaptureStream): Promise<StreamBatch | null> {
  try {
    return await stream.next()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return null
  }
}

function factsOf(stream: CaptureStream, counts: RangeCounts, marked: number): Omit<PartFacts, 'flows' | 'backNs'> {
  const { fault, source } = stream
  const byAddress = new Map<string, number>()
  let mostNamesOfOne = 0
  let timelessNames = 0
  for (const { address, ns } of counts.names) {
    const names = (byAddress.get(address) ?? 0) + 1
    byAddress.set(address, names)
    mostNamesOfOne = Math.max(mostNamesOfOne, names)
    if (ns === ALWAYS) timelessNames++
  }
  let lowestBucket: bigint | null = null
  let rows = 0
  for (const bucket of counts.buckets) {
    if (lowestBucket === null || bucket.number < lowestBucket) lowestBucket = bucket.number
    rows += bucket.rows.length / NUMBERS_PER_ROW
  }
  const isKnown = fault !== null && fault.kind !== 'foreign' && source.size !== null && source.compression === null
  return {
    start: counts.start,
    end: counts.end,
    frames: counts.frames,
    format: stream.format,
    compression: source.compression,
    headLength: stream.firstFrameOffset || stream.offset,
    fault,
    unreadableBytes: isKnown ? Math.max(0, source.size - Number(fault.offset)) : 0,
    isPlain: (stream.isDescribedAtStart || counts.frames === 0) && !stream.isRefused,
    firstNs: counts.firstNs,
    lastNs: counts.lastNs,
    lowestBucket,
    rows,
    buckets: counts.buckets.length,
    marked: marked + counts.names.length,
    names: counts.names.length,
    timelessNames,
    mostNamesOfOne,
  }
}

/** How far times go back. Frames without a time are no part of it. */
class TimeOrder {
  #latestHigh = -0x8000_0000
  #latestLow = 0
  backNs = 0n

  note({ time, count }: StreamBatch): void {
    let high = this.#latestHigh
    let low = this.#latestLow
    for (let i = 0; i < count; i++) {
      const frameLow = time[2 * i]!
      const frameHigh = time[2 * i + 1]! | 0
      if (frameHigh > high || (frameHigh === high && frameLow >= low)) {
        high = frameHigh
        low = frameLow
      } else if (time[2 * i + 1]! !== NO_TIME_HIGH_WORD || frameLow !== 0) {
        const back = (BigInt(high - frameHigh) << 32n) + BigInt(low - frameLow)
        if (back > this.backNs) this.backNs = back
      }
    }
    this.#latestHigh = high
    this.#latestLow = low
  }
}
