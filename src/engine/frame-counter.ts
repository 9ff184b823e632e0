/**
 * Frames to packets and bytes per flow and bucket of time, in one pass, in memory bounded by a budget.
 *
 * At most two buckets are *open*: they own dense counters, so frames that jitter over a boundary cost nothing. When the
 * clock moves to a third, the one that is not current is *closed*: compacted and held. Held buckets are *released*, earliest
 * first, when they hold more rows than the budget, and at the end. A frame of a bucket that was released is late: counted,
 * but in no bucket.
 */
import { type FrameBatch, NO_TIME_HIGH_WORD } from '../capture/frame-batch.ts'
import { BucketClock, TWO_TO_32 } from './bucket-clock.ts'
import { type FlowCountRows, FlowCounts } from './flow-counts.ts'
import { type Bucket, HeldBuckets } from './held-buckets.ts'

export interface FrameCounterOptions {
  /** Length of a bucket; null for one that holds everything. */
  readonly stepNs: bigint | null
  /** Where bucket 0 starts; null for the first frame's time. */
  readonly originNs: bigint | null
  /** Rows (a flow in a bucket) held before the earliest buckets are released: 24 bytes each. */
  readonly heldRowBudget: number
}

interface OpenBucket {
  /** Null while the counters are free. */
  number: bigint | null
  readonly counts: FlowCounts
}

export class FrameCounter {
  readonly clock: BucketClock
  /** Every frame that was added, whether it has a time or not. */
  packets = 0
  bytes = 0
  capturedBytes = 0
  /** Lowest and highest time; null before the first frame that has one. */
  firstNs: bigint | null = null
  lastNs: bigint | null = null
  /** Frames whose bucket was already released. */
  readonly late = new FlowCounts()
  /** Frames without a time. */
  readonly untimed = new FlowCounts()

  readonly #budget: number
  readonly #held = new HeldBuckets()
  /** Sum of every bucket that was closed. */
  readonly #closed = new FlowCounts()
  #current: OpenBucket = { number: null, counts: new FlowCounts() }
  #previous: OpenBucket = { number: null, counts: new FlowCounts() }
  /** What the frames of the clock's cell are counted in. */
  #target = this.#current.counts
  #released: Bucket[] = []
  #releasedThrough: bigint | null = null

  constructor(options: FrameCounterOptions) {
    this.clock = new BucketClock(options.stepNs, options.originNs)
    this.#budget = options.heldRowBudget
  }

  /**
   * Adds the frames [start, end) of a batch whose flow ids are below `flows`. Whoever calls takes what was released with
   * {@link takeReleased} from time to time; until then it stays in memory.
   */
  add(batch: FrameBatch, flows: number, start: number, end: number): void {
    const { flow, length, caplen, time } = batch
    const { clock } = this
    let { startHigh, startLow, widthNs } = clock
    let counts = this.#target
    counts.reserve(flows)
    let { packets, bytes, touched, touchedCount } = counts
    let nearest = Number.POSITIVE_INFINITY
    let farthest = -1
    let allBytes = 0
    let captured = 0
    for (let i = start; i < end; i++) {
      const low = time[2 * i]!
      const high = time[2 * i + 1]!
      const id = flow[i]!
      const size = length[i]!
      allBytes += size
      captured += caplen[i]!
      let distance = ((high | 0) - startHigh) * TWO_TO_32 + (low - startLow)
      if (!(distance >= 0 && distance < widthNs)) {
        if (low === 0 && high === NO_TIME_HIGH_WORD) {
          this.untimed.count(id, 1, size)
          continue
        }
        counts.touchedCount = touchedCount
        this.#sawCell(nearest, farthest)
        this.#moveTo(low, high)
        counts = this.#target
        counts.reserve(flows)
        ;({ packets, bytes, touched, touchedCount } = counts)
        ;({ startHigh, startLow, widthNs } = clock)
        distance = ((high | 0) - startHigh) * TWO_TO_32 + (low - startLow)
        nearest = distance
        farthest = distance
      }
      if (distance < nearest) nearest = distance
      if (distance > farthest) farthest = distance
      if (packets[id] === 0) touched[touchedCount++] = id
      packets[id]!++
      bytes[id]! += size
    }
    counts.touchedCount = touchedCount
    this.#sawCell(nearest, farthest)
    this.packets += Math.max(0, end - start)
    this.bytes += allBytes
    this.capturedBytes += captured
  }

  /** Buckets that were released since the last call, earliest first. */
  takeReleased(): Bucket[] {
    const released = this.#released
    this.#released = []
    return released
  }

