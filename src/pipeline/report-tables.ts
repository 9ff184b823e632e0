/** Counts of flows → the tables of a report: which there are, their rows, and places for the curves of these. */
import type { FlowCountRows } from '../capture/counter.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import type { Basis } from '../capture/parser.ts'
import { parseBy } from '../engine/by.ts'
import { GroupSeries } from '../engine/group-series.ts'
import { GroupSums } from '../engine/group-sums.ts'
import type { Grouping } from '../engine/grouping.ts'
import { Groups } from '../engine/groups.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import type { RankedGroups } from '../engine/ranked-groups.ts'
import { rankRows, type SortColumn } from '../engine/ranking.ts'
import type { Counts, ExtraColumn, KeyColumn, OtherRow, Row } from '../engine/records.ts'
import { tcpColumns } from '../engine/tcp-columns.ts'
import type { TableSource } from '../report/create-report.ts'
import { describeAnalysis } from './analyze.ts'
import { labelRow } from './label-rows.ts'
import type { RowLabels } from './row-labels.ts'
import type { TcpReading } from './tcp-reading.ts'

/** What every report has a table of. */
const ALWAYS = ['host', 'conversation', 'protocol', 'service']
const HEALTH_SORT = 'retransmissions'
const MATRIX_ROWS = 20

export interface ReportTablePlan {
  readonly by: string
  readonly grouping: Grouping
  /** The one of TCP health. */
  readonly isHealth: boolean
}

/** What was asked for, and then those that always are, each once. */
export function tablesFor(by: string, hasHealth: boolean): ReportTablePlan[] {
  const tables: ReportTablePlan[] = []
  for (const text of [by, ...ALWAYS]) {
    const grouping = parseBy(text)
    if (!tables.some((table) => isSame(table.grouping, grouping))) tables.push({ by: text, grouping, isHealth: false })
  }
  if (hasHealth) tables.push({ by: 'conversation', grouping: parseBy('conversation'), isHealth: true })
  return tables
}

function isSame(a: Grouping, b: Grouping): boolean {
  return a.sides === b.sides && a.columns.join() === b.columns.join() && a.parts.every((part, i) => part === b.parts[i])
}

export interface CountedFlows {
  readonly flows: FlowTable
  /** KEY_ bits that the flows are told apart by. */
  readonly keyFields: number
  /** Of the whole capture. */
  readonly counts: FlowCountRows
  readonly firstNs: bigint | null
  readonly lastNs: bigint | null
  readonly total: Counts
  readonly names: KeyNames
  readonly tcp: TcpReading | null
}

export interface TableOptions {
  readonly sort: SortColumn
  /** Rows of each table. */
  readonly top: number
  readonly basis?: Basis
  /** Of a table by these keys: further columns that follow from them. */
  readonly labelsOf?: ((columns: readonly KeyColumn[]) => readonly RowLabels[]) | undefined
}

export interface RankedTable extends ReportTablePlan {
  readonly groups: Groups
  readonly ranked: RankedGroups
  readonly other: OtherRow | null
  readonly sort: SortColumn
  readonly extras: readonly ExtraColumn[]
  readonly rows: readonly Row[]
}

export function rankTables(
  plans: readonly ReportTablePlan[],
  { flows, keyFields, counts, firstNs, lastNs, names, tcp }: CountedFlows,
  options: TableOptions,
): RankedTable[] {
  const durationNs = firstNs === null || lastNs === null ? 0n : lastNs - firstNs
  return plans.map(({ by, grouping, isHealth }) => {
    const groups = new Groups(grouping, flows, keyFields, names)
    const sums = new GroupSums(groups)
    sums.addRows(counts, 1)
    const measures = isHealth && tcp !== null ? tcp.measures(groups) : null
    const sort = isHealth ? HEALTH_SORT : options.sort
    const ranking = rankRows(sums, { sort, top: options.top }, durationNs, measures)
    const labels = isHealth ? [] : (options.labelsOf?.(grouping.columns) ?? [])
    const extras = [...(measures?.columns ?? []), ...labels.flatMap(({ columns }) => columns)]
    const rows = ranking.ranked.rows().map((row) => labelRow(row, labels))
    return { by, grouping, isHealth, groups, ...ranking, sort, extras, rows }
  })
}

/** `series` is null where no frame has a time. */
export function tableSource(
  table: RankedTable,
  series: GroupSeries | null,
  { firstNs, lastNs, total, names }: Pick<CountedFlows, 'firstNs' | 'lastNs' | 'total' | 'names'>,
  { basis = 'frame' }: Pick<TableOptions, 'basis'>,
): TableSource {
  const { by, grouping, extras, rows, other, sort, isHealth } = table
  return {
    by,
    analysis: describeAnalysis({ grouping, names, basis, extras }),
    span: { type: 'span', startNs: firstNs, endNs: lastNs, rows, other, total },
    sort,
    ...(isHealth && { shownExtras: tcpColumns(true, []).map(({ name }) => name) }),
    series,
    ...(by === 'host' && { matrixRows: Math.min(MATRIX_ROWS, rows.length) }),
  }
}

export function createSeries(
  { by, groups, ranked }: Pick<RankedTable, 'by' | 'groups' | 'ranked'>,
  buckets: number,
  evictedFlow?: number | undefined,
): GroupSeries {
  const kept = Array.from({ length: ranked.length }, (_, i) => ranked.group(i))
  return new GroupSeries({
    groups,
    kept,
    buckets,
    evictedFlow,
    ...(by === 'host' && { matrixRows: Math.min(MATRIX_ROWS, kept.length) }),
  })
}
