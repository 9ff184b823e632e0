/**
 * Frames of one reading → packets and bytes by flow and bucket of time, kept: what groupings and windows are answered from, without the
 * file. Buckets are as short as memory allows: they begin at a microsecond, and whenever there is too much, they are put together to
 * the next longer ones (see {@link STEPS}), which whole windows still consist of.
 *
 * Memory: {@link TimelineOptions.mostCost} rows of 24 bytes at most, and those of a quarter of a million frames on their way.
 */
import type { Counter, FlowCountRows, ProtocolCounts } from '../capture/counter.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { floorDivide } from './bucket-clock.ts'
import type { EngineAccounting } from './engine.ts'
import { FlowCounts } from './flow-counts.ts'
import { FrameCounter, type FrameCounts, joinRows } from './frame-counter.ts'
import { type Bucket, HeldBuckets } from './held-buckets.ts'
import { addUp, type NamedCounts, subtract, sumByName, sumUndecoded, sumUndecodedFlows } from './protocol-sums.ts'
import { sumRows } from './ranking.ts'
import { SplitClock } from './split-clock.ts'

const MICROSECOND = 1_000n
const SECOND = 1_000_000_000n
const HOUR = 3600n * SECOND

/** Each is a multiple of the one before, and the lengths that people count in (time-grid.ts) are multiples of the next shorter one. */
export const STEPS: readonly bigint[] = [
  ...[1n, 10n, 100n, 1_000n, 10_000n, 100_000n].map((times) => times * MICROSECOND),
  ...[1n, 10n, 60n, 600n].map((seconds) => seconds * SECOND),
  ...[1n, 4n, 12n, 24n, 240n, 2400n].map((hours) => hours * HOUR),
]

/** More would take longer to make and to go through than they are worth (twice the time of reading with 100,000): a curve has 800 points. */
const MOST_BUCKETS = 20_000
const MOST_COST = 6_000_000
/** Frames that are counted before what they came to is looked at: few at first, when nobody knows how long it all is. */
const FIRST_FRAMES = 1 << 13
const MOST_FRAMES = 1 << 18

export interface TimelineOptions {
  readonly table: FlowTable
  readonly counter: Counter
  /** How much of the inputs is read, from 0 to 1. */
  readonly readPart: () => number
  /** More flows are a {@link TooManyFlows}. */
  readonly maxFlows: number
  /** Rows of 24 bytes (a flow in a bucket; a bucket is 20 of them) that are kept. */
  readonly mostCost?: number
  readonly mostBuckets?: number
}

export class TooManyFlows extends Error {
  override readonly name = 'TooManyFlows'
}

const NONE = { packets: 0, bytes: 0 }

export class FlowTimeline {
  /** No ranges are counted elsewhere. */
  readonly buckets = { stepNs: null, originNs: null }
  readonly flowGeneration = 0
  readonly #options: TimelineOptions
  readonly #clock = new SplitClock(STEPS[0]!)
  readonly #frames: FrameCounter
  #held = new HeldBuckets()
  #bucketCount = 0
  #untimed: FlowCountRows = new Float64Array(0)
  #takeAt = FIRST_FRAMES
  #step = 0
  // Of all frames.
  #packets = 0
  #bytes = 0
  #capturedBytes = 0
  #cut = 0
  readonly #stops: number[] = []
  #protocols: ProtocolCounts[] = []
  #firstNs: bigint | null = null
  #lastNs: bigint | null = null

