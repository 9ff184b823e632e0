import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortByNumber } from '../../src/engine/sort-by-number.ts'

/** Below 2^31, between, and where doubles cannot be packed with their places any more. */
const value = fc.oneof(
  fc.nat(3),
  fc.nat(5000),
  fc.integer({ min: 2 ** 31 - 3, max: 2 ** 31 + 3 }),
  fc.integer({ min: 2 ** 40, max: 2 ** 53 }),
)

test.each([5, 2000])('descending, each row once, whatever the numbers (up to %d rows)', (most) => {
  const list = fc.oneof(
    fc.array(fc.nat(3000), { maxLength: most, size: 'max' }),
    fc.array(fc.nat(2 ** 31 - 1), { maxLength: most, size: 'max' }),
    fc.array(value, { maxLength: most, size: 'max' }),
  )
  fc.assert(
    fc.property(list, fc.nat(2), (values, by) => {
      const all = new Float64Array(values.length * 3)
      for (const [i, number] of values.entries()) all[3 * i + by] = number
      const rows = Uint32Array.from(values, (_, i) => 3 * i)
      sortByNumber(rows, all, by)
      expect([...rows].map((row) => all[row + by])).toEqual(values.toSorted((a, b) => b - a))
      expect([...rows].toSorted((a, b) => a - b)).toEqual(values.map((_, i) => 3 * i))
    }),
    { numRuns: 60 },
  )
})
