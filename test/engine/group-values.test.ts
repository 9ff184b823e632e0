import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GroupValues, type GroupValuesOptions } from '../../src/engine/group-values.ts'
import { BIN_ERROR } from '../../src/engine/value-bins.ts'

const anyPairs = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 1e9 })), { maxLength: 200 })
const anyPercent = fc.integer({ min: 1, max: 100 })

function filled(pairs: readonly (readonly [number, number])[], options?: GroupValuesOptions): GroupValues {
  const values = new GroupValues(options)
  for (const [group, value] of pairs) values.add(group, value)
  return values
}

/** Nearest rank of a group's values and zeros, in the slowest way. */
function expected(pairs: readonly (readonly [number, number])[], group: number, percent: number, zeros: number) {
  const own = pairs.filter(([other]) => other === group).map(([, value]) => value)
  const all = [...new Array<number>(zeros).fill(0), ...own].sort((a, b) => a - b)
  return { stored: own.length, windows: all.length, value: all[Math.ceil((percent * all.length) / 100) - 1] }
}

describe('percentiles', () => {
  it('are exact below the budget, the nearest rank of the sorted list', () => {
    fc.assert(
      fc.property(anyPairs, anyPercent, fc.nat(30), (pairs, percent, zeros) => {
        const values = filled(pairs)
        expect(values.isExact).toBe(true)
        for (let group = 0; group < 5; group++) {
          const { stored, windows, value } = expected(pairs, group, percent, zeros)
          if (windows > 0) expect(values.percentile(group, percent, stored, BigInt(windows))).toBe(value)
        }
      }),
    )
  })

  it('are within the error of the bins beyond it', () => {
    fc.assert(
      fc.property(
        anyPairs,
        anyPercent,
        fc.nat(30),
        fc.integer({ min: 1, max: 50 }),
        (pairs, percent, zeros, mostValues) => {
          const values = filled(pairs, { mostValues })
          expect(values.isExact).toBe(pairs.length <= mostValues)
          for (let group = 0; group < 5; group++) {
            const { stored, windows, value } = expected(pairs, group, percent, zeros)
            if (windows === 0) continue
            const got = values.percentile(group, percent, stored, BigInt(windows))!
            expect(Math.abs(got - value!)).toBeLessThanOrEqual(value! * BIN_ERROR)
          }
        },
      ),
    )
  })

  it('may be asked for between two values', () => {
    const values = filled([
      [1, 30],
      [1, 10],
    ])
    expect(values.percentile(1, 50, 2, 2n)).toBe(10)
    values.add(1, 5)
    expect(values.percentile(1, 50, 3, 3n)).toBe(10)
    expect(values.percentile(1, 100, 3, 3n)).toBe(30)
  })

  it('are unknown for a group whose value found no room, and known for others', () => {
    const pairs = [
      [1, 100],
      [2, 200],
      [3, 300],
      [1, 100],
    ] as const
    const values = filled(pairs, { mostValues: 0, mostBins: 2 })
    expect([1, 2, 3].map((group) => values.percentile(group, 100, 1, 1n))).toEqual([100, 201, null])
    expect(values.lost).toBe(1)
  })
})

it.each([{}, { mostValues: 10 }, { mostValues: 3, mostBins: 4 }])('renames groups, %j', (options) => {
  const pairs = [
    [0, 50],
    [1, 60],
    [2, 70],
    [0, 40],
    [3, 9],
  ] as const
  const [before, after] = [filled(pairs, options), filled(pairs, options)]
  after.rename(Int32Array.of(3, -1, 1, 0))
  const of = (values: GroupValues, group: number, stored: number) =>
    values.percentile(group, 100, stored, BigInt(stored))
  expect(of(after, 3, 2)).toBe(of(before, 0, 2))
  expect(of(after, 1, 1)).toBe(of(before, 2, 1))
  expect(of(after, 0, 1)).toBe(of(before, 3, 1))
  expect(after.lost).toBe(before.lost)
  after.add(2, 5)
  expect(after.percentile(2, 50, 0, 9n)).toBe(0)
})
