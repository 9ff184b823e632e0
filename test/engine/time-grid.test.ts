import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseGrid, coarserGrid } from '../../src/engine/time-grid.ts'

const SECOND = 1_000_000_000n
const time = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })
const span = fc.record({
  firstNs: time,
  length: fc.bigInt({ min: 0n, max: 2n ** 61n }),
  most: fc.integer({ min: 2, max: 2000 }),
})

describe('the grid', () => {
  test('holds the first and the last time, in no more buckets than asked for', () => {
    fc.assert(
      fc.property(span, ({ firstNs, length, most }) => {
        const lastNs = firstNs + length
        const { originNs, stepNs, buckets } = chooseGrid(firstNs, lastNs, most)
        expect(originNs <= firstNs && firstNs < originNs + stepNs).toBe(true)
        const end = originNs + BigInt(buckets) * stepNs
        expect(end - stepNs <= lastNs && lastNs < end).toBe(true)
        expect(buckets).toBeLessThanOrEqual(most)
        expect(originNs % stepNs).toBe(0n)
      }),
    )
  })

  test.each([
    ['a moment', 0n, 1_000n],
    ['23 s', 23n * SECOND, SECOND / 20n],
    ['five minutes', 300n * SECOND, SECOND / 2n],
    ['an hour', 3_600n * SECOND, 5n * SECOND],
    ['a day', 86_400n * SECOND, 120n * SECOND],
    ['a year', 365n * 86_400n * SECOND, 43_200n * SECOND],
    ['a century', 36_525n * 86_400n * SECOND, 100n * 86_400n * SECOND],
  ])('%s has buckets of a round length', (_, length, stepNs) => {
    expect(chooseGrid(0n, length, 800).stepNs).toBe(stepNs)
  })
})

test('the next coarser grid is made of whole buckets, over the same time', () => {
  fc.assert(
    fc.property(span, ({ firstNs, length, most }) => {
      const grid = chooseGrid(firstNs, firstNs + length, most)
      const coarse = coarserGrid(grid)
      expect(coarse.stepNs > grid.stepNs).toBe(true)
      expect(coarse.stepNs % grid.stepNs).toBe(0n)
      expect(coarse.originNs <= grid.originNs && grid.originNs < coarse.originNs + coarse.stepNs).toBe(true)
      const end = grid.originNs + BigInt(grid.buckets) * grid.stepNs
      const coarseEnd = coarse.originNs + BigInt(coarse.buckets) * coarse.stepNs
      expect(coarseEnd >= end && coarseEnd - coarse.stepNs < end).toBe(true)
    }),
  )
})
