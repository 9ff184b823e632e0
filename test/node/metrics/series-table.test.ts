import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SeriesRow, SeriesTable } from '../../../src/node/metrics/series-table.ts'

const NOTHING = { packets: 0, bytes: 0 }
const row = (name: string, bytes: number): SeriesRow => ({ labels: [name], packets: 1, bytes })
const listed = (table: SeriesTable) => Object.fromEntries(table.tell().map(({ labels, bytes }) => [labels[0], bytes]))

test('rows are listed while there is room; the rest and what is in no row count as others', () => {
  const table = new SeriesTable(2)
  table.add(1, [row('a', 100), row('b', 50), row('c', 60)], { packets: 3, bytes: 7 })
  expect([listed(table), table.other]).toEqual([
    { a: 100, b: 50 },
    { packets: 4, bytes: 67 },
  ])
})

test('a row takes the place of another when it has clearly more, with what it has from then on', () => {
  const table = new SeriesTable(1)
  table.add(1, [row('a', 100)], NOTHING)
  table.add(2, [row('b', 150)], NOTHING)
  expect([listed(table), table.other.bytes]).toEqual([{ a: 100 }, 150])
  table.add(3, [row('b', 150)], NOTHING)
  expect([listed(table), table.other.bytes]).toEqual([{ b: 150 }, 150])
  // Back again, it goes on from what it had counted.
  table.add(4, [row('a', 10_000)], NOTHING)
  expect(listed(table)).toEqual({ a: 10_100 })
})

test('what was long ago weighs little', () => {
  const table = new SeriesTable(1)
  table.add(0, [row('a', 1000)], NOTHING)
  table.add(3600, [row('b', 10)], NOTHING)
  expect(listed(table)).toEqual({ b: 10 })
})

test('no number ever falls, all of them are the sum, and there are never more than that', () => {
  const rows = fc.array(fc.tuple(fc.nat(20), fc.nat(1000)), { maxLength: 10 })
  const window = fc.record({ rows, isTold: fc.boolean() })
  fc.assert(
    fc.property(fc.array(window, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (windows, most) => {
      const table = new SeriesTable(most)
      const last = new Map<string, number>()
      let sum = 0
      let before = 0
      for (const [second, { rows, isTold }] of [...windows, { rows: [], isTold: true }].entries()) {
        table.add(
          second * 60,
          rows.map(([name, bytes]) => row(`${name}`, bytes)),
          { packets: 1, bytes: 5 },
        )
        sum += rows.reduce((total, [, bytes]) => total + bytes, 5)
        expect(table.size).toBeLessThanOrEqual(most)
        if (!isTold) continue
        for (const { labels, bytes } of table.tell()) {
          expect(bytes).toBeGreaterThanOrEqual(last.get(labels[0]!) ?? 0)
          last.set(labels[0]!, bytes)
        }
        expect(table.other.bytes).toBeGreaterThanOrEqual(before)
        before = table.other.bytes
      }
      expect([...last.values()].reduce((total, bytes) => total + bytes, table.other.bytes)).toBe(sum)
    }),
  )
})

test('a scan of more rows than are remembered stays bounded, and the large row listed', () => {
  const table = new SeriesTable(10)
  table.add(0, [row('large', 1e9)], NOTHING)
  for (let i = 0; i < 30; i++)
    table.add(
      i,
      Array.from({ length: 1000 }, (_, n) => row(`${i}.${n}`, 60)),
      NOTHING,
    )
  expect(listed(table).large).toBe(1e9)
  expect(table.other.bytes + Object.values(listed(table)).reduce((a, b) => a + b)).toBe(1e9 + 30 * 1000 * 60)
})