  /** Closes and releases every bucket before `bucket`: their time is over. Later frames of them are late. */
  releaseBefore(bucket: bigint): void {
    for (const open of [this.#previous, this.#current]) {
      if (open.number === null || open.number >= bucket) continue
      this.#close(open)
      this.clock.forgetCell()
    }
    this.#held.compact()
    for (const number of this.#held.numbers()) {
      if (number >= bucket) break
      this.#releaseOne(number)
    }
    if (!this.#isReleased(bucket - 1n)) this.#releasedThrough = bucket - 1n
  }

  /** Closes and releases everything. Later frames of these buckets are late. */
  releaseAll(): void {
    this.#closeAll()
    this.#release(0)
  }

  /** Counters whose sum is every frame that was added, once. */
  everything(): FlowCounts[] {
    return [this.#closed, this.#current.counts, this.#previous.counts, this.late, this.untimed]
  }

  /**
   * Adds what another counter of the same flow table, step and origin has counted, as if its frames had been added here.
   * The other one is spent afterwards. It must not have released anything: its lateness would not be ours.
   */
  merge(other: FrameCounter): void {
    const { clock } = this
    if (clock.stepNs !== other.clock.stepNs) throw new Error('Counts of different window lengths cannot be added')
    if (other.#releasedThrough !== null) throw new Error('Counts cannot be added once windows of them were written')
    clock.originNs ??= other.clock.originNs
    const sameOrigin = other.clock.originNs === null || other.clock.originNs === clock.originNs
    if (clock.stepNs !== null && !sameOrigin) {
      throw new Error('Counts of windows that start at different times cannot be added: align both to the clock')
    }
    this.#closeAll()
    other.#closeAll()
    for (const number of other.#held.numbers()) this.#hold(number, other.#held.take(number))
    if (this.#held.rowCount > this.#budget) this.#release(this.#budget / 2)
    this.untimed.countAll(other.untimed)
    this.packets += other.packets
    this.bytes += other.bytes
    this.capturedBytes += other.capturedBytes
    if (other.firstNs !== null) this.#sawTime(other.firstNs)
    if (other.lastNs !== null) this.#sawTime(other.lastNs)
  }

  #sawCell(nearest: number, farthest: number): void {
    if (farthest < 0) return
    this.#sawTime(this.clock.cellNs + BigInt(nearest))
    this.#sawTime(this.clock.cellNs + BigInt(farthest))
  }

  #sawTime(time: bigint): void {
    if (this.firstNs === null || time < this.firstNs) this.firstNs = time
    if (this.lastNs === null || time > this.lastNs) this.lastNs = time
  }

  /** Slow path: moves the clock, and opens the bucket that it comes to unless that is already released. */
  #moveTo(low: number, high: number): void {
    this.clock.moveTo(low, high)
    this.#target = this.#open(this.clock.bucket) ? this.#current.counts : this.late
  }

  /** Makes a bucket the current one; false when it is released. */
  #open(bucket: bigint): boolean {
    if (this.#isReleased(bucket)) return false
    if (this.#current.number === bucket) return true
    if (this.#current.number !== null || this.#previous.number === bucket) {
      const leastRecent = this.#previous
      this.#previous = this.#current
      this.#current = leastRecent
    }
    if (this.#current.number === bucket) return true
    this.#close(this.#current)
    if (this.#held.rowCount > this.#budget) this.#release(this.#budget / 2)
    if (this.#isReleased(bucket)) return false
    this.#current.number = bucket
    return true
  }

  #isReleased(bucket: bigint): boolean {
    return this.#releasedThrough !== null && bucket <= this.#releasedThrough
  }

  #close(open: OpenBucket): void {
    if (open.number === null) return
    this.#hold(open.number, open.counts.take())
    open.number = null
  }

  #closeAll(): void {
    this.#close(this.#current)
    this.#close(this.#previous)
    this.clock.forgetCell()
  }

  #hold(bucket: bigint, rows: FlowCountRows): void {
    if (this.#isReleased(bucket)) {
      this.late.countRows(rows)
      return
    }
    this.#closed.countRows(rows)
    this.#held.add(bucket, rows)
  }

  /**
   * Releases held buckets, earliest first, until at most `rows` rows are left; the current bucket is closed. Callers leave
   * half of the budget, not all of it, so that the sorting is paid for by the many rows that go.
   */
  #release(rows: number): void {
    this.#held.compact()
    for (const number of this.#held.numbers()) {
      if (this.#held.rowCount <= rows) return
      // Order goes before openness: a bucket that is still open gives up its turn to none.
      const open = this.#previous.number
      if (open !== null && open <= number) {
        this.#close(this.#previous)
        if (open < number) this.#releaseOne(open)
      }
      this.#releaseOne(number)
    }
  }

  #releaseOne(number: bigint): void {
    this.#releasedThrough = number
    this.#released.push({ number, rows: this.#held.take(number) })
  }
}
