import { expect, test } from 'vitest'
import { shapeColumns, shapeGrain } from '../../src/engine/shape-columns.ts'

const link = { bitsPerSecond: 1e9, above: 0.9 }
const names = (options: Parameters<typeof shapeColumns>[0]) =>
  shapeColumns(options).map(({ name, title }) => `${title} ${name}`)

test('columns are those of what was asked for', () => {
  expect(names({ windowNs: null, burstNs: 1n, link: null })).toEqual(['peak peak_bits_per_second'])
  expect(names({ windowNs: 1n, burstNs: 1n, link })).toEqual([
    'min min_bits_per_second',
    'mean mean_bits_per_second',
    'max max_bits_per_second',
    'p50 p50_bits_per_second',
    'p95 p95_bits_per_second',
    'p99 p99_bits_per_second',
    'peak peak_bits_per_second',
    'above time_above_share',
  ])
})

const both = { windowNs: 4_000_000n, burstNs: 1_000_000n, link }

test('the grain is the burst, and windows are a whole number of them', () => {
  expect(shapeGrain(both)).toBe(1_000_000n)
  expect(shapeGrain({ ...both, burstNs: null })).toBe(4_000_000n)
  expect(() => shapeGrain({ ...both, burstNs: 3_000_000n })).toThrow('whole number of bursts')
  expect(() => shapeGrain({ ...both, burstNs: null, windowNs: null })).toThrow('a window or a burst')
})
