import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FlowCountRows } from '../../src/capture/counter.ts'
import { chooseFlows, EVICTED } from '../../src/engine/evict-flows.ts'
import { sumRows } from '../../src/engine/ranking.ts'

const rowsOf = (...rows: [flow: number, packets: number, bytes: number][]): FlowCountRows =>
  Float64Array.from(rows.flat())

test('flows without counts go first, then those with the fewest bytes', () => {
  const parts = [rowsOf([1, 1, 100], [4, 2, 900]), rowsOf([1, 1, 900], [5, 1, 50])]
  const { kept, evicted, rename } = chooseFlows(parts, 7, 4, false)
  expect([...kept]).toEqual([1, 4])
  expect(evicted).toBe(1)
  expect([...rename(parts[0]!)]).toEqual([1, 1, 100, 2, 2, 900])
  expect([...rename(parts[1]!)]).toEqual([EVICTED, 1, 50, 1, 1, 900])
})

test('what was evicted before stays evicted, however much it is', () => {
  const { kept, evicted, rename } = chooseFlows([rowsOf([EVICTED, 9, 9000], [1, 1, 10])], 2, 10, true)
  expect([[...kept], evicted]).toEqual([[1], 0])
  expect([...rename(rowsOf([EVICTED, 9, 9000], [1, 1, 10]))]).toEqual([EVICTED, 9, 9000, 1, 1, 10])
})

test('no more stay than half of what may, the sums stay what they are, and every flow is there once', () => {
  const anyRows = fc
    .uniqueArray(fc.nat(30), { maxLength: 20 })
    .chain((flows) =>
      fc.tuple(...flows.map((flow) => fc.tuple(fc.constant(flow), fc.integer({ min: 1, max: 9 }), fc.nat(5)))),
    )
    .map((rows) => rowsOf(...rows))
  fc.assert(
    fc.property(
      fc.array(anyRows, { maxLength: 4 }),
      fc.integer({ min: 2, max: 60 }),
      fc.boolean(),
      (parts, most, again) => {
        const { kept, rename } = chooseFlows(parts, 31, most, again)
        expect(kept.length).toBeLessThanOrEqual(most / 2)
        for (const part of parts) {
          const renamed = rename(part)
          expect(sumRows(renamed)).toEqual(sumRows(part))
          const flows = renamed.filter((_, i) => i % 3 === 0)
          expect(new Set(flows).size).toBe(flows.length)
        }
      },
    ),
  )
})
