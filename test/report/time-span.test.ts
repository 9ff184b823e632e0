import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rangeOfSpan, spanOfRange } from '../../src/report/time-span.ts'

const time = fc.record({
  origin_ns: fc.bigInt(-(2n ** 62n), 2n ** 62n).map(String),
  step_ns: fc.bigInt(1n, 10n ** 15n).map(String),
  buckets: fc.integer({ min: 1, max: 800 }),
})

test('a range is the same range of the same buckets; all of them are no range', () => {
  fc.assert(
    fc.property(time, fc.nat(799), fc.nat(799), (grid, a, b) => {
      const [start, last] = [a % grid.buckets, b % grid.buckets].sort((x, y) => x - y) as [number, number]
      const range = { start, end: last + 1 }
      const isAll = start === 0 && range.end === grid.buckets
      expect(rangeOfSpan(grid, spanOfRange(grid, range))).toEqual(isAll ? null : range)
    }),
  )
})

test('of any other buckets it is those that have a part of it', () => {
  fc.assert(
    fc.property(time, fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.bigInt(1n, 10n ** 15n), (grid, from, length) => {
      const startNs = BigInt(grid.origin_ns) + from
      const span = { startNs, endNs: startNs + length }
      const touched = Array.from({ length: grid.buckets }, (_, i) => i).filter((i) => {
        const bucket = spanOfRange(grid, { start: i, end: i + 1 })
        return bucket.startNs < span.endNs && bucket.endNs > span.startNs
      })
      const range = rangeOfSpan(grid, span)
      if (touched.length === 0 || touched.length === grid.buckets) expect(range).toBeNull()
      else expect(range).toEqual({ start: touched[0], end: touched.at(-1)! + 1 })
    }),
  )
})

test('a bucket in the year 2262 is told from its neighbour', () => {
  const grid = { origin_ns: '9223372036854775000', step_ns: '1', buckets: 800 }
  expect(rangeOfSpan(grid, { startNs: 9223372036854775400n, endNs: 9223372036854775401n })).toEqual({
    start: 400,
    end: 401,
  })
})
