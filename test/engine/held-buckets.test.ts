import { expect, it } from 'vitest'
import { HeldBuckets } from '../../src/engine/held-buckets.ts'

const rows = (...numbers: number[]) => Float64Array.from(numbers)

it('hands buckets out earliest first, the pieces of one added up', () => {
  const held = new HeldBuckets()
  held.add(10n ** 20n, rows(1, 1, 100))
  held.add(-5n, rows(7, 2, 200, 8, 1, 60))
  held.add(3n, rows())
  held.add(-5n, rows(8, 1, 40))
  expect(held.numbers()).toEqual([-5n, 10n ** 20n])
  // Two buckets of 20 rows, and four rows in three pieces.
  expect(held.cost).toBe(2 * 20 + 4)
  expect([held.costOf(-5n), held.costOf(10n ** 20n), held.costOf(3n)]).toEqual([20 + 3, 20 + 1, 0])
  held.compact()
  expect([held.cost, held.costOf(-5n)]).toEqual([2 * 20 + 3, 20 + 2])
  held.add(-5n, rows(7, 1, 1))
  expect([...held.take(-5n)].sort((a, b) => a - b)).toEqual([...rows(7, 3, 201, 8, 2, 100)].sort((a, b) => a - b))
  expect(held.cost).toBe(20 + 1)
  expect(held.take(-5n)).toEqual(rows())
  expect(held.take(10n ** 20n)).toEqual(rows(1, 1, 100))
  expect([held.cost, held.numbers()]).toEqual([0, []])
})
