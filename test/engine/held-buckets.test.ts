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
  expect(held.rowCount).toBe(4)
  held.compact()
  expect(held.rowCount).toBe(3)
  held.add(-5n, rows(7, 1, 1))
  expect([...held.take(-5n)].sort((a, b) => a - b)).toEqual([...rows(7, 3, 201, 8, 2, 100)].sort((a, b) => a - b))
  expect(held.rowCount).toBe(1)
  expect(held.take(-5n)).toEqual(rows())
  expect(held.take(10n ** 20n)).toEqual(rows(1, 1, 100))
  expect([held.rowCount, held.numbers()]).toEqual([0, []])
})
