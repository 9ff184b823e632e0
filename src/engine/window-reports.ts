/**
 * Buckets, in the order of time, to one record a window: the sum of `bucketsPerWindow` neighbours, reported as rows.
 *
 * One bucket a window is tumbling windows; more is sliding ones. Window `i` starts with bucket `i`. The first window starts
 * with the first bucket that has a frame, the last one with the last; between them a run of windows without any frame is
 * one record, whatever its length.
 *
 * A live view has other ends: the first window ends with the first bucket, the last one with the last, and idle windows are
 * reported one by one as they pass.
 */

import type { FlowCountRows } from '../capture/counter.ts'
import { FlowSums } from './flow-sums.ts'
import { GroupSums } from './group-sums.ts'
import type { Groups } from './groups.ts'
import type { Bucket } from './held-buckets.ts'
import { createSpan, type LazySpan } from './ranked-span.ts'
import { type Ranking, rankRows } from './ranking.ts'
import type { IdleRecord, SpanRecord } from './records.ts'

export interface WindowReportOptions {
  readonly bucketsPerWindow: bigint
  /** True: an empty record for each idle window, made one at a time. */
  readonly idle: boolean
  readonly ranking: Ranking
  readonly live: boolean
  /** Called before a window is made, with its end. */
  readonly beforeSpan?: ((endNs: bigint | null) => void) | undefined
  /** Start of a bucket. */
  readonly startOf: (bucket: bigint) => bigint
}

/** In the place of a bucket that no window needs any more. */
const GONE: Bucket = { number: 0n, rows: new Float64Array(0) }

/** Windows that a live view spells out when they pass at once. More pass when the machine slept or its clock was set. */
const MOST_IDLE_AT_ONCE = 60n

export class WindowReports {
  readonly #options: WindowReportOptions
  #groups: Groups
  /** Of the window at hand; null where a window is one bucket and its flows are the groups: then there is nothing to add up. */
  #sums: GroupSums | null
  /** Buckets in `#sums`, earliest first, from `#first` on. */
  readonly #buckets: Bucket[] = []
  #first = 0
  /** The window to report next; null before the first bucket. */
  #next: bigint | null = null
  #last = 0n

  constructor(groups: Groups, options: WindowReportOptions) {
    this.#options = options
    this.#groups = groups
    this.#sums = this.#createSums()
  }

  /** Flows have other ids now, and so other groups: those of windows that still go on are renamed. */
  changeFlows(groups: Groups, rename: (rows: FlowCountRows) => FlowCountRows): void {
    this.#groups = groups
    this.#sums = this.#createSums()
    for (let i = this.#first; i < this.#buckets.length; i++) {
      const { number, rows } = this.#buckets[i]!
      this.#buckets[i] = { number, rows: rename(rows) }
      this.#sums?.addRows(this.#buckets[i]!.rows, 1)
    }
  }

  #createSums(): GroupSums | null {
    return this.#groups.areFlows && this.#options.bucketsPerWindow === 1n ? null : new GroupSums(this.#groups)
  }

  /** Rows of the windows that still go on. */
  *openRows(): Generator<FlowCountRows> {
    for (let i = this.#first; i < this.#buckets.length; i++) yield this.#buckets[i]!.rows
  }

  /** Takes the next bucket, which is later than all before. Yields the windows that it ends; they are to be consumed. */
  *push(bucket: Bucket): Generator<SpanRecord | IdleRecord> {
    this.#next ??= this.#firstWindow(bucket.number)
    yield* this.#reportThrough(bucket.number - this.#options.bucketsPerWindow)
    this.#sums?.addRows(bucket.rows, 1)
    this.#buckets.push(bucket)
    this.#last = bucket.number
  }

  /**
   * No bucket before `bucket` will come any more. Yields the windows that end there, idle ones among them. The first call
   * yields nothing unless there was a bucket: nobody looked before.
   */
  *advanceTo(bucket: bigint): Generator<SpanRecord | IdleRecord> {
    this.#next ??= this.#firstWindow(bucket)
    yield* this.#reportThrough(bucket - this.#options.bucketsPerWindow)
  }

  /** Yields the windows that are left. */
  *finish(): Generator<SpanRecord | IdleRecord> {
    yield* this.#reportThrough(this.#firstWindow(this.#last))
  }

  /** The first window to report when `bucket` is the first one; the last when it is the last. */
  #firstWindow(bucket: bigint): bigint {
    return this.#options.live ? bucket - this.#options.bucketsPerWindow + 1n : bucket
  }

  *#reportThrough(last: bigint): Generator<SpanRecord | IdleRecord> {
    while (this.#next !== null && this.#next <= last) {
      const window = this.#next
      this.#dropBefore(window)
      if (this.#first === this.#buckets.length) {
        this.#next = last + 1n
        yield* this.#idle(window, last)
      } else {
        this.#next = window + 1n
        const { record, keep } = this.#span(window)
        // Frames of a live view are added while somebody holds the record.
        if (this.#options.live) keep()
        yield record
        keep()
      }
    }
  }

  #dropBefore(window: bigint): void {
    while (this.#first < this.#buckets.length && this.#buckets[this.#first]!.number < window) {
      this.#sums?.addRows(this.#buckets[this.#first]!.rows, -1)
      this.#buckets[this.#first++] = GONE
    }
    // Shifting one by one would cost the length of the array each time.
    if (this.#first * 2 > this.#buckets.length) {
      this.#buckets.splice(0, this.#first)
      this.#first = 0
    }
  }

  *#idle(first: bigint, last: bigint): Generator<SpanRecord | IdleRecord> {
    const { idle, live, startOf } = this.#options
    if (live ? last - first >= MOST_IDLE_AT_ONCE : !idle) {
      yield { type: 'idle', startNs: startOf(first), endNs: this.#endOf(last), windows: last - first + 1n }
      return
    }
    for (let window = first; window <= last; window++) {
      const total = { packets: 0, bytes: 0 }
      yield { type: 'span', startNs: startOf(window), endNs: this.#endOf(window), rows: [], other: null, total }
    }
  }

  #span(window: bigint): LazySpan {
    const { ranking, startOf } = this.#options
    const startNs = startOf(window)
    const endNs = this.#endOf(window)
    this.#options.beforeSpan?.(endNs)
    const sums = this.#sums ?? new FlowSums(this.#groups, this.#buckets[this.#first]!.rows)
    return createSpan({ startNs, endNs, ...rankRows(sums, ranking, endNs - startNs) })
  }

  #endOf(window: bigint): bigint {
    return this.#options.startOf(window + this.#options.bucketsPerWindow)
  }
}
