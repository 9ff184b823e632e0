import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import { STOP_MALFORMED, STOP_TRUNCATED } from '../../src/decoders/frame.ts'
import { FrameCounter, type FrameCounterOptions, joinRows } from '../../src/engine/frame-counter.ts'
import type { Bucket } from '../../src/engine/held-buckets.ts'
import { createTestCounter, frameBatch, renewTestModule, type TestFrame } from '../support/frames.ts'

const FLOWS = 8
/** What a held bucket of one flow costs: 20 rows and that one. */
const BUCKET = 21

function createCounter(heldRowBudget = 1000, options: Partial<FrameCounterOptions> = {}): FrameCounter {
  return new FrameCounter({ counter: createTestCounter(), stepNs: 10n, originNs: 0n, heldRowBudget, ...options })
}

function add(counter: FrameCounter, frames: readonly TestFrame[]): void {
  counter.add(frameBatch(frames), 0, frames.length)
}

/** As if each frame came in a batch of its own. */
function addAndSettleEach(counter: FrameCounter, frames: readonly TestFrame[]): void {
  for (const frame of frames) {
    add(counter, [frame])
    counter.settle()
  }
}

function packetsOf(buckets: readonly Bucket[]): Record<string, number> {
  return Object.fromEntries(
    buckets.map(({ number, rows }) => [`${number}`, rows.reduce((sum, n, i) => sum + (i % 3 === 1 ? n : 0), 0)]),
  )
}

const numbersOf = (buckets: readonly Bucket[]) => buckets.map(({ number }) => number)
const at = (time: bigint, flow = 0): TestFrame => ({ flow, length: 100, time })

