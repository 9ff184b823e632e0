import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BufferedReader } from '../../src/compression/buffered-reader.ts'
import { readerOf } from '../node/fixtures.ts'

test('exact amounts until the end, whatever the reader gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.nat(40)),
      async (bytes, piece, amounts) => {
        const reader = new BufferedReader(readerOf(bytes, piece))
        let at = 0
        for (const amount of amounts) {
          const into = new Uint8Array(amount)
          const count = await reader.fill(into)
          expect(count).toBe(Math.min(amount, bytes.length - at))
          expect(into.subarray(0, count)).toEqual(bytes.slice(at, at + count))
          at += count
          expect(reader.position).toBe(at)
        }
      },
    ),
    { numRuns: 200 },
  )
})
