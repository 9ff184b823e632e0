import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeenLately } from '../../src/pipeline/seen-lately.ts'

test('it counts as a list of all that was seen does', () => {
  const step = fc.record({ by: fc.nat({ max: 6 }), ids: fc.array(fc.nat({ max: 9 }), { maxLength: 5 }) })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: -20, max: 20 }),
      fc.array(step),
      (length, from, steps) => {
        const lately = new SeenLately(length)
        const seen: { readonly id: number; readonly second: number }[] = []
        let second = from
        for (const { by, ids } of steps) {
          second += by
          lately.moveTo(second)
          for (const id of ids) {
            const before = seen.filter((one) => one.id === id).at(-1)?.second ?? Number.NEGATIVE_INFINITY
            expect(lately.add(id)).toBe(before)
            seen.push({ id, second })
          }
          const present = seen.filter((one) => one.second > second - length)
          expect(lately.count).toBe(new Set(present.map(({ id }) => id)).size)
        }
      },
    ),
  )
})

test('ids may be large, and time may jump', () => {
  const lately = new SeenLately(600)
  lately.moveTo(1_700_000_000)
  lately.add(2_000_000)
  lately.add(0)
  expect(lately.count).toBe(2)
  lately.moveTo(5_000_000_000)
  expect(lately.count).toBe(0)
  expect(lately.add(0)).toBe(1_700_000_000)
})
