import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WaitingRows } from '../../src/pipeline/waiting-rows.ts'

test('a thousand seconds of ten flows are ten thousand rows, however many frames they have', () => {
  const waiting = new WaitingRows(1000n)
  for (let second = 0; second < 1000; second++) {
    for (let batch = 0; batch < 10; batch++) waiting.add(500, BigInt(second * 1000 + batch), 10)
  }
  expect(waiting.rows).toBeGreaterThanOrEqual(10_000)
  // A batch that begins a step may be of the step before.
  expect(waiting.rows).toBeLessThanOrEqual(20_000)
  waiting.forget()
  expect(waiting.rows).toBe(0)
})

test('never fewer than there are, forwards and backwards', () => {
  const frame = fc.record({ flow: fc.nat(5), advanceNs: fc.integer({ min: -30, max: 60 }) })
  const batches = fc.array(fc.array(frame, { minLength: 1, maxLength: 8 }), { maxLength: 30 })
  fc.assert(
    fc.property(batches, (all) => {
      const waiting = new WaitingRows(20n)
      // Nothing is known of the first step until a frame has come.
      waiting.add(1, 1000n, 1)
      const rows = new Set(['0 50'])
      const flows = new Set([0])
      let timeNs = 1000
      for (const batch of all) {
        for (const { flow, advanceNs } of batch) {
          // Within a batch time goes one way.
          timeNs = Math.max(0, timeNs + Math.sign(batch[0]!.advanceNs) * Math.abs(advanceNs))
          flows.add(flow)
          rows.add(`${flow} ${Math.floor(timeNs / 20)}`)
        }
        waiting.add(batch.length, BigInt(timeNs), flows.size)
        expect(waiting.rows).toBeGreaterThanOrEqual(rows.size)
      }
    }),
  )
})
