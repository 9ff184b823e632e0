/**
 * The sums of a span to its rows: sorted, cut to the first N, and what was cut as one "other" row.
 *
 * Key text is made for the rows that come out and for those that tie with them, not for every group: with millions of
 * groups the text costs more than everything else.
 */
import type { GroupSums } from './group-sums.ts'
import { bitsPerSecond } from './rate.ts'
import type { KeyColumn, KeyValue, OtherRow, Row } from './records.ts'

export type SortColumn = 'bytes' | 'packets' | KeyColumn

export interface Ranking {
  /** Counts and other numbers descending, text ascending, rows without a value last. Ties: more bytes, then key order. */
  readonly sort: SortColumn
  /** How many rows come out; null for all. */
  readonly top: number | null
}

export interface RankedRows {
  readonly rows: Row[]
  readonly other: OtherRow | null
}

interface KeyedGroup {
  readonly group: number
  readonly key: KeyValue[]
}

/** Rows of everything in `sums`; rates are over `durationNs`, null when that is 0. */
export function rankRows(sums: GroupSums, ranking: Ranking, durationNs: bigint): RankedRows {
  const { sort, top } = ranking
  const present = sums.present()
  const wanted = Math.min(top ?? present.length, present.length)
  const chosen =
    sort === 'bytes' || sort === 'packets'
      ? chooseByCount(sums, present, sort, wanted)
      : chooseByColumn(sums, present, sums.groups.grouping.columns.indexOf(sort), wanted)
  const rows = chosen.map(({ group, key }) => toRow(sums, group, key, durationNs))
  return { rows, other: wanted === present.length ? null : sumOthers(sums, present, rows, durationNs) }
}

function toRow(sums: GroupSums, group: number, key: KeyValue[], durationNs: bigint): Row {
  const bytes = sums.bytes[group]!
  const row = { key, packets: sums.packets[group]!, bytes, bitsPerSecond: bitsPerSecond(bytes, durationNs) }
  if (!sums.groups.grouping.bidirectional) return row
  return { ...row, sent: { packets: sums.sentPackets[group]!, bytes: sums.sentBytes[group]! } }
}

function sumOthers(sums: GroupSums, present: Uint32Array, rows: readonly Row[], durationNs: bigint): OtherRow {
  let packets = 0
  let bytes = 0
  for (const group of present) {
    packets += sums.packets[group]!
    bytes += sums.bytes[group]!
  }
  for (const row of rows) {
    packets -= row.packets
    bytes -= row.bytes
  }
  return { packets, bytes, bitsPerSecond: bitsPerSecond(bytes, durationNs), rows: present.length - rows.length }
}

function chooseByCount(sums: GroupSums, present: Uint32Array, by: 'bytes' | 'packets', wanted: number): KeyedGroup[] {
  const counts = sums[by]
  const { bytes } = sums
  const floor = wanted < present.length ? nthLargest(counts, present, wanted) : 0
  const candidates = present.filter((group) => counts[group]! >= floor)
  candidates.sort((a, b) => counts[b]! - counts[a]! || bytes[b]! - bytes[a]!)
  const chosen: KeyedGroup[] = []
  for (let start = 0, end = 0; start < candidates.length && chosen.length < wanted; start = end) {
    const first = candidates[start]!
    const isTie = (group: number) => counts[group] === counts[first] && bytes[group] === bytes[first]
    while (end < candidates.length && isTie(candidates[end]!)) end++
    const ties = withKeys(sums, candidates.subarray(start, end))
    if (ties.length > 1) ties.sort((a, b) => compareKeys(a.key, b.key))
    for (const tie of ties) chosen.push(tie)
  }
  return chosen.slice(0, wanted)
}

function chooseByColumn(sums: GroupSums, present: Uint32Array, column: number, wanted: number): KeyedGroup[] {
  const { bytes } = sums
  return withKeys(sums, present)
    .sort(
      (a, b) =>
        compareForSort(a.key[column]!, b.key[column]!) ||
        bytes[b.group]! - bytes[a.group]! ||
        compareKeys(a.key, b.key),
    )
    .slice(0, wanted)
}

function withKeys(sums: GroupSums, groups: Uint32Array): KeyedGroup[] {
  return Array.from(groups, (group) => ({ group, key: sums.groups.key(group) }))
}

/** The `n`-th largest of `values[group]`, with `n` from 0 to the number of groups; infinite for 0. */
export function nthLargest(values: Float64Array, groups: Uint32Array, n: number): number {
  if (n === 0) return Number.POSITIVE_INFINITY
  // A binary heap of the n largest so far, the least of them at the root.
  const heap = new Float64Array(n).fill(Number.NEGATIVE_INFINITY)
  for (const group of groups) {
    const value = values[group]!
    if (value <= heap[0]!) continue
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= n) break
      if (child + 1 < n && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= value) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = value
  }
  return heap[0]!
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
