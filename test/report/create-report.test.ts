import { expect, test } from 'vitest'
import { createCountSeries } from '../../src/engine/group-series.ts'
import { createReport, type TableSource } from '../../src/report/create-report.ts'
import { decodeSeries, sumRange } from '../../src/report/series.ts'
import { capturesFolder } from '../support/captures.ts'
import { reportSourceOf } from '../support/report-files.ts'

const source = (await reportSourceOf([`${capturesFolder}office.pcap`]))!

test('it is JSON: what is read back is what was written', () => {
  const data = createReport(source)
  expect(JSON.parse(JSON.stringify(data))).toEqual(data)
  expect(data).toMatchObject({
    report_version: 1,
    first_ns: String(source.capture.firstNs),
    since_ns: null,
    findings: null,
  })
})

test('a report that would be too large has longer buckets, and the same sums', () => {
  const { grid, total } = source.timeline!
  const busy = () => {
    const series = createCountSeries(grid.buckets)
    series.packets.fill(1_234_567)
    series.bytes.fill(123_456_789)
    return series
  }
  const [first] = source.tables as [TableSource]
  const rows = Array.from({ length: 500 }, () => first.span.rows[0]!)
  const series = { rows: rows.map(busy), sent: null, other: total } as unknown as TableSource['series']
  const table: TableSource = { ...first, series, span: { ...first.span, rows } }
  const data = createReport({ ...source, tables: [table] })
  expect(data.time!.buckets).toBeLessThan(grid.buckets)
  expect(JSON.stringify(data).length).toBeLessThan(2_500_000)
  const whole = { start: 0, end: data.time!.buckets }
  for (const row of data.tables[0]!.rows) {
    expect(sumRange(decodeSeries(row.series), whole).bytes).toBe(123_456_789 * grid.buckets)
  }
})
