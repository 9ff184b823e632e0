/**
 * A table of a report → CSV. Of the whole capture it has the bytes that `netkit analyze --format csv` writes with the report's
 * grouping, order and --top; of a part of the time, its window is that part.
 */
import type { Analysis, Row, SpanRecord } from '../engine/records.ts'
import { createCsvLogger } from '../loggers/csv.ts'
import { countsIn, type LoadedReport, type LoadedTable, rateIn, type TimeChoice, timesOf } from './select-time.ts'

export function csvOf({ data, total }: LoadedReport, table: LoadedTable, range: TimeChoice): string {
  const analysis: Analysis = {
    columns: table.columns,
    windowNs: null,
    basis: data.basis,
    bidirectional: table.bidirectional,
    ...(table.extras.length > 0 && { extras: table.extras }),
  }
  const rateOf = rateIn(data, range)
  const rows = table.rows.map((row): Row => {
    const counts = countsIn(row, range)
    return {
      key: row.key,
      ...counts,
      bitsPerSecond: rateOf(counts.bytes),
      ...(row.sent !== null && { sent: countsIn(row.sent, range) }),
      ...(row.extras.length > 0 && { extras: row.extras }),
    }
  })
  const other = table.other && countsIn(table.other, range)
  const span: SpanRecord = {
    type: 'span',
    ...timesOf(data, range),
    rows: range === null ? rows : rows.filter(({ packets }) => packets > 0),
    other: other && { ...other, bitsPerSecond: rateOf(other.bytes), rows: table.groups - table.rows.length },
    total: countsIn(total, range),
  }
  const logger = createCsvLogger(analysis, {})
  return [logger.begin(), ...logger.record(span), logger.end()].join('')
}