describe('FrameCounter', () => {
  it('holds buckets that come in any order and releases them in the order of time', () => {
    const anyTimes = fc.array(fc.bigInt(-200n, 200n), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc
        .property(anyTimes, (times) => {
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
        })
        .beforeEach(renewTestModule),
    )
  })

  it('three clocks that take turns fill no more rows than their flows', () => {
    const frames = Array.from({ length: 3000 }, (_, i) => at([5n, 1005n, 2005n][i % 3]!, i % 3))
    const counter = createCounter(BUCKET)
    add(counter, frames)
    // Every turn leaves a piece behind. Added up they are one row of the bucket that is not open, within the budget.
    counter.settle()
    expect(counter.takeReleased()).toEqual([])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 1000, 100: 1000, 200: 1000 })
    expect(counter.takeLate()).toHaveLength(0)

    const poorer = createCounter(BUCKET - 1)
    add(poorer, frames)
    poorer.settle()
    expect(packetsOf(poorer.takeReleased())).toEqual({ 0: 1000 })
    add(poorer, frames.slice(0, 6))
    poorer.releaseAll()
    expect(packetsOf(poorer.takeReleased())).toEqual({ 100: 1002, 200: 1002 })
    expect([...poorer.takeLate()]).toEqual([0, 2, 200])
  })

  it('releases the earliest buckets until half of the budget is left', () => {
    const counter = createCounter(3 * BUCKET)
    add(counter, [at(1000n), at(2000n), at(3000n), at(4000n), at(5000n)])
    counter.settle()
    // Two are open, three fit.
    expect(counter.takeReleased()).toEqual([])
    add(counter, [at(6000n)])
    expect(counter.takeReleased()).toEqual([])
    counter.settle()
    expect(packetsOf(counter.takeReleased())).toEqual({ 100: 1, 200: 1, 300: 1 })
    add(counter, [at(3009n), at(7n), at(3010n), at(NO_TIME)])
    expect([...counter.takeLate()]).toEqual([0, 2, 200])
    expect([...counter.takeUntimed()]).toEqual([0, 1, 100])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 301: 1, 400: 1, 500: 1, 600: 1 })
  })

  it('counts rows, a flow in a bucket, and 20 more for each bucket', () => {
    const flows = (time: bigint, count: number) => Array.from({ length: count }, (_, flow) => at(time, flow))
    const frames = [...flows(0n, 5), ...flows(10n, 7), at(20n), at(30n)]
    const [enough, one] = [createCounter(25 + 27), createCounter(25 + 27 - 1)]
    for (const counter of [enough, one]) {
      add(counter, frames)
      counter.settle()
    }
    expect(enough.takeReleased()).toEqual([])
    // 27 are more than half of 51.
    expect(packetsOf(one.takeReleased())).toEqual({ 0: 5, 1: 7 })
  })

  it('the two buckets that frames came to last are not counted, however large', () => {
    const counter = createCounter(0)
    const many = (time: bigint) => Array.from({ length: 4000 }, (_, flow) => at(time, flow))
    add(counter, many(5n))
    counter.settle()
    add(counter, many(15n))
    counter.settle()
    add(counter, [at(6n), at(16n)])
    counter.settle()
    expect(counter.takeReleased()).toEqual([])
    // A third makes one of them the third to last: not the earlier one, but the one that was left longer ago.
    add(counter, [at(7n), at(25n)])
    counter.settle()
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 4002, 1: 4001 })
    add(counter, [at(35n)])
    counter.settle()
    expect(counter.takeReleased()).toEqual([])
  })

  it('makes nothing late between two calls of settle', () => {
    const counter = createCounter(0)
    add(counter, [at(1000n), at(2000n), at(3000n), at(4000n), at(500n)])
    counter.settle()
    expect(numbersOf(counter.takeReleased())).toEqual([50n, 100n, 200n, 300n])
    add(counter, [at(501n), at(3009n), at(4001n)])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 400: 2 })
    expect([...counter.takeLate()]).toEqual([0, 2, 200])
  })

  it('releases an open bucket that is earlier than a held one before it', () => {
    const counter = createCounter(0)
    add(counter, [at(1000n), at(2000n), at(5n), at(3000n)])
    counter.settle()
    expect(numbersOf(counter.takeReleased())).toEqual([0n, 100n, 200n])
    add(counter, [at(6n), at(3001n)])
    expect([...counter.takeLate()]).toEqual([0, 1, 100])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 300: 2 })
  })

  it('releases both open buckets before a later held one, in the order of time', () => {
    const counter = createCounter(0)
    add(counter, [at(3000n), at(2000n), at(1000n), at(2001n)])
    counter.settle()
    expect(packetsOf(counter.takeReleased())).toEqual({ 100: 1, 200: 2, 300: 1 })
    // What was open is so no more.
    add(counter, [at(2002n), at(1001n)])
    expect([...counter.takeLate()]).toEqual([0, 2, 200])
  })

  it('releases a bucket that is held in part and open again as a whole', () => {
    const frames = [at(5n), at(15n), at(25n), at(6n), at(35n)]
    const counter = createCounter(2 * BUCKET - 1)
    add(counter, frames)
    counter.settle()
    // The first is open, and goes before the second, which must; then the third is more than half of the budget.
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 2, 1: 1, 2: 1 })
    expect(counter.takeLate()).toHaveLength(0)
    const richer = createCounter(2 * BUCKET)
    add(richer, frames)
    richer.settle()
    expect(richer.takeReleased()).toEqual([])
  })

  it('a frame alone in the year 2106 makes no other late, where there is room for a few buckets', () => {
    const seconds = Array.from({ length: 50 }, (_, i) => at(BigInt(i) * 1_000_000_000n))
    const frames = [...seconds.slice(0, 20), at(4_294_967_295n * 1_000_000_000n), ...seconds.slice(20)]
    const counter = createCounter(4 * BUCKET, { stepNs: 1_000_000_000n })
    addAndSettleEach(counter, frames)
    counter.releaseAll()
    const numbers = counter.takeReleased().map(({ number }) => Number(number))
    expect(numbers).toEqual([...seconds.keys(), 4_294_967_295])
    expect(counter.takeLate()).toHaveLength(0)
    // Without: once two more seconds are open, and those that follow are before what was released.
    const poor = createCounter(0, { stepNs: 1_000_000_000n })
    addAndSettleEach(poor, frames)
    expect([...poor.takeLate()]).toEqual([0, 28, 2800])
  })

  it('keeps the lowest and the highest time of all frames, late ones too', () => {
    const counter = createCounter(0)
    add(counter, [at(50n), at(61n), at(-3n), at(NO_TIME), at(72n), at(83n)])
    counter.settle()
    add(counter, [at(-900n)])
    expect([...counter.takeLate()]).toEqual([0, 1, 100])
    expect([counter.firstNs, counter.lastNs]).toEqual([-900n, 83n])
  })

  it('adds nothing for an empty range', () => {
    const counter = createCounter()
    counter.add(frameBatch([at(5n)]), 1, 1)
    expect([counter.packets, counter.bytes, counter.firstNs]).toEqual([0, 0, null])
  })

  it('releases what is before a moment, open or held, and keeps the rest open', () => {
    const counter = createCounter()
    add(counter, [at(5n), at(15n), at(25n), at(35n)])
    counter.releaseBefore(3n)
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 1, 1: 1, 2: 1 })
    add(counter, [at(36n), at(29n), at(37n)])
    counter.releaseBefore(2n)
    expect(counter.takeReleased()).toEqual([])
    expect([...counter.takeLate()]).toEqual([0, 1, 100])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 3: 3 })
  })
})

