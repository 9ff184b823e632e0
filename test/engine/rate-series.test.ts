import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsPerSecond } from '../../src/engine/rate.ts'
import { RateSeries, slotOf, TOTAL_SLOT } from '../../src/engine/rate-series.ts'

const LENGTH = 250_000_000n
const LEVEL = 40_000

/** Bytes of each group, window by window; null for a window without frames. */
type Windows = readonly (readonly number[] | null)[]

function series(windows: Windows, first = 0n): RateSeries {
  const made = new RateSeries({ lengthNs: LENGTH, values: {}, level: LEVEL })
  for (const [i, bytes] of windows.entries()) {
    if (bytes === null) continue
    made.begin(
      first + BigInt(i),
      bytes.reduce((sum, own) => sum + own, 0),
    )
    made.reserve(bytes.length)
    for (const [group, own] of bytes.entries()) made.add(slotOf(group), own)
  }
  return made
}

const anyWindow = fc.option(fc.array(fc.nat(5000), { minLength: 3, maxLength: 3 }))
// The first and the last window have frames: that is what makes them the first and the last.
const anyWindows = fc
  .tuple(fc.array(anyWindow, { maxLength: 30 }), fc.array(fc.nat(5000), { minLength: 3, maxLength: 3 }))
  .map(([between, end]): Windows => [end, ...between, end])

describe('any windows', () => {
  it('have the numbers of the sorted list of their rates', () => {
    fc.assert(
      fc.property(anyWindows, fc.constantFrom(0n, -7n, 10n ** 15n), (windows, first) => {
        const made = series(windows, first)
        expect(made.windows).toBe(BigInt(windows.length))
        expect(made.idle).toBe(windows.filter((window) => window === null).length)
        for (const group of [0, 1, 2, null]) {
          const slot = group === null ? TOTAL_SLOT : slotOf(group)
          const bytes = windows.map((window) =>
            window === null ? 0 : group === null ? window.reduce((sum, own) => sum + own, 0) : window[group]!,
          )
          const rates = bytes.map((own) => bitsPerSecond(own, LENGTH)!).sort((a, b) => a - b)
          const total = bytes.reduce((sum, own) => sum + own, 0)
          expect(made.min(slot)).toBe(rates[0])
          expect(made.max(slot)).toBe(rates.at(-1))
          for (const percent of [1, 50, 95, 99, 100]) {
            expect(made.percentile(slot, percent)).toBe(rates[Math.ceil((percent * rates.length) / 100) - 1])
          }
          expect(made.mean(slot, total)).toBeCloseTo(rates.reduce((sum, rate) => sum + rate, 0) / rates.length, 2)
          expect(made.timeAbove(slot)).toBe(rates.filter((rate) => rate > LEVEL).length / rates.length)
          if (group === null) {
            const busiest = bytes.indexOf(Math.max(...bytes))
            expect(made.busiest).toBe(first + BigInt(windows[busiest] === null ? 0 : busiest))
          }
        }
      }),
    )
  })
})

it('has nothing to say before the first window', () => {
  const made = series([])
  expect([made.min(0), made.max(0), made.percentile(0, 50), made.mean(0, 0), made.timeAbove(0)]).toEqual(
    Array(5).fill(null),
  )
  expect([made.windows, made.busiest]).toEqual([0n, null])
})

it('knows a group that came and went with other ids, and nothing of those that lost some', () => {
  const made = series([
    [100, 200, 300],
    [50, 20, 10],
  ])
  made.rename(Int32Array.of(0, 3, -1, 1), 4, [1])
  expect(made.max(slotOf(2))).toBe(bitsPerSecond(100, LENGTH))
  expect(made.percentile(slotOf(2), 50)).toBe(bitsPerSecond(50, LENGTH))
  expect([made.max(slotOf(0)), made.timeAbove(slotOf(0)), made.unknown]).toEqual([null, null, 1])
  expect(made.max(slotOf(1))).toBe(0)
  expect(made.max(TOTAL_SLOT)).toBe(bitsPerSecond(600, LENGTH))
  // What is not known stays so.
  made.rename(Int32Array.of(0, 2, 1, 3), 4, [])
  expect([made.max(slotOf(1)), made.max(slotOf(2))]).toEqual([null, bitsPerSecond(100, LENGTH)])
})
