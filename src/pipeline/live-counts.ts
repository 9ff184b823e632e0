/**
 * Frames → seconds of flow counts: the last minute second by second, and everything since the start as sums.
 *
 * Nothing here knows how rows are grouped. A view (live-view.ts) sums these numbers up for one grouping, so that another
 * grouping, window or order can be asked for at any time and shows the past minute at once.
 */
import { type Counter, type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { floorDivide } from '../engine/bucket-clock.ts'
import { FlowCounts } from '../engine/flow-counts.ts'
import { FrameCounter, joinRows } from '../engine/frame-counter.ts'
import type { Bucket } from '../engine/held-buckets.ts'
import type { Counts } from '../engine/records.ts'

export const SECOND_NS = 1_000_000_000n

/** How far back single seconds are kept. */
export const KEPT_SECONDS = 60

/** One second, over. `number` counts seconds from the origin of the counts. Seconds without a frame do not exist. */
export interface Second extends Counts {
  readonly number: number
  /** By flow. Empty when it was long ago and memory is short: the sums beside it stay. */
  readonly rows: FlowCountRows
  /** What this machine received and sent; a frame between two of its own addresses is in both. */
  readonly bytesIn: number
  readonly bytesOut: number
}

/** What one call of {@link LiveCounts.closeBefore} brought. */
export interface Closed {
  readonly seconds: readonly Second[]
  /** Frames that are in the sums only: later than their second was kept open, or without any time. */
  readonly stragglers: FlowCountRows
}

/** What a view reads. */
export interface CountsSoFar {
  readonly table: FlowTable
  /** The last minute, earliest first. */
  readonly seconds: readonly Second[]
  /** Number of the first second that is not over; null before any frame. */
  readonly end: number | null
  /** By flow, since the start: all seconds that are over, and the stragglers. */
  readonly totals: FlowCounts
  /** By flow: the number of the first and of the last second with a frame of it. */
  readonly firstSecond: Float64Array
  readonly lastSecond: Float64Array
  /** Bytes of the busiest second. */
  readonly peakBytes: number
}

/** Which way a flow goes as this machine sees it: {@link INWARD}, {@link OUTWARD}, both added, or 0. */
export type DirectionOf = (flow: number) => number
export const INWARD = 1
export const OUTWARD = 2

/** Rows by flow that the kept seconds may hold together: 24 MB. Beyond it the earliest seconds keep their sums only. */
const ROW_BUDGET = 1_000_000

const NO_ROWS: FlowCountRows = new Float64Array(0)
const NOTHING: Closed = { seconds: [], stragglers: NO_ROWS }

export class LiveCounts implements CountsSoFar {
  readonly table: FlowTable
  readonly totals: FlowCounts = new FlowCounts()
  seconds: Second[] = []
  end: number | null = null
  firstSecond: Float64Array = new Float64Array(0)
  lastSecond: Float64Array = new Float64Array(0)
  peakBytes = 0

  readonly #counter: FrameCounter
  readonly #directionOf: DirectionOf | null
  #keptRows = 0

  /** `originNs`: where second 0 starts; null for the time of the first frame. */
  constructor(table: FlowTable, counter: Counter, originNs: bigint | null, directionOf: DirectionOf | null) {
    this.table = table
    this.#directionOf = directionOf
    this.#counter = new FrameCounter({ counter, stepNs: SECOND_NS, originNs, heldRowBudget: ROW_BUDGET })
  }

  /** Adds frames [start, end) of a batch. */
  add(batch: StreamBatch, start: number, end: number): void {
    this.#counter.add(batch, start, end)
  }

  /** Every frame that was added, whether its second is over or not. */
  get added(): Counts {
    const { packets, bytes } = this.#counter
    return { packets, bytes }
  }

  /** Lowest and highest time that was added. */
  get firstNs(): bigint | null {
    return this.#counter.firstNs
  }

  get lastNs(): bigint | null {
    return this.#counter.lastNs
  }

  /** Start of a second. */
  startOf(second: number): bigint {
    return this.#counter.clock.startOf(BigInt(second))
  }

  /** The time before `ns` is over. */
  closeBefore(ns: bigint): Closed {
    const { originNs } = this.#counter.clock
    if (originNs === null || this.firstNs === null) return NOTHING
    const end = floorDivide(ns - originNs, SECOND_NS)
    if (this.end === null || Number(end) > this.end) this.#counter.releaseBefore(end)
    return this.#take(Number(end))
  }

  /** All that was added is over. */
  closeAll(): Closed {
    this.#counter.releaseAll()
    // Frames without any time are something to show, too.
    return this.#take(this.end ?? (this.added.packets > 0 ? 0 : Number.NEGATIVE_INFINITY))
  }

  /** The same numbers for as long as somebody looks at them, while counting goes on. */
  freeze(): CountsSoFar & { startOf(second: number): bigint } {
    const totals = new FlowCounts()
    totals.countAll(this.totals)
    return {
      table: this.table,
      seconds: [...this.seconds],
      end: this.end,
      totals,
      firstSecond: this.firstSecond.slice(),
      lastSecond: this.lastSecond.slice(),
      peakBytes: this.peakBytes,
      startOf: (second) => this.startOf(second),
    }
  }

  #take(end: number): Closed {
    const released = this.#counter.takeReleased()
    const last = released.at(-1)
    const next = Math.max(end, this.end ?? end, last === undefined ? end : Number(last.number) + 1)
    if (Number.isFinite(next)) this.end = next
    const seconds = released.map((bucket) => this.#close(bucket))
    this.#forget()
    return { seconds, stragglers: this.#takeStragglers() }
  }

  #close({ number: bucket, rows }: Bucket): Second {
    const number = Number(bucket)
    this.#reserve()
    let packets = 0
    let bytes = 0
    let bytesIn = 0
    let bytesOut = 0
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      const flow = rows[i]!
      packets += rows[i + 1]!
      bytes += rows[i + 2]!
      if (!(this.firstSecond[flow]! <= number)) this.firstSecond[flow] = number
      if (!(this.lastSecond[flow]! >= number)) this.lastSecond[flow] = number
      if (this.#directionOf === null) continue
      const direction = this.#directionOf(flow)
      if ((direction & INWARD) !== 0) bytesIn += rows[i + 2]!
      if ((direction & OUTWARD) !== 0) bytesOut += rows[i + 2]!
    }
    this.totals.countRows(rows)
    this.peakBytes = Math.max(this.peakBytes, bytes)
    const second = { number, rows, packets, bytes, bytesIn, bytesOut }
    this.seconds.push(second)
    this.#keptRows += rows.length / NUMBERS_PER_ROW
    return second
  }

  #forget(): void {
    const { seconds } = this
    const first = (this.end ?? 0) - KEPT_SECONDS
    const kept = seconds.findIndex(({ number }) => number >= first)
    for (const { rows } of seconds.splice(0, kept === -1 ? seconds.length : kept)) {
      this.#keptRows -= rows.length / NUMBERS_PER_ROW
    }
    for (let i = 0; this.#keptRows > ROW_BUDGET && i < seconds.length - 1; i++) {
      const second = seconds[i]!
      this.#keptRows -= second.rows.length / NUMBERS_PER_ROW
      seconds[i] = { ...second, rows: NO_ROWS }
    }
  }

  #takeStragglers(): FlowCountRows {
    const stragglers = joinRows([this.#counter.takeLate(), this.#counter.takeUntimed()])
    if (stragglers.length === 0) return stragglers
    this.#reserve()
    this.totals.countRows(stragglers)
    return stragglers
  }

  #reserve(): void {
    const { length } = this.firstSecond
    if (this.table.size <= length) return
    const capacity = Math.max(1024, this.table.size, length * 2)
    const grown = (old: Float64Array) => {
      const next = new Float64Array(capacity).fill(Number.NaN)
      next.set(old)
      return next
    }
    this.firstSecond = grown(this.firstSecond)
    this.lastSecond = grown(this.lastSecond)
  }
}
