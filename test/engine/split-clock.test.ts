import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { floorDivide } from '../../src/engine/bucket-clock.ts'
import { STEPS } from '../../src/engine/flow-timeline.ts'
import { SplitClock } from '../../src/engine/split-clock.ts'
import { chooseGrid } from '../../src/engine/time-grid.ts'

const time = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })
const places = fc.tuple(time, time, fc.nat(STEPS.length - 1), fc.nat(STEPS.length - 1))

describe('a bucket', () => {
  test('is whole in every window, from the first frame on and of the clock, also once it is coarser', () => {
    fc.assert(
      fc.property(places, ([first, at, one, other]) => {
        const clock = new SplitClock(STEPS[Math.min(one, other)]!)
        clock.moveTo(first)
        clock.forgetBucket()
        const stepNs = STEPS[Math.max(one, other)]!
        clock.coarsen(stepNs)
        clock.moveTo(at)
        expect(clock.firstNs <= at && at <= clock.lastNs).toBe(true)
        expect(clock.startOf(clock.bucket)).toBe(clock.firstNs)
        for (const origin of [0n, first]) {
          const windowOf = (ns: bigint) => floorDivide(ns - origin, stepNs)
          expect([windowOf(clock.firstNs), windowOf(clock.lastNs)]).toEqual([windowOf(at), windowOf(at)])
        }
      }),
    )
  })

  test('is that of every time in it, and of no other', () => {
    fc.assert(
      fc.property(places, ([first, at, step]) => {
        const clock = new SplitClock(STEPS[step]!)
        clock.moveTo(first)
        clock.moveTo(at)
        const { bucket, firstNs, lastNs } = clock
        clock.moveTo(lastNs)
        expect(clock.bucket).toBe(bucket)
        clock.moveTo(lastNs + 1n)
        expect(clock.bucket > bucket).toBe(true)
        clock.moveTo(firstNs - 1n)
        expect(clock.bucket < bucket).toBe(true)
      }),
    )
  })
})

test('lengths of curves are multiples of the steps that they need', () => {
  for (let i = 0; i + 1 < STEPS.length; i++) expect(STEPS[i + 1]! % STEPS[i]!).toBe(0n)
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 61n }), (length) => {
      const { stepNs } = chooseGrid(0n, length, 800)
      for (const step of STEPS) if (step <= stepNs) expect(stepNs % step).toBe(0n)
    }),
  )
})

test('frames are in order when none is a window before an earlier one', () => {
  const clock = new SplitClock(1000n)
  for (const at of [5000n, 5900n, 7100n, 6200n, 8000n, 7000n]) clock.moveTo(at)
  expect(clock.isInOrder).toBe(true)
  clock.moveTo(5999n)
  expect(clock.isInOrder).toBe(false)
})
