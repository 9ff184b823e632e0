import { expect, test } from 'vitest'
import { loadReport } from '../../src/report/select-time.ts'
import { countsTwice, stackLayers } from '../../src/report/stack.ts'
import { capturesFolder } from '../support/captures.ts'
import { reportOn } from '../support/report-files.ts'

test('layers add up to every frame once in every bucket, by whatever table, however many there are', async () => {
  const report = loadReport((await reportOn([`${capturesFolder}office.pcap`], { top: 12 }))!)
  const { total, tables, data } = report
  for (const table of tables) {
    for (const most of [0, 1, 3, 50]) {
      const layers = stackLayers(report, table, most)
      const sums = Array.from({ length: data.time!.buckets }, (_, i) =>
        layers.reduce((sum, { bytes }) => sum + bytes[i]!, 0),
      )
      const wanted = sums.map(() => 0)
      total.series.at.forEach((bucket, i) => {
        wanted[bucket] = total.series.bytes[i]!
      })
      expect(sums, `${table.by} ${most}`).toEqual(wanted)
    }
  }
  expect(tables.filter(countsTwice).map(({ by }) => by)).toEqual(['host'])
})

test('the largest are first, and no layer is of others when there are none', async () => {
  const report = loadReport((await reportOn([`${capturesFolder}office.pcap`]))!)
  const protocols = report.tables.find(({ by }) => by === 'protocol')!
  const names = (most: number) => stackLayers(report, protocols, most).map(({ row }) => row?.key[0] ?? null)
  expect(names(2)).toEqual(['TCP', 'UDP', null])
  expect(names(9)).toEqual(['TCP', 'UDP', 'ICMP', 'ICMPv6', 'ARP'])
})
