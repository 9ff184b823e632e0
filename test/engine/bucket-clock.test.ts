import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import { BucketClock, floorDivide, TWO_TO_32 } from '../../src/engine/bucket-clock.ts'

const LOWEST = -(2n ** 63n)
const HIGHEST = 2n ** 63n - 1n
const anyTime = fc.oneof(
  fc.bigInt(LOWEST + 1n, HIGHEST),
  fc.constantFrom(LOWEST + 1n, HIGHEST, -1n, 0n, 1n, 2n ** 32n, 2n ** 53n),
)
const anyStep = fc.oneof(fc.bigInt(1n, 2n ** 64n), fc.constantFrom(1n, 2n ** 52n, 2n ** 53n + 1n))

/** Low and high word as the parser hands them out, both unsigned. */
function words(time: bigint): [number, number] {
  const bits = BigInt.asUintN(64, time)
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)]
}

/** The hot loop's test, word for word. */
function isInCell(clock: BucketClock, time: bigint): boolean {
  const [low, high] = words(time)
  const distance = ((high | 0) - clock.startHigh) * TWO_TO_32 + (low - clock.startLow)
  return distance >= 0 && distance < clock.widthNs
}

describe('BucketClock', () => {
  it('finds the bucket that holds a time, before and after the origin', () => {
    fc.assert(
      fc.property(anyTime, anyTime, anyStep, (time, origin, step) => {
        const clock = new BucketClock(step, origin)
        clock.moveTo(...words(time))
        const start = clock.startOf(clock.bucket)
        expect(start <= time && time < start + step).toBe(true)
        expect((start - origin) % step).toBe(0n)
        expect(isInCell(clock, time)).toBe(true)
      }),
    )
  })

  it('knows the times of its cell from all others, to the nanosecond', () => {
    const nearby = fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(2n ** 54n), 2n ** 54n))
    fc.assert(
      fc.property(anyTime, anyTime, fc.option(anyStep, { nil: null }), nearby, (time, origin, step, near) => {
        const clock = new BucketClock(step, origin)
        clock.moveTo(...words(time))
        const end = clock.cellNs + BigInt(clock.widthNs)
        for (const other of [clock.cellNs + near, end + near, time + near, origin, LOWEST, HIGHEST]) {
          if (other < LOWEST || other > HIGHEST) continue
          expect(isInCell(clock, other)).toBe(other >= clock.cellNs && other < end)
        }
        expect(isInCell(clock, NO_TIME)).toBe(false)
        if (step === null) return
        const start = clock.startOf(clock.bucket)
        expect(clock.cellNs >= start && end <= start + step).toBe(true)
      }),
    )
  })

  it('takes the first time as the origin unless it has one', () => {
    const clock = new BucketClock(10n, null)
    clock.moveTo(...words(25n))
    expect([clock.originNs, clock.bucket]).toEqual([25n, 0n])
    clock.moveTo(...words(24n))
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
