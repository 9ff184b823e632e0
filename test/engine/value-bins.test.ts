import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { BIN_ERROR, binOf, middleOf, ValueBins } from '../../src/engine/value-bins.ts'

const anyValue = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.maxSafeInteger().map((value) => Math.abs(value) || 1),
)

it('the middle of a bin is within 1 % of any value in it', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const middle = middleOf(binOf(value))
      expect(Math.abs(middle - value) / value).toBeLessThanOrEqual(BIN_ERROR)
      expect(BIN_ERROR).toBeLessThan(0.01)
    }),
  )
})

it('whole numbers below 128 are exact', () => {
  for (let value = 1; value < 128; value++) expect(middleOf(binOf(value))).toBe(value)
})

it('larger values are never in lower bins', () => {
  fc.assert(
    fc.property(anyValue, anyValue, (a, b) => {
      expect(binOf(Math.min(a, b))).toBeLessThanOrEqual(binOf(Math.max(a, b)))
    }),
  )
})

const anyGroup = fc.oneof(fc.nat(3), fc.nat(2 ** 31))

it('has the value of any place of a group, within its bin', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyGroup, anyValue), { minLength: 1, maxLength: 300 }), (pairs) => {
      const bins = new ValueBins(1000)
      for (const [group, value] of pairs) expect(bins.add(group, value)).toBe(true)
      for (const group of new Set(pairs.map(([group]) => group))) {
        const own = pairs.filter(([other]) => other === group).map(([, value]) => value)
        const places = own.sort((a, b) => a - b).map((_, place) => bins.at(group, place))
        expect(places).toEqual(own.map((value) => middleOf(binOf(value))))
      }
    }),
  )
})

it('says when there is no room, and counts what is in a bin all the same', () => {
  const bins = new ValueBins(2)
  expect([bins.add(1, 5), bins.add(2, 5), bins.add(3, 5), bins.add(1, 5)]).toEqual([true, true, false, true])
  expect(bins.at(1, 1)).toBe(5)
  expect(() => bins.at(1, 2)).toThrow('2 values')
})

it('renames groups and forgets some', () => {
  const bins = new ValueBins(100)
  for (const [group, value] of [
    [0, 7],
    [1, 9],
    [2, 11],
  ] as const)
    bins.add(group, value)
  bins.rename(Int32Array.of(2, -1, 0))
  expect([bins.at(2, 0), bins.at(0, 0)]).toEqual([7, 11])
  expect(() => bins.at(1, 0)).toThrow('0 values')
})
