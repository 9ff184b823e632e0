import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { feedTables } from '../../src/pipeline/live-feed.ts'
import { LiveHistory } from '../../src/report/live-history.ts'
import type { LiveSecond } from '../../src/report/live-messages.ts'
import { capturesFolder } from '../support/captures.ts'
import { type Told, toldOf } from '../support/live-updates.ts'
import { reportOn } from '../support/report-files.ts'

const OFFICE = `${capturesFolder}office.pcap`

const secondsOf = ({ updates }: Told) => updates.flatMap(({ second }) => second ?? []) as LiveSecond[]

describe('tables', () => {
  test('what was asked for, and what always is, each once', () => {
    const words = (by: string) => feedTables(by, parseBy(by), 'frame').map((table) => table.by)
    expect(words('pair')).toEqual(['pair', 'host', 'conversation', 'protocol', 'service'])
    expect(words('host')).toEqual(['host', 'conversation', 'protocol', 'service'])
    expect(words('port')).toEqual(['port', 'host', 'conversation', 'protocol'])
    expect(feedTables('vlan', parseBy('vlan'), 'frame')[0]).toMatchObject({ noun: 'VLAN', columns: ['vlan'] })
  })
})

describe('what pages are told of a capture', () => {
  test('adds up to the report of the same file, whose counting is another', async () => {
    const told = await toldOf(OFFICE)
    const history = new LiveHistory(told.start)
    // As a page gets it.
    for (const update of told.updates) history.add(JSON.parse(JSON.stringify(update)))
    const live = history.report().data
    const report = (await reportOn([OFFICE], {
      names: createEndpointNamer(),
      book: undefined,
      labelsOf: undefined,
      top: 1000,
    }))!
    expect([live.total.packets, live.total.bytes]).toEqual([report.total.packets, report.total.bytes])
    const rowsOf = (data: typeof live, i: number) =>
      Object.fromEntries(
        data.tables[i]!.rows.map(({ key, packets, bytes, sent }) => [
          JSON.stringify(key),
          [packets, bytes, sent?.packets, sent?.bytes],
        ]),
      )
    expect(live.tables.map(({ by, groups, other }) => [by, groups, other])).toEqual(
      report.tables.map(({ by, groups }) => [by, groups, null]),
    )
    for (const i of report.tables.keys()) expect(rowsOf(live, i)).toEqual(rowsOf(report, i))
    const cellsOf = ({ matrix }: typeof live) =>
      matrix!.cells
        .map(({ from, to, packets, bytes }) => [
          matrix!.hosts[from]!.address,
          matrix!.hosts[to]!.address,
          packets,
          bytes,
        ])
        .map((cell) => cell.join())
        .sort()
    expect(cellsOf(live)).toEqual(cellsOf(report))
  })

  test('is of seconds: each has its own rows, and the total is theirs', async () => {
    const told = await toldOf(OFFICE)
    const seconds = secondsOf(told)
    expect(seconds.length).toBeGreaterThan(10)
    expect(seconds.map(({ number }) => number)).toEqual(
      [...new Set(seconds.map(({ number }) => number))].sort((a, b) => a - b),
    )
    const sum = (counts: readonly { readonly packets: number; readonly bytes: number }[]) => [
      counts.reduce((all, { packets }) => all + packets, 0),
      counts.reduce((all, { bytes }) => all + bytes, 0),
    ]
    expect(sum(seconds)).toEqual([told.frames, told.bytes])
    for (const { packets, bytes, tables } of seconds) {
      // Pairs: each frame is in one.
      expect(sum(tables[0]!.rows.map(([, , packets, bytes]) => ({ packets, bytes })))).toEqual([packets, bytes])
    }
  })

  test.each([1, 2, 5])('with %i rows a table nothing is lost: the others are one', async (top) => {
    const [some, all] = [await toldOf(OFFICE, { top }), await toldOf(OFFICE)]
    const sums = (told: Told) =>
      secondsOf(told).map(({ number, tables, packets, bytes }) => ({
        number,
        packets,
        bytes,
        tables: tables.map(({ rows, other, groups }) => ({
          groups,
          packets: rows.reduce((sum, row) => sum + row[2], other?.[0] ?? 0),
          bytes: rows.reduce((sum, row) => sum + row[3], other?.[1] ?? 0),
        })),
      }))
    expect(sums(some)).toEqual(sums(all))
    for (const { tables } of secondsOf(some)) {
      for (const { rows, other } of tables) {
        expect(rows.length).toBeLessThanOrEqual(top)
        if (rows.length < top) expect(other).toBeNull()
      }
    }
  })

  test('a row that had much lately stays, though others have more for a moment', async () => {
    // By host, 4 of 20 rows: those that carry the capture.
    const rows = secondsOf(await toldOf(OFFICE, { by: 'host', top: 4 })).map(({ tables }) => tables[0]!.rows)
    const seconds = new Map<string, number>()
    for (const some of rows)
      for (const [, key] of some) seconds.set(String(key[0]), (seconds.get(String(key[0])) ?? 0) + 1)
    const all = secondsOf(await toldOf(OFFICE, { by: 'host' })).map(({ tables }) => tables[0]!.rows)
    // The host with most traffic is told in each second that it has any.
    const present = all.filter((some) => some.some(([, key]) => key[0] === '192.168.1.20')).length
    expect(seconds.get('192.168.1.20')).toBe(present)
  })
})