  constructor(options: TimelineOptions) {
    this.#options = options
    this.#frames = new FrameCounter({
      counter: options.counter,
      stepNs: null,
      originNs: null,
      heldRowBudget: Number.POSITIVE_INFINITY,
      isPart: true,
      clock: this.#clock,
    })
  }

  add(batch: StreamBatch, start = 0, end: number = batch.count): void {
    this.#frames.add(batch, start, end)
    if (this.#frames.packets < this.#takeAt) return
    this.finish()
    this.#takeAt = Math.min(MOST_FRAMES, 2 * this.#takeAt)
  }

  /** Adds what was counted with the clock as it is. */
  merge(counts: FrameCounts): void {
    for (const bucket of counts.buckets) this.#hold(bucket)
    if (counts.untimed.length > 0) this.#untimed = sumByFlow([this.#untimed, counts.untimed])
    this.#packets += counts.packets
    this.#bytes += counts.bytes
    this.#capturedBytes += counts.capturedBytes
    this.#cut += counts.cut
    for (const [reason, frames] of counts.stops.entries()) this.#stops[reason] = (this.#stops[reason] ?? 0) + frames
    this.#protocols = sumProtocols([...this.#protocols, ...counts.protocols])
    const { firstNs, lastNs } = counts
    if (firstNs !== null && (this.#firstNs === null || firstNs < this.#firstNs)) this.#firstNs = firstNs
    if (lastNs !== null && (this.#lastNs === null || lastNs > this.#lastNs)) this.#lastNs = lastNs
    this.#makeRoom()
  }

  settle(): void {
    const { table, maxFlows } = this.#options
    if (table.size > maxFlows) throw new TooManyFlows(`more than ${maxFlows} flows`)
  }

  /** Nothing is handed out while frames come. */
  *drain(): Generator<never> {}

  /** All frames so far are kept. */
  finish(): void {
    if (this.#frames.packets > 0) this.merge(this.#frames.takeAll())
  }

  get firstNs(): bigint | null {
    return this.#firstNs
  }

  get lastNs(): bigint | null {
    return this.#lastNs
  }

  get total() {
    return { packets: this.#packets, bytes: this.#bytes, capturedBytes: this.#capturedBytes }
  }

  get cut(): number {
    return this.#cut
  }

  stopped(reason: number): number {
    return this.#stops[reason] ?? 0
  }

  protocols(): NamedCounts[] {
    return sumByName(this.#protocols)
  }

  /** Windows of other lengths than multiples of it are not known. */
  get stepNs(): bigint {
    return this.#clock.splitNs
  }

  /** Where windows begin that begin with the first frame; null when no frame has a time. */
  get originNs(): bigint | null {
    return this.#clock.originNs
  }

  /**
   * Reading again would give windows the very same frames: these are so much in order, or so few, that none would be late there.
   * `heldRowBudget` as the engine has it.
   */
  hasNoneLate(heldRowBudget = 1_000_000): boolean {
    return this.#clock.isInOrder || this.#held.cost <= heldRowBudget
  }

  /** With windows frames without a time are in no row. */
  accounting(hasWindows: boolean): EngineAccounting {
    const untimed = hasWindows ? sumRows(this.#untimed) : NONE
    const untimedUndecoded = hasWindows ? sumUndecodedFlows(this.#untimed, this.#options.table) : NONE
    const undecoded = subtract(sumUndecoded(this.#protocols), untimedUndecoded)
    return {
      shown: subtract(this.total, addUp([undecoded, untimed])),
      undecoded,
      evicted: NONE,
      late: NONE,
      untimed,
    }
  }

  /** Counts of all frames; each flow once. */
  sums(): FlowCountRows {
    const counts = new FlowCounts()
    for (const rows of this.#held.rows()) counts.countRows(rows)
    counts.countRows(this.#untimed)
    return counts.take()
  }

  /** Buckets of a length that is a multiple of the step, counted from `originNs`, in the order of time; each flow once in each. */
  *windows(lengthNs: bigint, originNs: bigint): Generator<Bucket> {
    const counts = new FlowCounts()
    let number: bigint | null = null
    for (const bucket of this.#held.numbers()) {
      const window = floorDivide(this.#clock.startOf(bucket) - originNs, lengthNs)
      if (number !== null && window !== number) yield { number, rows: counts.take() }
      number = window
      counts.countRows(this.#held.peek(bucket))
    }
    if (number !== null) yield { number, rows: counts.take() }
  }

  #hold({ number, rows }: Bucket): void {
    if (this.#held.costOf(number) === 0) this.#bucketCount++
    this.#held.add(number, rows)
  }

  #makeRoom(): void {
    const { mostCost = MOST_COST, mostBuckets = MOST_BUCKETS, readPart } = this.#options
    // The whole of it, if it goes on like this.
    const share = () => this.#bucketCount / Math.min(1, Math.max(readPart(), 1e-6))
    const isTooMuch = () => this.#held.cost > mostCost || this.#bucketCount > mostBuckets || share() > mostBuckets
    if (this.#held.cost > mostCost) this.#held.compact()
    while (isTooMuch() && this.#step + 1 < STEPS.length) this.#coarsen(STEPS[++this.#step]!)
  }

  #coarsen(stepNs: bigint): void {
    const before = this.#held
    const numbers = before.numbers()
    const starts = numbers.map((number) => this.#clock.startOf(number))
    this.#clock.coarsen(stepNs)
    this.#held = new HeldBuckets()
    this.#bucketCount = 0
    const counts = new FlowCounts()
    let current: bigint | null = null
    for (const [i, number] of numbers.entries()) {
      this.#clock.locate(starts[i]!)
      if (current !== null && this.#clock.bucket !== current) this.#hold({ number: current, rows: counts.take() })
      current = this.#clock.bucket
      counts.countRows(before.take(number))
    }
    if (current !== null) this.#hold({ number: current, rows: counts.take() })
    this.#clock.forgetBucket()
  }
}

function sumByFlow(parts: readonly FlowCountRows[]): FlowCountRows {
  const counts = new FlowCounts()
  counts.countRows(joinRows(parts))
  return counts.take()
}

function sumProtocols(protocols: readonly ProtocolCounts[]): ProtocolCounts[] {
  const sums: ProtocolCounts[] = []
  for (const counts of protocols) {
    const at = sums.findIndex(({ family, protocol }) => family === counts.family && protocol === counts.protocol)
    if (at === -1) sums.push(counts)
    else sums[at] = { ...counts, ...addUp([sums[at]!, counts]) }
  }
  return sums
}
