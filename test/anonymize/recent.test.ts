import { expect, test } from 'vitest'
import { Recent } from '../../src/anonymize/recent.ts'

test('makes an answer once, and forgets those that nobody asked for', () => {
  const recent = new Recent<number>(2)
  let made = 0
  const ask = (key: string) => recent.get(key, () => ++made)
  expect([ask('a'), ask('a'), ask('b'), ask('c'), ask('a')]).toEqual([1, 1, 2, 3, 1])
  // Two maps of two: a and c are young, b is old and goes with the next.
  expect([ask('d'), ask('e'), ask('b')]).toEqual([4, 5, 6])
})
