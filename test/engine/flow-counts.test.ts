import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { FlowCounts } from '../../src/engine/flow-counts.ts'

const anyCounts = fc.array(fc.tuple(fc.nat(3000), fc.integer({ min: 1, max: 9 }), fc.nat(1500)), { maxLength: 50 })

function toObject(rows: Float64Array): Record<string, [number, number]> {
  const entries: [string, [number, number]][] = []
  for (let i = 0; i < rows.length; i += 3) entries.push([`${rows[i]}`, [rows[i + 1]!, rows[i + 2]!]])
  expect(new Set(entries.map(([flow]) => flow)).size).toBe(entries.length)
  return Object.fromEntries(entries)
}

it('take() gives each flow once with its sums, and leaves nothing behind', () => {
  fc.assert(
    fc.property(anyCounts, anyCounts, (first, second) => {
      const counts = new FlowCounts()
      for (const batch of [first, second]) {
        const expected: Record<string, [number, number]> = {}
        for (const [flow, packets, bytes] of batch) {
          counts.count(flow, packets, bytes)
          const sum = expected[flow] ?? [0, 0]
          expected[flow] = [sum[0] + packets, sum[1] + bytes]
        }
        expect(toObject(counts.take())).toEqual(expected)
      }
    }),
  )
})

it('counts of others are added, dense or compact', () => {
  fc.assert(
    fc.property(anyCounts, anyCounts, (first, second) => {
      const [a, b, dense, compact] = [new FlowCounts(), new FlowCounts(), new FlowCounts(), new FlowCounts()]
      for (const one of first) a.count(...one)
      for (const one of second) b.count(...one)
      for (const one of [...first, ...second]) dense.count(...one)
      a.countAll(b)
      compact.countRows(a.take())
      expect(toObject(compact.take())).toEqual(toObject(dense.take()))
    }),
  )
})
