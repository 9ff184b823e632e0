/** Recorded windows → the data of a report. They are read twice, as captures are: for the sums, and for the curves of those rows. */
import { type CellSeries, type CountSeries, createCountSeries } from '../engine/group-series.ts'
import type { Counts, KeyValue, Row, SpanRecord } from '../engine/records.ts'
import { chooseGrid, coarserGrid, type TimeGrid } from '../engine/time-grid.ts'
import type { RowSeries, TableSource } from '../report/create-report.ts'
import { describeHistory, isAlike, sumHistory, type TableSums } from './history-sums.ts'
import { directionsOf, type RecordedWindow } from './history-tables.ts'
import { MOST_BUCKETS, type ReportCountsSource } from './report.ts'

const MATRIX_ROWS = 20

export interface HistoryReportOptions {
  readonly sort: 'bytes' | 'packets'
  readonly top: number
  /** What the history is called. */
  readonly name: string
}

export interface HistoryReport extends ReportCountsSource {
  /** Windows that were recorded with another --by, or other --bytes. */
  readonly otherWindows: number
}

/** `read` begins anew. Null when there is no window. */
export async function reportHistory(
  read: () => AsyncIterable<RecordedWindow>,
  { sort, top, name }: HistoryReportOptions,
): Promise<HistoryReport | null> {
  const sums = await sumHistory(read())
  if (sums === null) return null
  const { recorded, startNs, endNs, total, otherWindows } = sums
  const grid = gridFor(startNs, endNs, recorded.windowNs ?? 1n)
  const totals = createCountSeries(grid.buckets)
  const directions = directionsOf(recorded)
  const tables = sums.tables.map((table) => {
    const hasMatrix = table.table.by === 'host' && directions !== null
    return new TableCurves(table, table.ranked(sort, top, endNs - startNs), grid, hasMatrix ? MATRIX_ROWS : 0)
  })
  for await (const { analysis, span } of read()) {
    // What was written since the first reading is left to the next report.
    if (!isAlike(analysis, recorded) || span.startNs === null || span.startNs < startNs || span.endNs! > endNs) continue
    const bucket = Number((span.startNs - grid.originNs) / grid.stepNs)
    addTo(totals, bucket, span.total)
    for (const table of tables) {
      table.add(span, bucket)
      if (table.hasCells && directions !== null) table.addCells(span.rows, bucket, directions)
    }
  }
  const protocols = sums.tables.find(({ table }) => table.by === 'protocol')?.ranked('bytes', null, 0n).rows ?? []
  return {
    capture: describeHistory(name, sums, protocols),
    timeline: { grid, total: totals },
    total,
    tables: tables.map((table) => table.source(startNs, endNs, total, sort)),
    otherWindows,
  }
}

/** A window counts where it begins, so buckets are no shorter. */
function gridFor(startNs: bigint, endNs: bigint, windowNs: bigint): TimeGrid {
  let grid = chooseGrid(startNs, endNs - 1n, MOST_BUCKETS)
  while (grid.stepNs < windowNs) grid = coarserGrid(grid)
  return grid
}

class TableCurves {
  readonly #sums: TableSums
  readonly #ranked: ReturnType<TableSums['ranked']>
  readonly #rowOf: Map<string, number>
  readonly #rows: CountSeries[]
  readonly #sent: CountSeries[] | null
  readonly #other: CountSeries
  readonly #buckets: number
  readonly #hosts: ReadonlyMap<KeyValue, number>
  readonly #cells = new Map<number, CellSeries>()

  constructor(sums: TableSums, ranked: ReturnType<TableSums['ranked']>, { buckets }: TimeGrid, matrixRows: number) {
    const series = () => ranked.rows.map(() => createCountSeries(buckets))
    this.#sums = sums
    this.#ranked = ranked
    this.#buckets = buckets
    this.#rowOf = new Map(ranked.rows.map(({ key }, i) => [sums.identity(key), i]))
    this.#rows = series()
    this.#sent = sums.table.analysis.bidirectional ? series() : null
    this.#other = createCountSeries(buckets)
    this.#hosts = new Map(ranked.rows.slice(0, matrixRows).map(({ key }, i) => [key[0] ?? null, i]))
  }

  add({ rows, other }: SpanRecord, bucket: number): void {
    for (const row of rows) {
      for (const share of this.#sums.table.shares(row)) {
        const place = this.#rowOf.get(this.#sums.identity(share.key))
        addTo(place === undefined ? this.#other : this.#rows[place]!, bucket, share)
        if (place !== undefined && this.#sent !== null && share.sent !== undefined) {
          addTo(this.#sent[place]!, bucket, share.sent)
        }
      }
    }
    if (other !== null) addTo(this.#other, bucket, other)
  }

  /** For the table of hosts: between its first, which row of the recorded ones sent what to whom. */
  addCells(rows: readonly Row[], bucket: number, directions: NonNullable<ReturnType<typeof directionsOf>>): void {
    for (const row of rows) {
      for (const { from, to, counts } of directions(row)) {
        const [a, b] = [this.#hosts.get(from), this.#hosts.get(to)]
        if (a !== undefined && b !== undefined && counts.packets > 0) addTo(this.#cell(a, b), bucket, counts)
      }
    }
  }

  get hasCells(): boolean {
    return this.#hosts.size > 0
  }

  source(startNs: bigint, endNs: bigint, total: Counts, sort: 'bytes' | 'packets'): TableSource {
    const { by, analysis } = this.#sums.table
    const series: RowSeries = {
      rows: this.#rows,
      sent: this.#sent,
      other: this.#other,
      cells: () => [...this.#cells.values()],
    }
    return {
      by,
      analysis: { ...analysis, windowNs: null },
      span: { type: 'span', startNs, endNs, ...this.#ranked, total },
      sort,
      series,
      ...(this.#hosts.size > 0 && { matrixRows: this.#hosts.size }),
    }
  }

  #cell(from: number, to: number): CellSeries {
    const place = from * MATRIX_ROWS + to
    let cell = this.#cells.get(place)
    if (cell === undefined) {
      cell = { from, to, ...createCountSeries(this.#buckets) }
      this.#cells.set(place, cell)
    }
    return cell
  }
}

function addTo(series: CountSeries, bucket: number, { packets, bytes }: Counts): void {
  series.packets[bucket]! += packets
  series.bytes[bucket]! += bytes
}
