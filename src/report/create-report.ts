/** The counts of a capture → the data of a report, in as many buckets of time as its size allows. */
import type { CheckReport } from '../check/finding.ts'
import { type CellSeries, type CountSeries, createCountSeries, type GroupSeries } from '../engine/group-series.ts'
import type { Analysis, CaptureRecord, Counts, SpanRecord } from '../engine/records.ts'
import { coarserGrid, type TimeGrid } from '../engine/time-grid.ts'
import { accountingLine, captureFacts, damageLines } from '../loggers/capture-facts.ts'
import { wordsOf } from '../loggers/check-words.ts'
import { captureObject } from '../loggers/json-fields.ts'
import { groupNoun } from '../loggers/key-text.ts'
import type { Units } from '../loggers/units.ts'
import {
  REPORT_VERSION,
  type ReportCounts,
  type ReportData,
  type ReportFinding,
  type ReportMatrix,
  type ReportTable,
} from './report-data.ts'
import { coarsen, encodeSeries } from './series.ts'

export interface ReportSource {
  readonly netkitVersion: string
  readonly command: string | null
  readonly inputs: string | null
  readonly sinceNs: bigint | undefined
  readonly untilNs: bigint | undefined
  readonly units: Units
  readonly capture: CaptureRecord
  /** Null when no frame has a time. */
  readonly timeline: { readonly grid: TimeGrid; readonly total: CountSeries } | null
  /** Every frame once. */
  readonly total: Counts
  /** At least one; the first is the one that was asked for. */
  readonly tables: readonly TableSource[]
  readonly check: CheckReport | null
}

export interface TableSource {
  readonly by: string
  readonly analysis: Analysis
  /** Over the whole capture. */
  readonly span: SpanRecord
  readonly sort: string
  /** Names of those further columns that people see; all unless given. */
  readonly shownExtras?: readonly string[]
  /** Null without a timeline. */
  readonly series: RowSeries | null
  /** So many rows have cells between each other. */
  readonly matrixRows?: number
}

/** Curves of the rows of a table. */
export type RowSeries = Pick<GroupSeries, 'rows' | 'sent' | 'other' | 'cells'>

/** UTF-16 units, nearly all of them digits: with the page around them a report stays below 3 MB. */
const MOST_LENGTH = 2_500_000
/** Fewer would be no curve. */
const FEWEST_BUCKETS = 100

export function createReport(source: ReportSource): ReportData {
  let grid = source.timeline?.grid ?? null
  for (;;) {
    const data = reportOn(source, grid)
    if (grid === null || grid.buckets <= FEWEST_BUCKETS || JSON.stringify(data).length <= MOST_LENGTH) return data
    grid = coarserGrid(grid)
  }
}

function reportOn(source: ReportSource, grid: TimeGrid | null): ReportData {
  const { capture, units, timeline, check } = source
  const { firstNs, lastNs } = capture
  const encode = (series: CountSeries | null | undefined) =>
    encodeSeries(
      grid === null || timeline === null || series == null
        ? createCountSeries(0)
        : grid === timeline.grid
          ? series
          : coarsen(series, timeline.grid, grid),
    )
  const counts = ({ packets, bytes }: Counts, series: CountSeries | null | undefined): ReportCounts => ({
    packets,
    bytes,
    series: encode(series),
  })
  return {
    report_version: REPORT_VERSION,
    netkit_version: source.netkitVersion,
    command: source.command,
    inputs: source.inputs,
    since_ns: source.sinceNs === undefined ? null : String(source.sinceNs),
    until_ns: source.untilNs === undefined ? null : String(source.untilNs),
    basis: capture.accounting.basis,
    units,
    capture: captureObject(capture),
    facts: captureFacts(capture, units),
    accounting: accountingLine(capture),
    damage: damageLines(capture),
    first_ns: firstNs === null ? null : String(firstNs),
    last_ns: lastNs === null ? null : String(lastNs),
    time: grid && { origin_ns: String(grid.originNs), step_ns: String(grid.stepNs), buckets: grid.buckets },
    total: counts(source.total, timeline?.total),
    tables: source.tables.map((table) => tableOf(table, counts)),
    matrix: matrixOf(source.tables, counts),
    findings: check === null ? null : check.findings.map((finding) => findingOf(finding, check)),
  }
}

type ToCounts = (counts: Counts, series: CountSeries | null | undefined) => ReportCounts

function tableOf(source: TableSource, counts: ToCounts): ReportTable {
  const { by, analysis, span, sort, series } = source
  const extras = (analysis.extras ?? []).map(({ name, title, kind }) => ({ name, title, kind }))
  return {
    by,
    noun: groupNoun(analysis),
    columns: analysis.columns,
    extras,
    shown_extras: source.shownExtras ?? extras.map(({ name }) => name),
    bidirectional: analysis.bidirectional,
    rows: span.rows.map((row, i) => ({
      key: row.key,
      ...counts(row, series?.rows[i]),
      ...(row.sent !== undefined && { sent: counts(row.sent, series?.sent?.[i]) }),
      ...(row.extras !== undefined && { extras: row.extras }),
    })),
    sort,
    groups: span.rows.length + (span.other?.rows ?? 0),
    other: span.other && counts(span.other, series?.other),
  }
}

function matrixOf(tables: readonly TableSource[], counts: ToCounts): ReportMatrix | null {
  const table = tables.find(({ matrixRows }) => matrixRows !== undefined)
  if (table === undefined || table.series === null) return null
  const { columns } = table.analysis
  const address = columns.indexOf('host')
  const name = columns.indexOf('host_name')
  const hosts = table.span.rows.slice(0, table.matrixRows)
  return {
    hosts: hosts.map(({ key }) => ({ address: key[address] ?? null, name: key[name] ?? null })),
    cells: [...table.series.cells()]
      .sort((a, b) => a.from - b.from || a.to - b.to)
      .map((cell) => ({ from: cell.from, to: cell.to, ...counts(sumOf(cell), cell) })),
  }
}

/** Frames without a time are in no cell. */
function sumOf({ packets, bytes }: CellSeries): Counts {
  const add = (sum: number, value: number) => sum + value
  return { packets: packets.reduce(add, 0), bytes: bytes.reduce(add, 0) }
}

function findingOf(finding: CheckReport['findings'][number], report: CheckReport): ReportFinding {
  return { kind: finding.kind, severity: finding.severity, ...wordsOf(finding, report) }
}
