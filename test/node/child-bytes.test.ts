import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChildBytes } from '../../src/node/child-bytes.ts'

test('chunks of any size in, reads of any size out, in order', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 400 }),
      async (chunks, room, most) => {
        const stream = new PassThrough()
        const bytes = new ChildBytes('x', stream, () => {}, most)
        const sent: number[] = []
        for (const size of chunks) {
          const chunk = Uint8Array.from({ length: size }, (_, i) => (sent.length + i) % 251)
          sent.push(...chunk)
          stream.write(chunk)
        }
        stream.end()
        const got: number[] = []
        const into = new Uint8Array(room)
        for (let count = await bytes.read(into); count > 0; count = await bytes.read(into))
          got.push(...into.subarray(0, count))
        expect(got).toEqual(sent)
        expect(bytes.position).toBe(sent.length)
      },
    ),
    { numRuns: 50 },
  )
})

test('a read takes all that has come', async () => {
  const stream = new PassThrough()
  const bytes = new ChildBytes('x', stream, () => {})
  for (let i = 0; i < 10; i++) stream.write(Uint8Array.of(i))
  await sleep(10)
  expect(await bytes.read(new Uint8Array(100))).toBe(10)
})

test('it is read without being asked, up to a bound', async () => {
  const stream = new PassThrough({ highWaterMark: 10 })
  const bytes = new ChildBytes('x', stream, () => {}, 1000)
  for (let i = 0; i < 100; i++) stream.write(new Uint8Array(100))
  await sleep(20)
  expect(await bytes.started).toBe(true)
  expect([stream.isPaused(), stream.writableLength > 8000]).toEqual([true, true])
  let length = 0
  while (length < 10_000) length += await bytes.read(new Uint8Array(5000))
  expect(stream.isPaused()).toBe(false)
})

test('closed: told once, a waiting read ends, what comes is thrown away', async () => {
  const stream = new PassThrough({ highWaterMark: 10 })
  let closed = 0
  const bytes = new ChildBytes('x', stream, () => closed++, 50)
  const waiting = bytes.read(new Uint8Array(10))
  await bytes.close()
  await bytes.close()
  expect([await waiting, closed]).toEqual([0, 1])
  for (let i = 0; i < 100; i++) stream.write(new Uint8Array(100))
  await sleep(20)
  expect([stream.writableLength, await bytes.read(new Uint8Array(10))]).toEqual([0, 0])
})

test('closed after its end: nobody needs to be told', async () => {
  const stream = new PassThrough()
  let closed = 0
  const bytes = new ChildBytes('x', stream, () => closed++)
  stream.end()
  expect([await bytes.read(new Uint8Array(1)), await bytes.started]).toEqual([0, false])
  await bytes.close()
  expect(closed).toBe(0)
})

test('a broken pipe is an end', async () => {
  const stream = new PassThrough()
  const bytes = new ChildBytes('x', stream, () => {})
  stream.destroy(new Error('EIO'))
  expect(await bytes.read(new Uint8Array(1))).toBe(0)
})
