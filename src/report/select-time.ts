/** A report and a part of its time → what its tables are then: exact for every row that is kept, and for the sum of all others. */
import { rateOver } from '../engine/rate.ts'
import type { Counts, KeyValue } from '../engine/records.ts'
import type { ReportCounts, ReportData, ReportTable } from './report-data.ts'
import { type BucketRange, decodeSeries, type Series, sumRange } from './series.ts'

/** Counts with their curve. */
export interface Curve extends Counts {
  readonly series: Series
}

export interface LoadedRow extends Curve {
  readonly key: readonly KeyValue[]
  readonly sent: Curve | null
  readonly extras: readonly (number | string | null)[]
}

export interface LoadedTable extends Omit<ReportTable, 'rows' | 'other'> {
  readonly rows: readonly LoadedRow[]
  readonly other: Curve | null
}

export interface LoadedCell extends Curve {
  readonly from: number
  readonly to: number
}

/** The data with its series ready to be added up. */
export interface LoadedReport {
  readonly data: ReportData
  readonly total: Curve
  readonly tables: readonly LoadedTable[]
  readonly cells: readonly LoadedCell[]
}

export function loadReport(data: ReportData): LoadedReport {
  return {
    data,
    total: curveOf(data.total),
    tables: data.tables.map((table) => ({
      ...table,
      rows: table.rows.map(({ key, sent, extras = [], ...counts }) => ({
        key,
        ...curveOf(counts),
        sent: sent === undefined ? null : curveOf(sent),
        extras,
      })),
      other: table.other && curveOf(table.other),
    })),
    cells: (data.matrix?.cells ?? []).map(({ from, to, ...counts }) => ({ from, to, ...curveOf(counts) })),
  }
}

function curveOf({ packets, bytes, series }: ReportCounts): Curve {
  return { packets, bytes, series: decodeSeries(series) }
}

/** Null for the whole capture, frames without a time among it. */
export type TimeChoice = BucketRange | null

/** What was counted in the chosen time. */
export function countsIn({ packets, bytes, series }: Curve, range: TimeChoice): Counts {
  return range === null ? { packets, bytes } : sumRange(series, range)
}

export interface SpanTimes {
  readonly startNs: bigint | null
  readonly endNs: bigint | null
}

/** From the first frame to the last, or the buckets of the range. */
export function timesOf({ first_ns, last_ns, time }: ReportData, range: TimeChoice): SpanTimes {
  if (range !== null && time !== null) {
    const origin = BigInt(time.origin_ns)
    const step = BigInt(time.step_ns)
    return { startNs: origin + BigInt(range.start) * step, endNs: origin + BigInt(range.end) * step }
  }
  return {
    startNs: first_ns === null ? null : BigInt(first_ns),
    endNs: last_ns === null ? null : BigInt(last_ns),
  }
}

/** Bytes to bit/s over the chosen time; null when it has no length. */
export function rateIn(data: ReportData, range: TimeChoice): (bytes: number) => number | null {
  const { startNs, endNs } = timesOf(data, range)
  return rateOver(startNs === null || endNs === null ? 0n : endNs - startNs)
}
