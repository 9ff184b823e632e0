/** Rows of windows → the columns of their Parquet file. Names are those of the other machine formats, and a public interface. */
import type { Analysis, Counts, ExtraColumn, KeyColumn, OtherRow, SpanRecord } from '../../engine/records.ts'
import type { ColumnSpec, ParquetTable } from './parquet-table.ts'
import type { ColumnKind, ColumnValue } from './table-column.ts'

/** What a row is made of, wherever it comes from: a logger, or a journal. */
export interface WindowRow extends Counts {
  readonly key: readonly ColumnValue[]
  readonly bitsPerSecond: number | null
  readonly sent?: Counts | undefined
  readonly extras?: readonly (number | string | null)[] | undefined
}

/** INT32; all other key columns are text. */
const NUMBERS: ReadonlySet<KeyColumn> = new Set(['protocol_number', 'src_port', 'dst_port', 'port'])

const EXTRA_KINDS: Readonly<Record<ExtraColumn['kind'], ColumnKind>> = {
  rate: 'number',
  share: 'number',
  milliseconds: 'number',
  count: 'integer',
  bytes: 'integer',
  text: 'text',
}

const NS_PER_SECOND = 1_000_000_000n

export function windowColumns({ columns, bidirectional, extras = [] }: Analysis): ColumnSpec[] {
  const directions = bidirectional ? ['sent_packets', 'sent_bytes', 'received_packets', 'received_bytes'] : []
  return [
    { name: 'window_start', kind: 'time', nullable: true },
    { name: 'window_start_ns', kind: 'nanoseconds', nullable: true },
    { name: 'window_seconds', kind: 'number', nullable: true },
    { name: 'window_packets', kind: 'integer', nullable: false },
    { name: 'window_bytes', kind: 'integer', nullable: false },
    { name: 'is_other', kind: 'flag', nullable: false },
    { name: 'rows', kind: 'integer', nullable: false },
    ...columns.map((name) => ({ name, kind: NUMBERS.has(name) ? 'small' : 'text', nullable: true }) as const),
    { name: 'packets', kind: 'integer', nullable: false },
    { name: 'bytes', kind: 'integer', nullable: false },
    { name: 'bits_per_second', kind: 'number', nullable: true },
    ...directions.map((name) => ({ name, kind: 'integer', nullable: true }) as const),
    ...extras.map(({ name, kind }) => ({ name, kind: EXTRA_KINDS[kind], nullable: true })),
  ]
}

/** Writes rows into a table that has these columns. */
export class WindowRows {
  readonly #table: ParquetTable
  readonly #analysis: Analysis
  #start: bigint | null = null
  #seconds: number | null = null
  #total: Counts = { packets: 0, bytes: 0 }

  constructor(table: ParquetTable, analysis: Analysis) {
    this.#table = table
    this.#analysis = analysis
  }

  /** The rows that follow are of this span. */
  begin({ startNs, endNs, total }: Pick<SpanRecord, 'startNs' | 'endNs' | 'total'>): void {
    this.#start = startNs
    this.#total = total
    this.#seconds = startNs === null || endNs === null ? null : secondsOf(endNs - startNs)
  }

  /** True: the group is full. */
  add(row: WindowRow): boolean {
    return this.#add(row, row.key, 1, false)
  }

  addOther(other: OtherRow): boolean {
    return this.#add(other, null, other.rows, true)
  }

  #add(row: Omit<WindowRow, 'key'>, key: WindowRow['key'] | null, rows: number, isOther: boolean): boolean {
    const { columns, bidirectional, extras = [] } = this.#analysis
    const into = this.#table.columns
    let at = 0
    into[at++]!.add(this.#start)
    into[at++]!.add(this.#start)
    into[at++]!.add(this.#seconds)
    into[at++]!.add(this.#total.packets)
    into[at++]!.add(this.#total.bytes)
    into[at++]!.add(isOther)
    into[at++]!.add(rows)
    for (let i = 0; i < columns.length; i++) into[at++]!.add(keyValue(columns[i]!, key?.[i] ?? null))
    into[at++]!.add(row.packets)
    into[at++]!.add(row.bytes)
    into[at++]!.add(row.bitsPerSecond)
    if (bidirectional) {
      const { sent } = row
      into[at++]!.add(sent?.packets ?? null)
      into[at++]!.add(sent?.bytes ?? null)
      into[at++]!.add(sent === undefined ? null : row.packets - sent.packets)
      into[at++]!.add(sent === undefined ? null : row.bytes - sent.bytes)
    }
    for (let i = 0; i < extras.length; i++) into[at++]!.add(row.extras?.[i] ?? null)
    return this.#table.endRow()
  }
}

/** An interface without a name is told by its index, in a column of text. */
function keyValue(column: KeyColumn, value: ColumnValue): ColumnValue {
  return typeof value === 'number' && !NUMBERS.has(column) ? String(value) : value
}

/** Correctly rounded: digits, then one conversion. */
function secondsOf(ns: bigint): number {
  return Number(`${ns / NS_PER_SECOND}.${String(ns % NS_PER_SECOND).padStart(9, '0')}`)
}
