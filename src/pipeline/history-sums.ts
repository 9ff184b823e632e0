/** Recorded windows → the sums of each table, and the facts of all of it. Memory is an object a row of each, bounded. */
import { compareKeys } from '../engine/compare-keys.ts'
import { rateOver } from '../engine/rate.ts'
import type { Analysis, CaptureRecord, Counts, KeyValue, OtherRow, Row, SpanRecord } from '../engine/records.ts'
import { type HistoryTable, historyTables, identityOf, type RecordedWindow } from './history-tables.ts'

/** Rows of a table; what comes then is in no row of its own. About 300 bytes each. */
const MOST_ROWS = 1_000_000

interface Sum extends Counts {
  key: readonly KeyValue[]
  packets: number
  bytes: number
  sentPackets: number
  sentBytes: number
}

export class TableSums {
  readonly table: HistoryTable
  readonly identity: (key: readonly KeyValue[]) => string
  readonly #sums = new Map<string, Sum>()
  readonly #other = { packets: 0, bytes: 0, rows: 0 }
  readonly #mostRows: number

  constructor(table: HistoryTable, mostRows = MOST_ROWS) {
    this.table = table
    this.identity = identityOf(table.analysis)
    this.#mostRows = mostRows
  }

  add({ rows, other }: SpanRecord): void {
    for (const row of rows) {
      for (const { key, packets, bytes, sent } of this.table.shares(row)) {
        const sum = this.#sumOf(key)
        if (sum === null) {
          this.#addOther({ packets, bytes }, 1)
          continue
        }
        sum.packets += packets
        sum.bytes += bytes
        sum.sentPackets += sent?.packets ?? 0
        sum.sentBytes += sent?.bytes ?? 0
      }
    }
    if (other !== null) this.#addOther(other, other.rows)
  }

  /** Null: there are too many. */
  #sumOf(key: readonly KeyValue[]): Sum | null {
    const text = this.identity(key)
    let sum = this.#sums.get(text)
    if (sum === undefined) {
      if (this.#sums.size >= this.#mostRows) return null
      sum = { key, packets: 0, bytes: 0, sentPackets: 0, sentBytes: 0 }
      this.#sums.set(text, sum)
      // Names are known later than their addresses, as a rule.
    } else if (sum.key !== key && key.some((value, i) => value !== null && sum?.key[i] === null)) sum.key = key
    return sum
  }

  /** Of windows that leave out other rows each: the most that any of them did. */
  #addOther({ packets, bytes }: Counts, rows: number): void {
    this.#other.packets += packets
    this.#other.bytes += bytes
    this.#other.rows = Math.max(this.#other.rows, rows)
  }

  /** The largest first; those beyond `top` are one. */
  ranked(
    sort: 'bytes' | 'packets',
    top: number | null,
    durationNs: bigint,
  ): { readonly rows: readonly Row[]; readonly other: OtherRow | null } {
    const rate = rateOver(durationNs)
    const { bidirectional } = this.table.analysis
    const all = [...this.#sums.values()].sort((a, b) => b[sort] - a[sort] || compareKeys(a.key, b.key))
    const rows = all.slice(0, top ?? all.length).map(({ key, packets, bytes, sentPackets, sentBytes }) => ({
      key,
      packets,
      bytes,
      bitsPerSecond: rate(bytes),
      ...(bidirectional && { sent: { packets: sentPackets, bytes: sentBytes } }),
    }))
    const other = { ...this.#other }
    for (const { packets, bytes } of all.slice(rows.length)) {
      other.packets += packets
      other.bytes += bytes
      other.rows++
    }
    return { rows, other: other.rows === 0 ? null : { ...other, bitsPerSecond: rate(other.bytes) } }
  }
}

export interface HistorySums {
  readonly recorded: Analysis
  readonly tables: readonly TableSums[]
  /** Start of the first window and end of the last. */
  readonly startNs: bigint
  readonly endNs: bigint
  /** Sum of the lengths of all windows: how long somebody watched. */
  readonly watchedNs: bigint
  readonly total: Counts
  /** Windows of another grouping or another basis than the first, which are in none of these. */
  readonly otherWindows: number
}

/** True when the rows of both are of the same kind. */
export function isAlike(a: Analysis, b: Analysis): boolean {
  return a.columns.join() === b.columns.join() && a.basis === b.basis && a.bidirectional === b.bidirectional
}

/** Null when there is no window. */
export async function sumHistory(windows: AsyncIterable<RecordedWindow>): Promise<HistorySums | null> {
  let recorded: Analysis | null = null
  let tables: TableSums[] = []
  let startNs: bigint | null = null
  let endNs = 0n
  let watchedNs = 0n
  let otherWindows = 0
  const total = { packets: 0, bytes: 0 }
  for await (const { analysis, span } of windows) {
    if (span.startNs === null || span.endNs === null) continue
    if (recorded === null) {
      recorded = analysis
      tables = historyTables(analysis).map((table) => new TableSums(table))
    } else if (!isAlike(recorded, analysis)) {
      otherWindows++
      continue
    }
    for (const table of tables) table.add(span)
    if (startNs === null || span.startNs < startNs) startNs = span.startNs
    if (span.endNs > endNs) endNs = span.endNs
    watchedNs += span.endNs - span.startNs
    total.packets += span.total.packets
    total.bytes += span.total.bytes
  }
  if (recorded === null || startNs === null) return null
  return { recorded, tables, startNs, endNs, watchedNs, total, otherWindows }
}

/** As much of a capture as a history knows. */
export function describeHistory(
  folder: string,
  { recorded, startNs, endNs, total }: HistorySums,
  protocols: readonly Row[],
): CaptureRecord {
  const none = { packets: 0, bytes: 0 }
  return {
    type: 'capture',
    files: [folder],
    format: 'netkit history',
    linktypes: [],
    interfaces: [],
    interrupted: false,
    frames: total.packets,
    bytes: total.bytes,
    kept: total,
    capturedBytes: total.bytes,
    firstNs: startNs,
    lastNs: endNs,
    truncated: 0,
    malformed: 0,
    unsupported: 0,
    accounting: {
      whole: total,
      basis: recorded.basis,
      shown: total,
      filtered: none,
      undecoded: none,
      evicted: none,
      late: none,
      untimed: none,
      unreadableBytes: 0,
      dropped: null,
      snaplenCut: 0,
    },
    damage: [],
    salvage: null,
    protocols: protocols.map(({ key, packets, bytes }) => ({ name: String(key[0]), packets, bytes })),
  }
}
