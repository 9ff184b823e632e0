/**
 * Buckets, in the order of time → how the rates of groups, and of all together, vary: over windows, and over bursts at a fine
 * grain. What was in the buckets is added up beside, for the rows that the shape is of.
 *
 * Windows are those that WindowReports would make of the same buckets: they begin with the first frame's, or at round times,
 * one after the other, and the last one is as long as all others even where the capture ends in it.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import { floorDivide } from './bucket-clock.ts'
import { EVICTED } from './evict-flows.ts'
import { FlowCounts } from './flow-counts.ts'
import { GroupBytes } from './group-bytes.ts'
import { GroupSums } from './group-sums.ts'
import type { Groups } from './groups.ts'
import type { Bucket } from './held-buckets.ts'
import type { Measures } from './measures.ts'
import { sumRows } from './ranking.ts'
import { RateSeries, slotOf, TOTAL_SLOT } from './rate-series.ts'
import { type ShapeMetric, type ShapeOptions, shapeColumns, shapeGrain, shapeMetrics } from './shape-columns.ts'
import type { BusiestSpan, ShapeFacts, SpanFacts } from './shape-facts.ts'

const GONE = -1

export class RateShape {
  readonly #options: ShapeOptions
  #groups: Groups
  readonly #startOf: (bucket: bigint) => bigint
  readonly #windows: RateSeries | null
  readonly #bursts: RateSeries | null
  readonly #bucketsPerWindow: bigint
  /** Of the bucket at hand, and of the window that it is in. */
  readonly #bucket = new GroupBytes()
  readonly #window = new GroupBytes()
  #windowNumber: bigint | null = null
  #windowTotal = 0
  /** Everything so far, by flow. */
  readonly #whole = new FlowCounts()
  #sums: GroupSums | null = null

  constructor(options: ShapeOptions, groups: Groups, startOf: (bucket: bigint) => bigint) {
    const { windowNs, burstNs, link, values = {} } = options
    this.#options = options
    this.#groups = groups
    this.#startOf = startOf
    const level = link === null ? null : link.bitsPerSecond * link.above
    this.#windows =
      windowNs === null ? null : new RateSeries({ lengthNs: windowNs, values, level: burstNs === null ? level : null })
    this.#bursts = burstNs === null ? null : new RateSeries({ lengthNs: burstNs, values: null, level })
    this.#bucketsPerWindow = windowNs === null ? 1n : windowNs / shapeGrain(options)
  }

  /** Takes the next bucket, which is later than all before. */
  push({ number, rows }: Bucket): void {
    this.#groups.update()
    this.#whole.countRows(rows)
    const total = sumRows(rows).bytes
    if (this.#bursts !== null) {
      this.#bucket.addRows(rows, this.#groups)
      addWindow(this.#bursts, number, total, this.#bucket)
    }
    if (this.#windows === null) return
    const window = floorDivide(number, this.#bucketsPerWindow)
    if (window !== this.#windowNumber) this.#endWindow()
    this.#windowNumber = window
    this.#windowTotal += total
    this.#window.addRows(rows, this.#groups)
  }

  #endWindow(): void {
    if (this.#windows === null || this.#windowNumber === null) return
    addWindow(this.#windows, this.#windowNumber, this.#windowTotal, this.#window)
    this.#windowNumber = null
    this.#windowTotal = 0
  }

  /** What was in all buckets, each flow once. They stay counted. */
  rows(): FlowCountRows {
    this.#groups.update()
    const rows = this.#whole.take()
    this.#whole.countRows(rows)
    return rows
  }

  /**
   * Flows have other ids now, and so other groups: flow `kept[i]` is flow i + 1, all others are {@link EVICTED}. Their bytes are
   * in one row from now on, but nobody knows in which windows: that row, and groups that lost a flow to it, have no shape.
   */
  changeFlows(groups: Groups, kept: Uint32Array, rename: (rows: FlowCountRows) => FlowCountRows): void {
    const before = this.#groups
    const rows = this.#whole.take()
    this.#whole.countRows(rename(rows))
    this.#groups = groups
    groups.update()
    const ids = new Int32Array(slotOf(before.size)).fill(GONE)
    ids[TOTAL_SLOT] = TOTAL_SLOT
    for (const [i, flow] of kept.entries()) {
      ids[slotOf(before.sender[flow]!)] = slotOf(groups.sender[i + 1]!)
      ids[slotOf(before.receiver[flow]!)] = slotOf(groups.receiver[i + 1]!)
    }
    const unknown = new Set([slotOf(groups.sender[EVICTED]!)])
    const isKept = new Set(kept)
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      const flow = rows[i]!
      if (isKept.has(flow)) continue
      for (const group of [before.sender[flow]!, before.receiver[flow]!]) {
        const slot = ids[slotOf(group)]!
        if (slot !== GONE) unknown.add(slot)
      }
    }
    this.#windows?.rename(ids, slotOf(groups.size), unknown)
    this.#bursts?.rename(ids, slotOf(groups.size), unknown)
    this.#window.rename((group) => ids[slotOf(group)]! - 1)
  }

  /** The rows that the shape is of. Nothing is pushed any more. */
  sums(): GroupSums {
    if (this.#sums === null) {
      this.#endWindow()
      this.#sums = new GroupSums(this.#groups)
      this.#sums.addCounts(this.#whole)
    }
    return this.#sums
  }

  measures(): Measures {
    const sums = this.sums()
    const metrics = shapeMetrics(this.#options)
    return {
      columns: shapeColumns(this.#options),
      value: (group, column) => this.#metric(metrics[column]!, slotOf(group), sums.bytes[group]!),
      total: (column) => this.#metric(metrics[column]!, TOTAL_SLOT, sums.totalBytes),
    }
  }

  #metric(metric: ShapeMetric, slot: number, bytes: number): number | null {
    const windows = this.#windows
    switch (metric) {
      case 'min':
        return windows!.min(slot)
      case 'mean':
        return windows!.mean(slot, bytes)
      case 'max':
        return windows!.max(slot)
      case 'peak':
        return this.#bursts!.max(slot)
      case 'above':
        return (this.#bursts ?? windows)!.timeAbove(slot)
      default:
        return windows!.percentile(slot, Number(metric.slice(1)))
    }
  }

  facts(): ShapeFacts {
    const { totalBytes } = this.sums()
    const { link } = this.#options
    const totals = shapeMetrics(this.#options).map((metric) => this.#metric(metric, TOTAL_SLOT, totalBytes))
    const windows = this.#windows
    return {
      windows: windows === null ? null : this.#spanFacts(windows, this.#bucketsPerWindow),
      bursts: this.#bursts === null ? null : this.#spanFacts(this.#bursts, 1n),
      link,
      columns: shapeColumns(this.#options),
      totals,
      exact: windows?.isExact ?? true,
      unknown: Math.max(windows?.unknown ?? 0, this.#bursts?.unknown ?? 0),
    }
  }

  #spanFacts(series: RateSeries, buckets: bigint): SpanFacts {
    const { busiest, lengthNs, windows, idle } = series
    const most: BusiestSpan | null =
      busiest === null
        ? null
        : { startNs: this.#startOf(busiest * buckets), bitsPerSecond: series.max(TOTAL_SLOT) ?? 0 }
    return { lengthNs, count: Number(windows), idle, busiest: most }
  }
}

function addWindow(series: RateSeries, number: bigint, total: number, inside: GroupBytes): void {
  series.begin(number, total)
  const { present, count, bytes } = inside
  series.reserve(bytes.length)
  for (let i = 0; i < count; i++) series.add(slotOf(present[i]!), bytes[present[i]!]!)
  inside.clear()
}
