import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TIME_STEPS, TimeAxis } from '../../src/view/time-axis.ts'

/** 2025-11-03 23:59:50 UTC. */
const ORIGIN = 1_762_214_390_000_000_000n
const axis = new TimeAxis({ origin_ns: String(ORIGIN), step_ns: '500000000', buckets: 60 })

describe('labels', () => {
  test('the date where it is news', () => {
    const midnight = 86_400
    expect(axis.labels([midnight - 5, midnight, midnight + 5], 5)).toEqual([
      '23:59:55\n2025-11-03',
      '00:00:00\n2025-11-04',
      '00:00:05',
    ])
  })

  test('as many digits as tell them apart', () => {
    expect(axis.labels([0.05, 0.1], 0.05)).toEqual(['00:00:00.05\n2025-11-03', '00:00:00.10'])
    expect(axis.labels([60, 120], 60)).toEqual(['00:01\n2025-11-03', '00:02'])
    expect(axis.labels([0, 86_400], 86_400)).toEqual(['2025-11-03', '2025-11-04'])
  })
})

test('a place leads back to its bucket, for any beginning and any length', () => {
  const time = fc.record({
    origin: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    step: fc.constantFrom(1_000n, 20_000_000n, 1_000_000_000n, 3_600_000_000_000n),
    bucket: fc.nat(800),
  })
  fc.assert(
    fc.property(time, ({ origin, step, bucket }) => {
      const one = new TimeAxis({ origin_ns: String((origin / step) * step), step_ns: String(step), buckets: 800 })
      expect(Math.round(one.bucketAt(one.placeOf(bucket)))).toBe(bucket)
    }),
  )
})

test('distances of grid lines ascend', () => {
  expect(TIME_STEPS).toEqual([...new Set(TIME_STEPS)].sort((a, b) => a - b))
})
