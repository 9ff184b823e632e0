/**
 * Frames to packets and bytes per flow and bucket of time, in one pass, in memory bounded by a budget.
 *
 * At most two buckets are *open*: they have a tally of the module, so frames that jitter over a boundary cost nothing. When
 * the clock moves to a third, the one that is not current is *closed*: taken out and held. Held buckets are *released*,
 * earliest first, when they cost more than the budget, and at the end. A frame of a bucket that was released is late:
 * counted, but in no bucket.
 *
 * What is held is looked at in {@link FrameCounter.settle} only, never between two frames. So counts of pieces of a capture,
 * made elsewhere and merged here in their order, end in the same buckets, released at the same points, as if all frames had
 * come by here.
 */
import type { Counter, FlowCountRows, ProtocolCounts, Tally } from '../capture/counter.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { BucketClock } from './bucket-clock.ts'
import { chooseFlows, type Eviction } from './evict-flows.ts'
import { type Bucket, HeldBuckets } from './held-buckets.ts'
import { addUp } from './protocol-sums.ts'

export interface FrameCounterOptions {
  readonly counter: Counter
  /** Length of a bucket; null for one that holds everything. */
  readonly stepNs: bigint | null
  /** Where bucket 0 starts; null for the first frame's time. */
  readonly originNs: bigint | null
  /** Rows (a flow in a bucket) held before the earliest buckets are released: 24 bytes each. */
  readonly heldRowBudget: number
  /** For {@link FrameCounter.takeAll}. */
  readonly isPart?: boolean
  /** Other buckets than those of step and origin. */
  readonly clock?: BucketClock
}

/** What a counter has counted, to be added to another one over the same flow ids. */
export interface FrameCounts {
  /** Buckets, each once, in the order of their last frames. */
  readonly buckets: readonly Bucket[]
  readonly untimed: FlowCountRows
  readonly packets: number
  readonly bytes: number
  readonly capturedBytes: number
  /** Frames of which less was captured than there was. */
  readonly cut: number
  /** Frames by STOP_ reason. */
  readonly stops: readonly number[]
  readonly protocols: readonly ProtocolCounts[]
  readonly firstNs: bigint | null
  readonly lastNs: bigint | null
}

interface OpenBucket {
  /** Null while the tally is free. */
  number: bigint | null
  readonly tally: Tally
}

const NO_ROWS: FlowCountRows = new Float64Array(0)

export class FrameCounter {
  readonly clock: BucketClock
  readonly #counter: Counter
  readonly #budget: number
  readonly #held = new HeldBuckets()
  #current: OpenBucket
  #previous: OpenBucket
  /** What the frames of the clock's bucket are counted in. */
  #target: Tally
  readonly #late: Tally
  #lateRows: FlowCountRows[] = []
  #untimedRows: FlowCountRows[] = []
  #released: Bucket[] = []
  #releasedThrough: bigint | null = null
  /** Buckets that were opened since the last {@link takeAll}, in the order of their last frames. Empty unless asked for. */
  readonly #uses = new Set<bigint>()
  readonly #keepsUses: boolean
  #packets = 0
  /** What was merged. */
  #mergedBytes = 0
  #mergedCaptured = 0
  #mergedCut = 0
  readonly #mergedStops = [0, 0, 0, 0]
  readonly #mergedProtocols: ProtocolCounts[] = []
  #mergedFirstNs: bigint | null = null
  #mergedLastNs: bigint | null = null

  constructor({ counter, stepNs, originNs, heldRowBudget, isPart = false, clock }: FrameCounterOptions) {
    this.clock = clock ?? new BucketClock(stepNs, originNs)
    this.#counter = counter
    this.#budget = heldRowBudget
    this.#keepsUses = isPart
    this.#current = { number: null, tally: counter.createTally() }
    this.#previous = { number: null, tally: counter.createTally() }
    this.#late = counter.createTally()
    this.#target = this.#current.tally
  }

  /** Every frame that was added, whether it has a time or not. */
  get packets(): number {
    return this.#packets
  }

  get bytes(): number {
    return this.#counter.bytes + this.#mergedBytes
  }

  get capturedBytes(): number {
    return this.#counter.capturedBytes + this.#mergedCaptured
  }

  get cut(): number {
    return this.#counter.cut + this.#mergedCut
  }

  /** Lowest and highest time; null before the first frame that has one. */
  get firstNs(): bigint | null {
    const { firstNs } = this.#counter
    const other = this.#mergedFirstNs
    return firstNs === null || (other !== null && other < firstNs) ? other : firstNs
  }

