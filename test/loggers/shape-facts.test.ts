import { expect, test } from 'vitest'
import { shapeColumns } from '../../src/engine/shape-columns.ts'
import type { ShapeFacts } from '../../src/engine/shape-facts.ts'
import { shapeFacts, shapeObject } from '../../src/loggers/shape-facts.ts'
import { SECOND, START } from './records.ts'

const link = { bitsPerSecond: 1e9, above: 0.9 }
const shape: ShapeFacts = {
  windows: { lengthNs: SECOND, count: 300, idle: 12, busiest: { startNs: START, bitsPerSecond: 34e6 } },
  bursts: {
    lengthNs: SECOND / 1000n,
    count: 300_000,
    idle: 0,
    busiest: { startNs: START + 1000n, bitsPerSecond: 6e8 },
  },
  link,
  columns: shapeColumns({ windowNs: SECOND, burstNs: 1n, link }),
  totals: [0, 28e6, 34e6, 27e6, 31e6, 33e6, 6e8, 0.0001],
  exact: true,
  unknown: 0,
}
const lines = (facts: ShapeFacts) => shapeFacts(facts, 'auto').map(({ label, lines }) => [label, ...lines])

test('windows, bursts, and how much of the link', () => {
  expect(lines(shape)).toEqual([
    [
      'Windows',
      '300 of 1 s, 12 idle (counted as zero)',
      'busiest window 2025-11-03 10:00:05 to 10:00:06 UTC: 34.00 Mbit/s',
    ],
    [
      'Bursts',
      '300000 of 1 ms, none idle',
      'busiest burst 2025-11-03 10:00:05.000001 to 10:00:05.001001 UTC: 600.00 Mbit/s',
    ],
    ['Link', '1.00 Gbit/s: mean 2.8%, max 3.4%, p95 3.1%, peak 60.0%; above 90% for <0.1% of the time'],
  ])
})

test('says what is not exact and not known', () => {
  expect(lines({ ...shape, windows: null, bursts: null, link: null, exact: false, unknown: 1 })).toEqual([
    ['Percentiles', 'within 1%: there are too many windows and rows for exact ones'],
    ['Not known', '1 row whose flows or values were too many'],
  ])
})

test('without a frame', () => {
  const none = { lengthNs: SECOND, count: 0, idle: 0, busiest: null }
  const facts = { ...shape, windows: none, bursts: null, totals: shape.totals.map(() => null) }
  expect(lines(facts)).toEqual([
    ['Windows', '0 of 1 s, none idle'],
    ['Link', '1.00 Gbit/s'],
  ])
  expect(shapeObject(facts)).toMatchObject({
    windows: { seconds: 1, count: 0, busiest: null },
    total: { p95_bits_per_second: null },
  })
})

test('as JSON', () => {
  expect(shapeObject(shape)).toEqual({
    windows: { seconds: 1, count: 300, idle: 12, busiest: { start_ns: '1762164005000000000', bits_per_second: 34e6 } },
    bursts: {
      seconds: 0.001,
      count: 300_000,
      idle: 0,
      busiest: { start_ns: '1762164005000001000', bits_per_second: 6e8 },
    },
    link: {
      bits_per_second: 1e9,
      above_share: 0.9,
      min_share: 0,
      mean_share: 0.028,
      max_share: 0.034,
      p50_share: 0.027,
      p95_share: 0.031,
      p99_share: 0.033,
      peak_share: 0.6,
    },
    total: {
      min_bits_per_second: 0,
      mean_bits_per_second: 28e6,
      max_bits_per_second: 34e6,
      p50_bits_per_second: 27e6,
      p95_bits_per_second: 31e6,
      p99_bits_per_second: 33e6,
      peak_bits_per_second: 6e8,
      time_above_share: 0.0001,
    },
    percentiles_exact: true,
    unknown_rows: 0,
  })
})
