import { expect, test } from 'vitest'
import { decimalsFor, formatSpan } from '../../src/loggers/span-text.ts'
import { SECOND, START } from './records.ts'

test('as many decimals as the coarsest of s, ms, µs and ns that every length is made of', () => {
  expect(decimalsFor(5n * SECOND)).toBe(0)
  expect(decimalsFor(1_500_000_000n)).toBe(3)
  expect(decimalsFor(250_000n)).toBe(6)
  expect(decimalsFor(10n)).toBe(9)
  expect(decimalsFor(10n * SECOND, 500_000_000n)).toBe(3)
})

test.each([
  [5n * SECOND, 0, null, '2025-11-03 10:00:05 to 10:00:10 UTC'],
  [86_400n * SECOND, 0, null, '2025-11-03 10:00:05 to 2025-11-04 10:00:05 UTC'],
  [500_000_000n, 3, null, '2025-11-03 10:00:05.000 to 10:00:05.500 UTC'],
  [1n, 9, null, '2025-11-03 10:00:05.000000000 to 10:00:05.000000001 UTC'],
  [5n * SECOND, 0, '2025-11-03', '10:00:05 to 10:00:10 UTC'],
  [86_400n * SECOND, 0, '2025-11-03', '2025-11-03 10:00:05 to 2025-11-04 10:00:05 UTC'],
  [5n * SECOND, 0, '2025-11-02', '2025-11-03 10:00:05 to 10:00:10 UTC'],
])('%d ns with %d decimals, %s known', (length, decimals, known, text) => {
  expect(formatSpan(START, START + length, decimals, known)).toBe(text)
})
