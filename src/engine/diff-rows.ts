/**
 * Rows of two captures → what is new, gone and changed, key by key, the largest change first.
 *
 * Rates are compared, because captures differ in length. Rows are matched by the text of their keys, names left out: the two are
 * analysed apart, and the same address may have another name.
 */
import { compareKeys } from './compare-keys.ts'
import type { Analysis, Counts, KeyColumn, KeyValue, Row } from './records.ts'

/** Rates that are no further apart, as a part of the higher one, are the same. */
const SAME_WITHIN = 0.001

export type DiffStatus = 'new' | 'gone' | 'changed' | 'same'

export interface SideCounts extends Counts {
  /** Null when the capture has no length. */
  readonly bitsPerSecond: number | null
}

export interface DiffRow {
  readonly key: readonly KeyValue[]
  readonly status: DiffStatus
  /** Null where the key is not there. */
  readonly a: SideCounts | null
  readonly b: SideCounts | null
  /** Bits per second of B less those of A, a missing key being zero; null when a rate is not known. */
  readonly change: number | null
  /** B by A; null unless both are there and A has a rate. */
  readonly factor: number | null
}

export interface DiffSection {
  readonly by: string
  /** What rows are. */
  readonly analysis: Analysis
  /** Largest change first; those that were asked for. */
  readonly rows: readonly DiffRow[]
  /** Of all rows, those that are not shown included. */
  readonly counts: Readonly<Record<DiffStatus, number>>
}

export interface SideFacts extends SideCounts {
  readonly files: readonly string[]
  /** From the first to the last frame; null when no frame has a time. */
  readonly durationNs: bigint | null
}

export interface DiffReport {
  readonly a: SideFacts
  readonly b: SideFacts
  readonly sections: readonly DiffSection[]
}

/** All of both. */
export function compareRows(
  rowsOfA: readonly Row[],
  rowsOfB: readonly Row[],
  columns: readonly KeyColumn[],
): DiffRow[] {
  const identity = createIdentity(columns)
  const missing = new Map(rowsOfA.map((row) => [identity(row.key), row]))
  const rows: DiffRow[] = []
  for (const b of rowsOfB) {
    const text = identity(b.key)
    const a = missing.get(text)
    missing.delete(text)
    rows.push(compareRow(a === undefined ? b.key : withNamesOf(a.key, b.key, columns), a ?? null, b))
  }
  for (const a of missing.values()) rows.push(compareRow(a.key, a, null))
  return rows.sort((x, y) => sizeOf(y) - sizeOf(x) || compareKeys(x.key, y.key))
}

/** Unknown changes last. */
function sizeOf({ change }: DiffRow): number {
  return change === null ? -1 : Math.abs(change)
}

function compareRow(key: readonly KeyValue[], a: Row | null, b: Row | null): DiffRow {
  const [before, after] = [a === null ? 0 : a.bitsPerSecond, b === null ? 0 : b.bitsPerSecond]
  const change = before === null || after === null ? null : after - before
  const both = a !== null && b !== null
  const status = a === null ? 'new' : b === null ? 'gone' : isSame(a, b, change) ? 'same' : 'changed'
  const factor = both && change !== null && before! > 0 ? after! / before! : null
  return { key, status, a: a && countsOf(a), b: b && countsOf(b), change: rounded(change), factor: rounded(factor) }
}

function countsOf({ packets, bytes, bitsPerSecond }: Row): SideCounts {
  return { packets, bytes, bitsPerSecond }
}

/** To 3 decimals, as rates are. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000
}

/** The key of B, with names of hosts that only A knows. */
function withNamesOf(
  a: readonly KeyValue[],
  b: readonly KeyValue[],
  columns: readonly KeyColumn[],
): readonly KeyValue[] {
  // Who told a name stands behind it.
  const isOnlyInA = (i: number) => columns[i]?.endsWith('_name_source') === true && b[i] === null && a[i] !== null
  return columns.some((_, i) => isOnlyInA(i))
    ? b.map((value, i) => (isOnlyInA(i) || isOnlyInA(i + 1) ? a[i]! : value))
    : b
}

/** The values that a key is known by. */
function createIdentity(columns: readonly KeyColumn[]): (key: readonly KeyValue[]) => string {
  const places = columns.flatMap((column, i) => (/_name(?:_source)?$/.test(column) ? [] : [i]))
  return (key) => places.map((i) => (key[i] === null ? '' : String(key[i]))).join('\0')
}

/** Captures hardly ever have the same length to the nanosecond; without rates, by what was counted. */
function isSame(a: Row, b: Row, change: number | null): boolean {
  if (change === null) return a.packets === b.packets && a.bytes === b.bytes
  return Math.abs(change) <= SAME_WITHIN * Math.max(a.bitsPerSecond!, b.bitsPerSecond!)
}
