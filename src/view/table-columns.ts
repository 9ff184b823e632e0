/** What the columns of a table are: how each value is read, shown and ordered. */
import type { KeyColumn, KeyValue } from '../engine/records.ts'
import { formatExtra } from '../loggers/extra-text.ts'
import { nameText } from '../loggers/key-text.ts'
import { printable } from '../loggers/printable.ts'
import { formatBytes, formatRate, formatShare, type Units } from '../loggers/units.ts'
import type { ReportData } from '../report/report-data.ts'
import {
  type Curve,
  countsIn,
  type LoadedRow,
  type LoadedTable,
  rateIn,
  type TimeChoice,
} from '../report/select-time.ts'
import { countsTwice } from '../report/stack.ts'
import { el } from './dom.ts'
import { sparkline } from './sparkline.ts'
import { columnTitle, extraTitle, isBeside, isHealth, withCommas } from './words.ts'

/** A row, or the sum of rows, in the chosen time. */
export interface ShownRow {
  readonly curve: Curve
  /** Null for a sum. */
  readonly row: LoadedRow | null
  readonly packets: number
  readonly bytes: number
  readonly sent: number | null
}

export interface Column {
  /** Of the CSV, or of its own. */
  readonly id: string
  readonly title: string
  /** What the title leaves to guess. */
  readonly hint?: string
  readonly kind: 'text' | 'number' | 'picture'
  /** Null where rows are not ordered by it. */
  readonly sortBy: ((shown: ShownRow) => KeyValue) | null
  cell(shown: ShownRow): Node | string
}

/** What tables of traffic are about, beside bytes and packets. */
const TRAFFIC = new Set(['share', 'bits_per_second', 'sent_bytes', 'received_bytes'])

/** What tells rows apart, and what follows from it. Sums have none of it. */
export function keyColumns(table: LoadedTable, units: Units): Column[] {
  const { columns } = table
  const keys = columns
    .filter((column) => !isBeside(column))
    .map((column): Column => {
      const at = columns.indexOf(column)
      const nameAt = columns.indexOf(`${column}_name` as KeyColumn)
      const sourceAt = columns.indexOf(`${column}_name_source` as KeyColumn)
      const value = (row: LoadedRow | null, place: number) => row?.key[place] ?? null
      return {
        id: column,
        title: columnTitle(column),
        kind: isNumber(column) ? 'number' : 'text',
        sortBy: ({ row }) => value(row, at),
        cell: ({ row }) => keyCell(value(row, at), value(row, nameAt), value(row, sourceAt)),
      }
    })
  return [...keys, ...extraColumns(table, units).filter(({ kind }) => kind === 'text')]
}

function extraColumns({ extras, shown_extras }: LoadedTable, units: Units): Column[] {
  return extras.flatMap((extra, i): Column[] => {
    const { name, kind } = extra
    if (!shown_extras.includes(name)) return []
    const column = {
      id: name,
      title: extraTitle(extra),
      sortBy: ({ row }: ShownRow) => row?.extras[i] ?? null,
      cell: ({ row }: ShownRow) => (row === null ? '' : formatExtra(row.extras[i], kind, units)),
    }
    return [kind === 'text' ? { ...column, kind: 'text' } : { ...column, hint: 'of the whole capture', kind: 'number' }]
  })
}

function isNumber(column: KeyColumn): boolean {
  return column === 'port' || column === 'src_port' || column === 'dst_port'
}

/** Strangers choose names: nameText quotes those that are no host's. */
function keyCell(value: KeyValue, name: KeyValue, source: KeyValue): Node | string {
  const text = value === null ? '-' : printable(String(value))
  if (name === null || name === '') return text
  const words = printable(String(name))
  const shown = source === null ? words : nameText(words, printable(String(source)), 0)
  return el('span', {}, text, ' ', el('span', { class: source === null ? 'beside' : 'told' }, shown))
}

export function countColumns(data: ReportData, table: LoadedTable, range: TimeChoice, total: number): Column[] {
  const { units, basis } = data
  const rateOf = rateIn(data, range)
  const { start, end } = range ?? { start: 0, end: data.time?.buckets ?? 0 }
  const bytesCell = (bytes: number) => el('span', { title: `${withCommas(bytes)} bytes` }, formatBytes(bytes, units))
  const sentColumns = (): Column[] => {
    const [out, back] = countsTwice(table) ? ['Sent', 'Received'] : ['→', '←']
    const hints = countsTwice(table)
      ? undefined
      : { out: 'Bytes from the first to the second', back: 'Bytes from the second to the first' }
    const column = (id: string, title: string, bytesOf: (shown: ShownRow) => number | null, hint?: string): Column => ({
      id,
      title,
      ...(hint !== undefined && { hint }),
      kind: 'number',
      sortBy: bytesOf,
      cell(shown) {
        const bytes = bytesOf(shown)
        return bytes === null ? '' : bytesCell(bytes)
      },
    })
    return [
      column('sent_bytes', out!, ({ sent }) => sent, hints?.out),
      column('received_bytes', back!, ({ sent, bytes }) => (sent === null ? null : bytes - sent), hints?.back),
    ]
  }
  const columns: Column[] = [
    {
      id: 'bytes',
      title: basis === 'frame' ? 'Bytes' : basis === 'ip' ? 'IP bytes' : 'Payload',
      kind: 'number',
      sortBy: ({ bytes }) => bytes,
      cell: ({ bytes }) => bytesCell(bytes),
    },
    {
      id: 'share',
      title: 'Share',
      hint: 'of all bytes of that time',
      kind: 'number',
      sortBy: null,
      cell({ bytes }) {
        // Wide enough without.
        if (table.columns.includes('dst_port')) return formatShare(bytes, total)
        const bar = el('span', { class: 'bar', 'aria-hidden': 'true' })
        bar.style.width = `${total > 0 ? (100 * bytes) / total : 0}%`
        return el(
          'span',
          { class: 'share' },
          el('span', { class: 'rail' }, bar),
          el('span', {}, formatShare(bytes, total)),
        )
      },
    },
    {
      id: 'packets',
      title: 'Packets',
      kind: 'number',
      sortBy: ({ packets }) => packets,
      cell: ({ packets }) => withCommas(packets),
    },
    {
      id: 'bits_per_second',
      title: 'Rate',
      hint: 'mean over that time',
      kind: 'number',
      sortBy: null,
      cell: ({ bytes }) => formatRate(rateOf(bytes), units),
    },
    ...(table.bidirectional ? sentColumns() : []),
    ...extraColumns(table, units).filter(({ kind }) => kind === 'number'),
  ]
  // Of TCP health people look at other numbers, of which there are many.
  if (isHealth(table)) return columns.filter(({ id }) => !TRAFFIC.has(id))
  if (data.time !== null) {
    columns.push({
      id: 'curve',
      title: 'Over time',
      kind: 'picture',
      sortBy: null,
      cell: ({ curve }) => sparkline(curve.series, start, end),
    })
  }
  return columns
}

export function shownRow(row: LoadedRow, range: TimeChoice): ShownRow {
  return { curve: row, row, ...countsIn(row, range), sent: row.sent === null ? null : countsIn(row.sent, range).bytes }
}

export function shownSum(curve: Curve, range: TimeChoice): ShownRow {
  return { curve, row: null, ...countsIn(curve, range), sent: null }
}
