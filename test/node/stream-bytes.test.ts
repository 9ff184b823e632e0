import { PassThrough, Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StreamBytes } from '../../src/node/stream-bytes.ts'
import { readAll } from './fixtures.ts'

test('any pieces give the same bytes at any read size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 50 })),
      fc.integer({ min: 1, max: 60 }),
      async (pieces, size) => {
        const bytes = new StreamBytes('x', Readable.from(pieces))
        expect((await readAll(bytes, () => size)).bytes.equals(Buffer.concat(pieces))).toBe(true)
        expect(bytes.position).toBe(Buffer.concat(pieces).length)
      },
    ),
    { numRuns: 200 },
  )
})

test('closing ends a read that waits', async () => {
  const stream = new PassThrough()
  const bytes = new StreamBytes('x', stream)
  const reading = bytes.read(new Uint8Array(1))
  await bytes.close()
  expect(await reading).toBe(0)
  expect(stream.destroyed).toBe(true)
})
