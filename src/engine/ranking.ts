/**
 * The sums of a span to its rows: sorted, cut to the first N, and what was cut as one "other" row.
 *
 * Key text is made for the rows that come out and for those that tie with them, not for every group: with millions of
 * groups the text costs more than everything else.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import { compareForSort, compareKeys } from './compare-keys.ts'
import type { Groups } from './groups.ts'
import { KeyOrder } from './key-order.ts'
import { findMeasure, type Measures } from './measures.ts'
import { RankedGroups } from './ranked-groups.ts'
import { bitsPerSecond } from './rate.ts'
import type { Counts, KeyColumn, KeyValue, OtherRow } from './records.ts'
import { sortByNumber } from './sort-by-number.ts'

/** Any other text is the name of a measure. */
export type SortColumn = 'bytes' | 'packets' | KeyColumn | (string & {})

export interface Ranking {
  /** Counts and other numbers descending, text ascending, rows without a value last. Ties: more bytes, then key order. */
  readonly sort: SortColumn
  /** How many rows come out; null for all. */
  readonly top: number | null
}

/** The sums of a span. */
export interface SpanSums {
  readonly groups: Groups
  /** Group, packets, bytes, and so on: each group that has a packet once, in any order. */
  rows(): FlowCountRows
  /** What the group's end sent; for groupings of two directions. */
  sent(group: number): Counts
  /** Every frame once, whatever the grouping does. */
  readonly total: Counts
}

export interface RankedRows {
  readonly ranked: RankedGroups
  readonly other: OtherRow | null
  readonly total: Counts
}

const PACKETS = 1
const BYTES = 2

/** Rows of everything in `sums`; rates are over `durationNs`, null when that is 0. */
export function rankRows(
  sums: SpanSums,
  { sort, top }: Ranking,
  durationNs: bigint,
  measures: Measures | null = null,
): RankedRows {
  const all = sums.rows()
  const count = all.length / NUMBERS_PER_ROW
  const wanted = Math.min(top ?? count, count)
  const order = chooseRows(sums.groups, all, sort, wanted, measures)
  const ranked = new RankedGroups(sums.groups, all, order, durationNs, (group) => sums.sent(group), measures)
  return { ranked, other: wanted === count ? null : sumOthers(all, order, durationNs), total: sums.total }
}

function chooseRows(
  groups: Groups,
  all: FlowCountRows,
  sort: SortColumn,
  wanted: number,
  measures: Measures | null,
): Uint32Array {
  if (sort === 'bytes' || sort === 'packets')
    return chooseByCount(groups, all, sort === 'bytes' ? BYTES : PACKETS, wanted)
  const measure = measures === null ? -1 : findMeasure(measures.columns, sort)
  const column = groups.grouping.columns.indexOf(sort as KeyColumn)
  const valueIn =
    measure >= 0 ? (group: number) => measures!.value(group, measure) : (group: number) => groups.key(group)[column]!
  return chooseByValue(groups, all, valueIn, wanted)
}

function sumOthers(all: FlowCountRows, shown: Uint32Array, durationNs: bigint): OtherRow {
  let { packets, bytes } = sumRows(all)
  for (const at of shown) {
    packets -= all[at + PACKETS]!
    bytes -= all[at + BYTES]!
  }
  return {
    packets,
    bytes,
    bitsPerSecond: bitsPerSecond(bytes, durationNs),
    rows: all.length / NUMBERS_PER_ROW - shown.length,
  }
}

export function sumRows(rows: FlowCountRows): Counts {
  let packets = 0
  let bytes = 0
  for (let at = 0; at < rows.length; at += NUMBERS_PER_ROW) {
    packets += rows[at + PACKETS]!
    bytes += rows[at + BYTES]!
  }
  return { packets, bytes }
}

/** Where the `wanted` first rows begin, in their order. */
function chooseByCount(groups: Groups, all: FlowCountRows, by: number, wanted: number): Uint32Array {
  const candidates = largestRows(all, by, wanted)
  const keyOrder = new KeyOrder(groups)
  sortByNumber(candidates, all, by)
  for (let start = 0; start < wanted; ) {
    const end = endOfRun(candidates, start, all, by)
    if (by === BYTES) keyOrder.sort(all, candidates, start, end)
    else sortByBytes(candidates.subarray(start, end), all, wanted - start, keyOrder)
    start = end
  }
  return candidates.subarray(0, wanted)
}

/** Of rows whose other count is the same. Beyond the first `wanted` they are left as they are. */
function sortByBytes(rows: Uint32Array, all: FlowCountRows, wanted: number, keyOrder: KeyOrder): void {
  sortByNumber(rows, all, BYTES)
  for (let start = 0; start < Math.min(wanted, rows.length); ) {
    const end = endOfRun(rows, start, all, BYTES)
    keyOrder.sort(all, rows, start, end)
    start = end
  }
}

/** Where the rows begin that may be among the `wanted` largest: those, and all that tie with the last of them. */
function largestRows(all: FlowCountRows, by: number, wanted: number): Uint32Array {
  const count = all.length / NUMBERS_PER_ROW
  const starts = new Uint32Array(count)
  if (wanted === count) return starts.map((_, i) => i * NUMBERS_PER_ROW)
  const floor = nthLargestRow(all, by, wanted)
  let kept = 0
  for (let at = 0; at < all.length; at += NUMBERS_PER_ROW) if (all[at + by]! >= floor) starts[kept++] = at
  return starts.subarray(0, kept)
}

function endOfRun(rows: Uint32Array, start: number, all: FlowCountRows, by: number): number {
  const value = all[rows[start]! + by]!
  let end = start + 1
  while (end < rows.length && all[rows[end]! + by]! === value) end++
  return end
}

function chooseByValue(
  groups: Groups,
  all: FlowCountRows,
  valueIn: (group: number) => KeyValue,
  wanted: number,
): Uint32Array {
  const valued = Array.from({ length: all.length / NUMBERS_PER_ROW }, (_, row) => {
    const at = row * NUMBERS_PER_ROW
    return { at, value: valueIn(all[at]!) }
  })
  valued.sort(
    (a, b) =>
      compareForSort(a.value, b.value) ||
      all[b.at + BYTES]! - all[a.at + BYTES]! ||
      compareKeys(groups.key(all[a.at]!), groups.key(all[b.at]!)),
  )
  return Uint32Array.from(valued.slice(0, wanted), ({ at }) => at)
}

function nthLargestRow(all: FlowCountRows, by: number, n: number): number {
  if (n === 0) return Number.POSITIVE_INFINITY
  const heap = new LargestHeap(n)
  for (let at = by; at < all.length; at += NUMBERS_PER_ROW) if (all[at]! > heap.least) heap.put(all[at]!)
  return heap.least
}

/** The `n`-th largest of `values[group]`, with `n` from 0 to the number of groups; infinite for 0. */
export function nthLargest(values: Float64Array, groups: Uint32Array, n: number): number {
  if (n === 0) return Number.POSITIVE_INFINITY
  const heap = new LargestHeap(n)
  for (const group of groups) if (values[group]! > heap.least) heap.put(values[group]!)
  return heap.least
}

/** The n largest values so far: a binary heap, the least of them at the root. */
class LargestHeap {
  least = Number.NEGATIVE_INFINITY
  readonly #heap: Float64Array

  constructor(n: number) {
    this.#heap = new Float64Array(n).fill(Number.NEGATIVE_INFINITY)
  }

  /** Puts a value, larger than the least, in its place. */
  put(value: number): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= value) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = value
    this.least = heap[0]!
  }
}
