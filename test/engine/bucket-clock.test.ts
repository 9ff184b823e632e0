import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import { BucketClock, floorDivide } from '../../src/engine/bucket-clock.ts'

const LOWEST = -(2n ** 63n)
const HIGHEST = 2n ** 63n - 1n
const anyTime = fc.oneof(
  fc.bigInt(LOWEST + 1n, HIGHEST),
  fc.constantFrom(LOWEST + 1n, HIGHEST, -1n, 0n, 1n, 2n ** 32n, 2n ** 53n),
)
const anyStep = fc.oneof(fc.bigInt(1n, 2n ** 64n), fc.constantFrom(1n, 2n ** 52n, 2n ** 53n + 1n))

/** The module's test (assembly/counter.ts), word for word: one unsigned comparison of 64 bits. */
function isInBucket({ firstNs, lastNs }: BucketClock, time: bigint): boolean {
  return BigInt.asUintN(64, time - firstNs) <= BigInt.asUintN(64, lastNs - firstNs) && time !== NO_TIME
}

describe('BucketClock', () => {
  it('finds the bucket that holds a time, before and after the origin', () => {
    fc.assert(
      fc.property(anyTime, anyTime, anyStep, (time, origin, step) => {
        const clock = new BucketClock(step, origin)
        clock.moveTo(time)
        const start = clock.startOf(clock.bucket)
        expect(start <= time && time < start + step).toBe(true)
        expect((start - origin) % step).toBe(0n)
        expect(isInBucket(clock, time)).toBe(true)
      }),
    )
  })

  it('knows the times of its bucket from all others, to the nanosecond', () => {
    const nearby = fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(2n ** 54n), 2n ** 54n))
    fc.assert(
      fc.property(anyTime, anyTime, fc.option(anyStep, { nil: null }), nearby, (time, origin, step, near) => {
        const clock = new BucketClock(step, origin)
        clock.moveTo(time)
        const start = step === null ? LOWEST : clock.startOf(clock.bucket)
        const end = step === null ? HIGHEST + 1n : start + step
        for (const other of [start + near, end + near, time + near, origin, LOWEST + 1n, HIGHEST]) {
          if (other <= LOWEST || other > HIGHEST) continue
          expect(isInBucket(clock, other)).toBe(other >= start && other < end)
        }
        expect(isInBucket(clock, NO_TIME)).toBe(false)
        // As far as 64 bits reach, so that they can be handed to the module.
        expect(clock.firstNs).toBe(start > LOWEST ? start : LOWEST + 1n)
        expect(clock.lastNs).toBe(end <= HIGHEST ? end - 1n : HIGHEST)
      }),
    )
  })

  it('stands nowhere before the first time, and when it has forgotten its bucket', () => {
    fc.assert(
      fc.property(anyTime, anyTime, fc.option(anyStep, { nil: null }), (time, other, step) => {
        const clock = new BucketClock(step, null)
        expect([isInBucket(clock, time), isInBucket(clock, NO_TIME)]).toEqual([false, false])
        clock.moveTo(time)
        clock.forgetBucket()
        expect([isInBucket(clock, time), isInBucket(clock, other), isInBucket(clock, NO_TIME)]).toEqual([
          false,
          false,
          false,
        ])
        clock.moveTo(time)
        expect([isInBucket(clock, time), clock.originNs, clock.bucket]).toEqual([true, time, 0n])
      }),
    )
  })

  it('takes the first time as the origin unless it has one', () => {
    const clock = new BucketClock(10n, null)
    clock.moveTo(25n)
    expect([clock.originNs, clock.bucket]).toEqual([25n, 0n])
    clock.moveTo(24n)
    expect([clock.originNs, clock.bucket, clock.startOf(-1n)]).toEqual([25n, -1n, 15n])
  })
})

it.each([
  [7n, 2n, 3n],
  [-7n, 2n, -4n],
  [-8n, 2n, -4n],
  [0n, 5n, 0n],
  [-1n, 5n, -1n],
])('floorDivide(%s, %s) is %s', (dividend, divisor, quotient) => {
  expect(floorDivide(dividend, divisor)).toBe(quotient)
})
