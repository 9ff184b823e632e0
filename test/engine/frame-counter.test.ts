import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import { FrameCounter } from '../../src/engine/frame-counter.ts'
import type { Bucket } from '../../src/engine/held-buckets.ts'
import { frameBatch, type TestFrame } from '../support/frames.ts'

const FLOWS = 8

function createCounter(heldRowBudget = 1000, originNs: bigint | null = 0n, stepNs: bigint | null = 10n): FrameCounter {
  return new FrameCounter({ stepNs, originNs, heldRowBudget })
}

function add(counter: FrameCounter, frames: readonly TestFrame[]): void {
  counter.add(frameBatch(frames), FLOWS, 0, frames.length)
}

function packetsOf(buckets: readonly Bucket[]): Record<string, number> {
  return Object.fromEntries(
    buckets.map(({ number, rows }) => [`${number}`, rows.reduce((sum, n, i) => sum + (i % 3 === 1 ? n : 0), 0)]),
  )
}

const at = (time: bigint, flow = 0): TestFrame => ({ flow, length: 100, time })

describe('FrameCounter', () => {
  it('holds buckets that come in any order and releases them in the order of time', () => {
    const anyTimes = fc.array(fc.bigInt(-200n, 200n), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(anyTimes, (times) => {
        const counter = createCounter()
        add(
          counter,
          times.map((time) => at(time, Number((time + 200n) % BigInt(FLOWS)))),
        )
        expect(counter.takeReleased()).toEqual([])
        counter.releaseAll()
        const released = counter.takeReleased()
        const expected: Record<string, number> = {}
        for (const time of times) {
          const bucket = `${Math.floor(Number(time) / 10)}`
          expected[bucket] = (expected[bucket] ?? 0) + 1
        }
        expect(packetsOf(released)).toEqual(expected)
        const numbers = released.map(({ number }) => Number(number))
        expect(numbers).toEqual(
          Object.keys(expected)
            .map(Number)
            .sort((a, b) => a - b),
        )
      }),
    )
  })

  it('three clocks that take turns fill no more rows than their flows', () => {
    const counter = createCounter(8)
    const frames = Array.from({ length: 3000 }, (_, i) => at([5n, 1005n, 2005n][i % 3]!, i % 3))
    add(counter, frames)
    // Every turn leaves a piece behind; added up they are three rows, well within the budget.
    expect(counter.takeReleased()).toEqual([])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 1000, 100: 1000, 200: 1000 })
    expect(counter.late.touchedCount).toBe(0)
  })

  it('releases the earliest buckets until half of the budget is left', () => {
    const counter = createCounter(2)
    add(counter, [at(1000n), at(2000n), at(3000n), at(4000n), at(5000n)])
    expect(packetsOf(counter.takeReleased())).toEqual({ 100: 1, 200: 1 })
    add(counter, [at(2009n), at(7n), at(2010n), at(NO_TIME)])
    expect([...counter.late.take()]).toEqual([0, 2, 200])
  })

  it('a frame whose bucket goes out of reach as it comes is late', () => {
    const counter = createCounter(2)
    add(counter, [at(1000n), at(2000n), at(3000n), at(4000n), at(500n), at(501n)])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 100: 1, 200: 1, 300: 1, 400: 1 })
    expect([...counter.late.take()]).toEqual([0, 2, 200])
  })

  it('releases an open bucket that is earlier than a held one before it', () => {
    const counter = createCounter(1)
    add(counter, [at(1000n), at(2000n), at(5n), at(3000n)])
    expect(counter.takeReleased().map(({ number }) => number)).toEqual([0n, 100n, 200n])
    add(counter, [at(6n), at(3001n)])
    expect([...counter.late.take()]).toEqual([0, 1, 100])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 300: 2 })
  })

  it('releases a bucket that is held in part and open again as a whole', () => {
    const counter = createCounter(2)
    add(counter, [at(5n), at(15n), at(25n), at(6n), at(35n)])
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 2, 1: 1 })
    expect(counter.late.touchedCount).toBe(0)
  })

  it('a frame alone in the year 2106 makes no other late', () => {
    const counter = createCounter(4, 0n, 1_000_000_000n)
    const seconds = Array.from({ length: 50 }, (_, i) => at(BigInt(i) * 1_000_000_000n))
    add(counter, [...seconds.slice(0, 20), at(4_294_967_295n * 1_000_000_000n), ...seconds.slice(20)])
    counter.releaseAll()
    const numbers = counter.takeReleased().map(({ number }) => Number(number))
    expect(numbers).toEqual([...seconds.keys(), 4_294_967_295])
    expect(counter.late.touchedCount).toBe(0)
  })

  it('keeps the lowest and the highest time of all frames, late ones too', () => {
    const counter = createCounter(0)
    add(counter, [at(50n), at(61n), at(-3n), at(NO_TIME), at(72n), at(83n), at(-900n)])
    expect([counter.firstNs, counter.lastNs]).toEqual([-900n, 83n])
  })

  it('adds nothing for an empty range', () => {
    const counter = createCounter()
    counter.add(frameBatch([at(5n)]), FLOWS, 1, 1)
    expect([counter.packets, counter.firstNs]).toEqual([0, null])
  })

  it('does not add what cannot be added', () => {
    expect(() => createCounter().merge(createCounter(1, 0n, 20n))).toThrow('different window lengths')
    const started = createCounter(1, null)
    add(started, [at(3n)])
    expect(() => createCounter().merge(started)).toThrow('start at different times')
    const written = createCounter()
    add(written, [at(3n)])
    written.releaseAll()
    expect(() => createCounter().merge(written)).toThrow('once windows of them were written')
  })

  it('takes over the origin of another counter when it has none yet', () => {
    const [counter, other] = [createCounter(9, null), createCounter(9, null)]
    add(other, [at(3n), at(13n)])
    counter.merge(other)
    add(counter, [at(12n)])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 2, 1: 1 })
    expect(counter.clock.startOf(0n)).toBe(3n)
  })

  it('counts as late what another counter brings for buckets that were released', () => {
    const [counter, other] = [createCounter(), createCounter()]
    add(counter, [at(15n)])
    counter.releaseAll()
    add(other, [at(4n, 1), at(25n, 2)])
    counter.merge(other)
    expect([...counter.late.take()]).toEqual([1, 1, 100])
    expect(counter.packets).toBe(3)
  })
})
