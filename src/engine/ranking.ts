/**
 * The sums of a span to its rows: sorted, cut to the first N, and what was cut as one "other" row.
 *
 * Key text is made for the rows that come out and for those that tie with them, not for every group: with millions of
 * groups the text costs more than everything else.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { Groups } from './groups.ts'
import { bitsPerSecond } from './rate.ts'
import type { Counts, KeyColumn, KeyValue, OtherRow, Row } from './records.ts'

export type SortColumn = 'bytes' | 'packets' | KeyColumn

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
  readonly rows: Row[]
  readonly other: OtherRow | null
  readonly total: Counts
}

/** A row of the sums, by where it begins there. */
interface KeyedRow {
  readonly at: number
  readonly key: KeyValue[]
}

const PACKETS = 1
const BYTES = 2

/** Rows of everything in `sums`; rates are over `durationNs`, null when that is 0. */
export function rankRows(sums: SpanSums, { sort, top }: Ranking, durationNs: bigint): RankedRows {
  const all = sums.rows()
  const count = all.length / NUMBERS_PER_ROW
  const wanted = Math.min(top ?? count, count)
  const chosen =
    sort === 'bytes' || sort === 'packets'
      ? chooseByCount(sums.groups, all, sort === 'bytes' ? BYTES : PACKETS, wanted)
      : chooseByColumn(sums.groups, all, sums.groups.grouping.columns.indexOf(sort), wanted)
  const rows = chosen.map(({ at, key }) => toRow(sums, all, at, key, durationNs))
  return { rows, other: wanted === count ? null : sumOthers(all, rows, durationNs), total: sums.total }
}

function toRow(sums: SpanSums, all: FlowCountRows, at: number, key: KeyValue[], durationNs: bigint): Row {
  const bytes = all[at + BYTES]!
  const row = { key, packets: all[at + PACKETS]!, bytes, bitsPerSecond: bitsPerSecond(bytes, durationNs) }
  return sums.groups.grouping.bidirectional ? { ...row, sent: sums.sent(all[at]!) } : row
}

function sumOthers(all: FlowCountRows, rows: readonly Row[], durationNs: bigint): OtherRow {
  let { packets, bytes } = sumRows(all)
  for (const row of rows) {
    packets -= row.packets
    bytes -= row.bytes
  }
  return {
    packets,
    bytes,
    bitsPerSecond: bitsPerSecond(bytes, durationNs),
    rows: all.length / NUMBERS_PER_ROW - rows.length,
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

function chooseByCount(groups: Groups, all: FlowCountRows, by: number, wanted: number): KeyedRow[] {
  const candidates = largestRows(all, by, wanted)
  sortByNumber(candidates, (at) => all[at + by]!)
  const chosen: KeyedRow[] = []
  for (const run of runs(candidates, (at) => all[at + by]!)) {
    if (by !== BYTES) sortByNumber(run, (at) => all[at + BYTES]!)
    for (const ties of runs(run, (at) => all[at + BYTES]!)) {
      if (chosen.length >= wanted) return chosen.slice(0, wanted)
      // Text decides between rows of the same counts, and is made for rows that may come out only.
      const keyed = withKeys(groups, all, ties)
      if (keyed.length > 1) keyed.sort((a, b) => compareKeys(a.key, b.key))
      for (const row of keyed) chosen.push(row)
    }
  }
  return chosen.slice(0, wanted)
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

/** Each run of equal values. */
function* runs(items: Uint32Array, numberOf: (item: number) => number): Generator<Uint32Array> {
  for (let start = 0, end = 0; start < items.length; start = end) {
    const value = numberOf(items[start]!)
    while (end < items.length && numberOf(items[end]!) === value) end++
    yield items.subarray(start, end)
  }
}

/** Up to this product every pair of a value and a place has a double of its own, and can be divided again. */
const MOST_PACKED = 2 ** 50

/** Sorts by a whole number, descending. */
function sortByNumber(items: Uint32Array, numberOf: (item: number) => number): void {
  const { length } = items
  if (length < 2) return
  const keys = new Float64Array(length)
  let most = 0
  for (let i = 0; i < length; i++) {
    const value = numberOf(items[i]!)
    if (value > most) most = value
    keys[i] = value * length + i
  }
  if (most * length + length >= MOST_PACKED) {
    items.sort((a, b) => numberOf(b) - numberOf(a))
    return
  }
  // Without a comparison function the engine sorts doubles natively, ten times as fast.
  keys.sort()
  const before = items.slice()
  for (let i = 0; i < length; i++) {
    const key = keys[length - 1 - i]!
    items[i] = before[key - Math.floor(key / length) * length]!
  }
}

function chooseByColumn(groups: Groups, all: FlowCountRows, column: number, wanted: number): KeyedRow[] {
  return withKeys(groups, all, largestRows(all, BYTES, all.length / NUMBERS_PER_ROW))
    .sort(
      (a, b) =>
        compareForSort(a.key[column]!, b.key[column]!) ||
        all[b.at + BYTES]! - all[a.at + BYTES]! ||
        compareKeys(a.key, b.key),
    )
    .slice(0, wanted)
}

function withKeys(groups: Groups, all: FlowCountRows, starts: Uint32Array): KeyedRow[] {
  return Array.from(starts, (at) => ({ at, key: groups.key(all[at]!) }))
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

/** Numbers descending, text ascending, nothing last. */
function compareForSort(a: KeyValue, b: KeyValue): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a
  return compareValues(a, b)
}

/** The order of keys in a table: column by column, text by its UTF-16 units, nothing last. */
export function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return 0
}

/** Numbers ascending, then text by its UTF-16 units (the same everywhere, unlike a locale's order), nothing last. */
function compareValues(a: KeyValue, b: KeyValue): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : 1
}
