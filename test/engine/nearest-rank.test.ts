import * as fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { nearestRank, storedPlace } from '../../src/engine/nearest-rank.ts'

// The worked examples of https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method.
test.each([
  [[15, 20, 35, 40, 50], { 5: 15, 30: 20, 40: 20, 50: 35, 100: 50 }],
  [[3, 6, 7, 8, 8, 10, 13, 15, 16, 20], { 25: 7, 50: 8, 75: 15, 100: 20 }],
  [[3, 6, 7, 8, 8, 9, 10, 13, 15, 16, 20], { 25: 7, 50: 9, 75: 15, 100: 20 }],
])('of %j', (values, expected) => {
  for (const [percent, value] of Object.entries(expected)) {
    expect(values[Number(nearestRank(Number(percent), BigInt(values.length))) - 1]).toBe(value)
  }
})

it('zeros that nobody stores are values', () => {
  const anyValues = fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 50 })
  fc.assert(
    fc.property(anyValues, fc.nat(50), fc.integer({ min: 1, max: 100 }), (stored, zeros, percent) => {
      fc.pre(stored.length + zeros > 0)
      const all = [...new Array<number>(zeros).fill(0), ...stored].sort((a, b) => a - b)
      const sorted = [...stored].sort((a, b) => a - b)
      const place = storedPlace(percent, stored.length, BigInt(all.length))
      expect(place === null ? 0 : sorted[place]).toBe(all[Math.ceil((percent * all.length) / 100) - 1])
    }),
  )
})

it('more windows than a double can count', () => {
  const windows = 2n ** 62n
  expect(storedPlace(99, 5, windows)).toBeNull()
  expect(storedPlace(100, 5, windows)).toBe(4)
})
