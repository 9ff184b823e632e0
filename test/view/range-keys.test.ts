import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BucketRange } from '../../src/report/series.ts'
import { rangeForKey } from '../../src/view/range-keys.ts'

const BUCKETS = 100
const part = fc
  .tuple(fc.nat(BUCKETS - 1), fc.integer({ min: 1, max: BUCKETS }))
  .map(([start, length]): BucketRange => ({ start, end: Math.min(BUCKETS, start + length) }))
const range = fc.option(part)

describe('whatever is pressed', () => {
  test('the range is within the capture, and all of it is no range', () => {
    const keys = fc.array(fc.constantFrom('ArrowLeft', 'ArrowRight', '+', '-', 'ArrowUp', 'ArrowDown', 'Escape'))
    fc.assert(
      fc.property(range, keys, (from, pressed) => {
        let chosen = from
        for (const key of pressed) {
          chosen = rangeForKey(key, chosen, BUCKETS)!
          if (chosen === null) continue
          expect(chosen.start).toBeGreaterThanOrEqual(0)
          expect(chosen.end).toBeLessThanOrEqual(BUCKETS)
          expect(chosen.end).toBeGreaterThan(chosen.start)
          expect(chosen).not.toEqual({ start: 0, end: BUCKETS })
        }
      }),
    )
  })

  test('keys that mean nothing here are left to others', () => {
    for (const key of ['Tab', 'a', 'Enter', ' ']) expect(rangeForKey(key, null, BUCKETS)).toBeUndefined()
  })
})

test.each([
  ['ArrowRight', { start: 10, end: 30 }, { start: 12, end: 32 }],
  ['ArrowRight', { start: 79, end: 99 }, { start: 80, end: 100 }],
  ['ArrowLeft', { start: 1, end: 21 }, { start: 0, end: 20 }],
  ['ArrowLeft', null, null],
  ['+', null, { start: 12, end: 87 }],
  ['+', { start: 40, end: 41 }, { start: 40, end: 41 }],
  ['-', { start: 40, end: 41 }, { start: 39, end: 41 }],
  ['-', { start: 1, end: 99 }, null],
  ['Escape', { start: 10, end: 30 }, null],
])('%s from %j', (key, from, to) => {
  expect(rangeForKey(key, from, BUCKETS)).toEqual(to)
})
