/** A report is no estimate: whatever part of the time is looked at, its numbers are those that analyze has for it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { Counts, KeyValue, SpanRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { countsIn, type LoadedReport, loadReport, timesOf } from '../../src/report/select-time.ts'
import { countsTwice } from '../../src/report/stack.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'
import { rangesHere } from '../support/ranges-here.ts'
import { reportOn as reportWithNames } from '../support/report-files.ts'

const captures = captureFiles()
/** Addresses only, as the helper of analyze has them. */
const reportOn: typeof reportWithNames = (files, options) =>
  reportWithNames(files, { names: createEndpointNamer(), book: undefined, ...options })
const textOf = (key: readonly KeyValue[]) => JSON.stringify(key)

function sumOf(counts: readonly Counts[]): Counts {
  return counts.reduce((sum, { packets, bytes }) => ({ packets: sum.packets + packets, bytes: sum.bytes + bytes }), {
    packets: 0,
    bytes: 0,
  })
}

const whole = ({ data }: LoadedReport) => (data.time === null ? null : { start: 0, end: data.time.buckets })

describe.each(captures)('%s', (file) => {
  test('rows and others are the total; so are their buckets, of what has a time', async () => {
    for (const top of [2, 50]) {
      const data = await reportOn([capturesFolder + file], { top })
      if (data === null) continue
      const report = loadReport(data)
      const untimed = report.data.capture.frames as number
      for (const table of report.tables) {
        const parts = [...table.rows, ...(table.other === null ? [] : [table.other])]
        expect(table.other === null).toBe(table.groups <= top)
        if (!countsTwice(table)) {
          expect(sumOf(parts)).toEqual({ packets: report.total.packets, bytes: report.total.bytes })
          const range = whole(report)
          if (range !== null)
            expect(sumOf(parts.map((part) => countsIn(part, range)))).toEqual(countsIn(report.total, range))
        }
        for (const row of table.rows) {
          if (whole(report) === null) continue
          const timed = countsIn(row, whole(report))
          expect(timed.packets).toBeLessThanOrEqual(row.packets)
          if (countsIn(report.total, whole(report)).packets === untimed) expect(timed.packets).toBe(row.packets)
        }
      }
    }
  })
})

describe('any part of the time has the numbers of analyze --since --until', () => {
  const files = [
    'office.pcap',
    'office-snaplen-96.pcap',
    'time-backwards.pcap',
    'two-interfaces.pcapng',
    'pcapng-tsoffset.pcapng',
  ]

  test.each(files)('%s', async (file) => {
    const path = capturesFolder + file
    const report = loadReport((await reportOn([path], { top: 1000 }))!)
    const { buckets } = report.data.time!
    const part = fc.tuple(fc.nat(buckets - 1), fc.integer({ min: 1, max: buckets }), fc.constantFrom(...report.tables))
    await fc.assert(
      fc.asyncProperty(part, async ([start, length, table]) => {
        const range = { start, end: Math.min(buckets, start + length) }
        const { startNs, endNs } = timesOf(report.data, range)
        const { records } = await analyzeFiles([path], {
          grouping: parseBy(table.by),
          sinceNs: startNs!,
          untilNs: endNs!,
        })
        const span = records.find((record): record is SpanRecord => record.type === 'span')!
        const wanted = span.rows.map(({ key, packets, bytes, sent }) => [textOf(key), packets, bytes, sent ?? null])
        const shown = table.rows
          .map((row) => ({ row, ...countsIn(row, range) }))
          .filter(({ packets }) => packets > 0)
          .map(({ row, packets, bytes }) => [textOf(row.key), packets, bytes, row.sent && countsIn(row.sent, range)])
        expect(shown.sort()).toEqual(wanted.sort())
        expect(countsIn(report.total, range)).toEqual(span.total)
      }),
      { numRuns: 25 },
    )
  })
})

test('cells between hosts are the pairs of these hosts', async () => {
  const path = `${capturesFolder}office.pcap`
  const report = loadReport((await reportOn([path]))!)
  const { records } = await analyzeFiles([path], { grouping: parseBy('src,dst') })
  const span = records.find((record): record is SpanRecord => record.type === 'span')!
  const place = (address: KeyValue | undefined) =>
    report.data.matrix!.hosts.findIndex((host) => host.address === address)
  const columns = parseBy('src,dst').columns
  const wanted = span.rows
    .map(({ key, packets, bytes }) => ({
      from: place(key[columns.indexOf('src')]),
      to: place(key[columns.indexOf('dst')]),
      packets,
      bytes,
    }))
    .filter(({ from, to }) => from >= 0 && to >= 0)
  const cells = report.cells.map(({ from, to, packets, bytes }) => ({ from, to, packets, bytes }))
  const inOrder = (list: typeof wanted) => list.sort((a, b) => a.from - b.from || a.to - b.to)
  expect(cells.length).toBeGreaterThan(5)
  expect(inOrder(cells)).toEqual(inOrder(wanted))
})

test('threads, and their number, change nothing', async () => {
  for (const file of ['office.pcap', 'office.pcapng', 'fragments.pcapng']) {
    const path = capturesFolder + file
    const one = await reportOn([path], { segmentBytes: 4096 })
    for (const jobs of [1, 3]) {
      const here = rangesHere(jobs)
      const many = await reportOn([path], { segmentBytes: 4096, startRanges: here.start })
      expect(many, file).toEqual(one)
      if (file === 'office.pcap') expect(here.counted).toBeGreaterThan(5)
    }
  }
})

test('several captures are one', async () => {
  const files = ['office.pcap', 'arp.pcap', 'vlan.pcapng'].map((file) => capturesFolder + file)
  const data = (await reportOn(files))!
  const { records } = await analyzeFiles(files)
  const span = records.find((record): record is SpanRecord => record.type === 'span')!
  expect(data.tables[0]!.rows.map(({ key, packets, bytes }) => ({ key, packets, bytes }))).toEqual(
    span.rows.slice(0, 50).map(({ key, packets, bytes }) => ({ key, packets, bytes })),
  )
})

test('more flows than are kept: the rows that stay, and what is left of every bucket', async () => {
  const path = `${capturesFolder}office.pcap`
  const data = (await reportOn([path], { maxFlows: 10, segmentBytes: 4096 }))!
  const report = loadReport(data)
  const range = { start: 0, end: data.time!.buckets }
  const [table] = report.tables
  const parts = [...table!.rows, ...(table!.other === null ? [] : [table!.other])]
  expect(table!.rows.some(({ key }) => key.includes('(evicted)'))).toBe(true)
  expect(sumOf(parts.map((part) => countsIn(part, range)))).toEqual(countsIn(report.total, range))
  expect(countsIn(report.total, range).packets).toBe(812)
})

test('tables: the one that was asked for first, each once', async () => {
  const tables = async (by: string) =>
    (await reportOn([`${capturesFolder}office.pcap`], { by }))!.tables.map((table) => table.by)
  expect(await tables('pair')).toEqual(['pair', 'host', 'conversation', 'protocol', 'service'])
  expect(await tables(' Host')).toEqual(['host', 'conversation', 'protocol', 'service'])
  expect(await tables('port')).toEqual(['port', 'host', 'conversation', 'protocol'])
})

test('without frames, or times, there is nothing over time', async () => {
  const empty = (await reportOn([`${capturesFolder}no-frames.pcap`]))!
  expect([empty.time, empty.total.packets, empty.tables[0]!.rows]).toEqual([null, 0, []])
  expect(await reportOn([`${capturesFolder}broken/text.pcap`])).toBeNull()
})