  get lastNs(): bigint | null {
    const { lastNs } = this.#counter
    const other = this.#mergedLastNs
    return lastNs === null || (other !== null && other > lastNs) ? other : lastNs
  }

  /** Frames whose decoding stopped for this reason (STOP_ of the decoders). */
  stopped(reason: number): number {
    return this.#counter.stopped(reason) + (this.#mergedStops[reason] ?? 0)
  }

  /** What was added, by family and protocol number. */
  protocols(): ProtocolCounts[] {
    return [...this.#counter.protocols(), ...this.#mergedProtocols]
  }

  /** Adds the frames [start, end) of a batch. {@link settle} now and then keeps memory bounded. */
  add(batch: StreamBatch, start: number, end: number): void {
    if (start >= end) return
    this.#counter.note(batch, start, end)
    for (let at = start; at < end; ) {
      at = this.#counter.count(batch, at, end, this.#target, this.clock)
      if (at < end) this.#moveTo(this.#counter.timeAt(batch, at))
    }
    this.#packets += end - start
  }

  /** Adds what another counter has counted since it was last taken from. Its buckets have our step and origin. */
  merge(counts: FrameCounts): void {
    for (const { number, rows } of counts.buckets) {
      if (this.#open(number)) this.#current.tally.add(rows)
      else this.#lateRows.push(rows)
    }
    // What is open now is not what the clock stands in.
    this.clock.forgetBucket()
    if (counts.untimed.length > 0) this.#untimedRows.push(counts.untimed)
    this.#packets += counts.packets
    this.#mergedBytes += counts.bytes
    this.#mergedCaptured += counts.capturedBytes
    this.#mergedCut += counts.cut
    this.#mergeProtocols(counts.protocols)
    for (const [reason, frames] of counts.stops.entries()) this.#mergedStops[reason]! += frames
    const { firstNs, lastNs } = counts
    if (firstNs !== null && !(this.#mergedFirstNs !== null && this.#mergedFirstNs <= firstNs)) {
      this.#mergedFirstNs = firstNs
    }
    if (lastNs !== null && !(this.#mergedLastNs !== null && this.#mergedLastNs >= lastNs)) this.#mergedLastNs = lastNs
  }

  /**
   * Releases the earliest buckets when those held cost more than the budget, down to half of it, so that the sorting is
   * paid for by the many rows that go. The two that frames came to last are not counted, however large.
   */
  settle(): void {
    if (this.#cost() <= this.#budget) return
    this.#held.compact()
    if (this.#cost() <= this.#budget) return
    this.clock.forgetBucket()
    for (const number of this.#held.numbers()) {
      if (this.#cost() <= this.#budget / 2) return
      if (number !== this.#current.number && number !== this.#previous.number) this.#releaseThrough(number)
    }
  }

  /** Buckets that were released since the last call, earliest first. Until it is called they stay in memory. */
  takeReleased(): Bucket[] {
    const released = this.#released
    this.#released = []
    return released
  }

  /** Closes and releases every bucket before `bucket`: their time is over. Later frames of them are late. */
  releaseBefore(bucket: bigint): void {
    this.clock.forgetBucket()
    for (const open of [this.#previous, this.#current]) {
      if (open.number !== null && open.number < bucket) this.#close(open)
    }
    for (const number of this.#held.numbers()) {
      if (number >= bucket) break
      this.#releaseOne(number)
    }
    if (!this.#isReleased(bucket - 1n)) this.#releasedThrough = bucket - 1n
    this.settle()
  }

  /** Closes and releases everything. Later frames of these buckets are late. */
  releaseAll(): void {
    this.#closeBoth()
    for (const number of this.#held.numbers()) this.#releaseOne(number)
  }

  /** Takes out everything that was counted since the last call, to be merged elsewhere. Nothing may have been released. */
  takeAll(): FrameCounts {
    this.#closeBoth()
    const buckets = Array.from(this.#uses, (number) => ({ number, rows: this.#held.take(number) }))
    this.#uses.clear()
    const { packets, bytes, capturedBytes, cut, firstNs, lastNs } = this
    const stops = this.#mergedStops.map((_, reason) => this.stopped(reason))
    const protocols = this.protocols()
    const counts = {
      buckets,
      untimed: this.takeUntimed(),
      packets,
      bytes,
      capturedBytes,
      cut,
      stops,
      protocols,
      firstNs,
      lastNs,
    }
    this.#packets = 0
    this.#counter.reset()
    return counts
  }

  /**
   * Lets go of flows so that at most `most` of the table's `flows` stay: see evict-flows.ts. Late counts must have been
   * taken; `elsewhere` are rows that are written, but still needed. The ids change at once: the caller makes a table in which they are right.
   */
  evictFlows(flows: number, most: number, isEvicted: boolean, elsewhere: Iterable<FlowCountRows>): Eviction {
    this.#closeBoth()
    const untimed = this.takeUntimed()
    // Buckets that are released and not yet taken have the old ids as well.
    const released = this.#released.map(({ rows }) => rows)
    const eviction = chooseFlows([...this.#held.rows(), ...released, untimed, ...elsewhere], flows, most, isEvicted)
    this.#held.replaceRows(eviction.rename)
    this.#released = this.#released.map(({ number, rows }) => ({ number, rows: eviction.rename(rows) }))
    if (untimed.length > 0) this.#untimedRows.push(eviction.rename(untimed))
    return eviction
  }

  /** Counts of the frames whose bucket was already released, since the last call. A flow may be there several times. */
  takeLate(): FlowCountRows {
    const rows = joinRows([...this.#lateRows, this.#late.take()])
    this.#lateRows = []
    return rows
  }

  /** Counts of the frames without a time, since the last call. A flow may be there several times. */
  takeUntimed(): FlowCountRows {
    const rows = joinRows([...this.#untimedRows, this.#counter.untimed.take()])
    this.#untimedRows = []
    return rows
  }

  #mergeProtocols(protocols: readonly ProtocolCounts[]): void {
    for (const counts of protocols) {
      const { family, protocol } = counts
      const at = this.#mergedProtocols.findIndex((known) => known.family === family && known.protocol === protocol)
      if (at === -1) this.#mergedProtocols.push(counts)
      else this.#mergedProtocols[at] = { ...counts, ...addUp([counts, this.#mergedProtocols[at]!]) }
    }
  }

  #cost(): number {
    const { number: current } = this.#current
    const { number: previous } = this.#previous
    const open =
      (current === null ? 0 : this.#held.costOf(current)) + (previous === null ? 0 : this.#held.costOf(previous))
    return this.#held.cost - open
  }

  /** Slow path: moves the clock, and opens the bucket that it comes to unless that is already released. */
  #moveTo(time: bigint): void {
    this.clock.moveTo(time)
    this.#target = this.#open(this.clock.bucket) ? this.#current.tally : this.#late
  }

  /** Makes a bucket the current one; false when it is released. */
  #open(bucket: bigint): boolean {
    if (this.#isReleased(bucket)) return false
    if (this.#keepsUses) {
      this.#uses.delete(bucket)
      this.#uses.add(bucket)
    }
    if (this.#current.number === bucket) return true
    if (this.#current.number !== null || this.#previous.number === bucket) {
      const leastRecent = this.#previous
      this.#previous = this.#current
      this.#current = leastRecent
    }
    if (this.#current.number === bucket) return true
    this.#close(this.#current)
    this.#current.number = bucket
    return true
  }

  #isReleased(bucket: bigint): boolean {
    return this.#releasedThrough !== null && bucket <= this.#releasedThrough
  }

  #closeBoth(): void {
    this.#close(this.#previous)
    this.#close(this.#current)
    this.clock.forgetBucket()
  }

  #close(open: OpenBucket): void {
    if (open.number === null) return
    this.#hold(open.number, open.tally.take())
    open.number = null
  }

  #hold(bucket: bigint, rows: FlowCountRows): void {
    if (rows.length === 0) return
    if (this.#isReleased(bucket)) this.#lateRows.push(rows)
    else this.#held.add(bucket, rows)
  }

  /** Releases a held bucket, and before it those that are earlier and still open: order goes before openness. */
  #releaseThrough(number: bigint): void {
    const earlier = [this.#current, this.#previous].filter((open) => open.number !== null && open.number < number)
    const numbers = earlier.map((open) => open.number!)
    for (const open of earlier) this.#close(open)
    for (const open of numbers.sort((a, b) => (a < b ? -1 : 1))) this.#releaseOne(open)
    this.#releaseOne(number)
  }

  #releaseOne(number: bigint): void {
    this.#releasedThrough = number
    const rows = this.#held.take(number)
    if (rows.length > 0) this.#released.push({ number, rows })
  }
}

/** Pieces as one: a flow may then be there several times. */
export function joinRows(parts: readonly FlowCountRows[]): FlowCountRows {
  if (parts.length <= 1) return parts[0] ?? NO_ROWS
  const rows = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    rows.set(part, at)
    at += part.length
  }
  return rows
}