describe('a part', () => {
  const createPart = () => createCounter(0, { isPart: true })

  it('gives its buckets in the order of their last frames, each once, and begins anew', () => {
    const part = createPart()
    add(part, [at(5n), at(15n, 1), at(6n), at(25n), at(NO_TIME, 3)])
    add(part, [
      { ...at(16n, 1), caplen: 60, stop: STOP_TRUNCATED },
      { ...at(17n), stop: STOP_MALFORMED },
    ])
    const counts = part.takeAll()
    expect(counts.buckets.map(({ number, rows }) => [number, ...rows])).toEqual([
      [0n, 0, 2, 200],
      [2n, 0, 1, 100],
      [1n, 1, 2, 200, 0, 1, 100],
    ])
    expect([...counts.untimed]).toEqual([3, 1, 100])
    expect(counts).toMatchObject({ packets: 7, bytes: 700, capturedBytes: 660, cut: 1, firstNs: 5n, lastNs: 25n })
    expect([counts.stops[STOP_TRUNCATED], counts.stops[STOP_MALFORMED]]).toEqual([1, 1])

    const nothing = { buckets: [], packets: 0, bytes: 0, capturedBytes: 0, cut: 0, stops: [0, 0, 0, 0], protocols: [] }
    expect(part.takeAll()).toEqual({ ...nothing, untimed: new Float64Array(0), firstNs: null, lastNs: null })
    add(part, [at(18n)])
    expect(part.takeAll().buckets.map(({ number, rows }) => [number, ...rows])).toEqual([[1n, 0, 1, 100]])
  })

  it('is late as a whole for what was released where it is merged', () => {
    const [counter, part] = [createCounter(), createPart()]
    add(counter, [at(15n)])
    counter.releaseAll()
    add(part, [at(4n, 1), at(25n, 2), at(5n, 2)])
    counter.merge(part.takeAll())
    expect([...counter.takeLate()]).toEqual([1, 1, 100, 2, 1, 100])
    expect(counter.packets).toBe(4)
    counter.takeReleased()
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 2: 1 })
  })

  it('leaves its last two buckets open where it is merged', () => {
    const [counter, part] = [createCounter(0), createPart()]
    add(counter, [at(5n), at(15n)])
    add(part, [at(25n), at(35n), at(6n)])
    counter.merge(part.takeAll())
    counter.settle()
    // 0 and 3 are open, and 1 and 2 are after 0.
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 2, 1: 1, 2: 1 })
    add(counter, [at(36n), at(7n)])
    expect([...counter.takeLate()]).toEqual([0, 1, 100])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 3: 2 })
  })

  it('that saw nothing changes nothing', () => {
    const counter = createCounter()
    counter.merge(createPart().takeAll())
    expect([counter.packets, counter.bytes, counter.firstNs, counter.lastNs]).toEqual([0, 0, null, null])
    add(counter, [at(5n)])
    counter.merge(createPart().takeAll())
    expect([counter.packets, counter.firstNs, counter.lastNs]).toEqual([1, 5n, 5n])
    counter.releaseAll()
    expect(packetsOf(counter.takeReleased())).toEqual({ 0: 1 })
  })
})

it('joinRows: one behind the other', () => {
  const [one, other] = [Float64Array.of(1, 2, 3), Float64Array.of(1, 4, 5, 6, 7, 8)]
  expect([...joinRows([one, new Float64Array(0), other])]).toEqual([1, 2, 3, 1, 4, 5, 6, 7, 8])
  expect(joinRows([one])).toBe(one)
  expect(joinRows([])).toEqual(new Float64Array(0))
})
