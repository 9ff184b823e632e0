import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { compareRows } from '../../src/engine/diff-rows.ts'
import type { KeyColumn, KeyValue, Row } from '../../src/engine/records.ts'

const COLUMNS: readonly KeyColumn[] = ['host', 'host_name', 'port']

function row(key: readonly KeyValue[], bitsPerSecond: number | null, bytes = 1000): Row {
  return { key, packets: 1, bytes, bitsPerSecond }
}

test('new, gone, changed and the same, the largest change first', () => {
  const a = [row(['10.0.0.1', 'x', 80], 100), row(['10.0.0.2', 'x', 80], 50), row(['10.0.0.3', 'x', null], 7)]
  const b = [row(['10.0.0.1', 'y', 80], 150), row(['10.0.0.3', 'x', null], 7), row(['10.0.0.1', 'y', 443], 75)]
  expect(compareRows(a, b, COLUMNS)).toEqual([
    {
      key: ['10.0.0.1', 'y', 443],
      status: 'new',
      a: null,
      b: { packets: 1, bytes: 1000, bitsPerSecond: 75 },
      change: 75,
      factor: null,
    },
    {
      key: ['10.0.0.1', 'y', 80],
      status: 'changed',
      a: { packets: 1, bytes: 1000, bitsPerSecond: 100 },
      b: { packets: 1, bytes: 1000, bitsPerSecond: 150 },
      change: 50,
      factor: 1.5,
    },
    {
      key: ['10.0.0.2', 'x', 80],
      status: 'gone',
      a: { packets: 1, bytes: 1000, bitsPerSecond: 50 },
      b: null,
      change: -50,
      factor: null,
    },
    {
      key: ['10.0.0.3', 'x', null],
      status: 'same',
      a: { packets: 1, bytes: 1000, bitsPerSecond: 7 },
      b: { packets: 1, bytes: 1000, bitsPerSecond: 7 },
      change: 0,
      factor: 1,
    },
  ])
})

test('a name that only one of the two knows is shown', () => {
  const columns: readonly KeyColumn[] = ['host', 'host_name', 'host_name_source']
  const named = row(['10.0.0.1', 'desk', 'dhcp'], 1)
  const other = row(['10.0.0.1', 'printer', 'dns'], 2)
  const nameless = row(['10.0.0.1', 'Private Network', null], 3)
  const keyOf = (a: Row, b: Row) => compareRows([a], [b], columns).map(({ key }) => key.join(' '))
  expect(keyOf(named, nameless)).toEqual(['10.0.0.1 desk dhcp'])
  expect(keyOf(nameless, named)).toEqual(['10.0.0.1 desk dhcp'])
  expect(keyOf(named, other)).toEqual(['10.0.0.1 printer dns'])
})

test('without rates, counts say what is the same, and no change is known', () => {
  const key = (i: number) => [`10.0.0.${i}`, '', 1]
  const a = [row(key(1), null), row(key(2), null, 5)]
  const b = [row(key(1), 900), row(key(2), null, 6), row(key(3), 4)]
  const got = compareRows(a, b, COLUMNS).map(({ status, change, factor }) => [status, change, factor])
  expect(got).toEqual([
    ['new', 4, null],
    ['same', null, null],
    ['changed', null, null],
  ])
})

test('rates within a thousandth are the same', () => {
  const statusOf = (a: number, b: number) => compareRows([row(['x'], a)], [row(['x'], b)], ['host'])[0]!.status
  expect([
    statusOf(1000, 1001),
    statusOf(1001, 1000),
    statusOf(1000, 1002),
    statusOf(0, 0),
    statusOf(0, 0.001),
  ]).toEqual(['same', 'same', 'changed', 'same', 'changed'])
})

const anyRows = fc
  .uniqueArray(fc.tuple(fc.nat(9), fc.nat(3)), { selector: ([host]) => host })
  .map((list) => list.map(([host, rate]) => row([String(host), null, 0], rate)))

describe('any rows', () => {
  it('are each there once, and turned around the other way round', () => {
    fc.assert(
      fc.property(anyRows, anyRows, (a, b) => {
        const there = compareRows(a, b, COLUMNS)
        const keys = new Set([...a, ...b].map((one) => one.key[0]))
        expect(there.map((one) => one.key[0]).sort()).toEqual([...keys].sort())
        const sizes = there.map(({ change }) => Math.abs(change!))
        expect(sizes).toEqual(sizes.toSorted((x, y) => y - x))
        const turned = { new: 'gone', gone: 'new', changed: 'changed', same: 'same' } as const
        const back = new Map(compareRows(b, a, COLUMNS).map((one) => [one.key[0], one]))
        for (const { key, status, change } of there) {
          expect(back.get(key[0])!.status).toBe(turned[status])
          expect(back.get(key[0])!.change! + change!).toBe(0)
        }
      }),
    )
  })
})
