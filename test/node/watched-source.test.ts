import { expect, test } from 'vitest'
import { WatchedSource } from '../../src/node/watched-source.ts'
import { memorySource } from '../support/read-capture.ts'

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i + 1)

test.each([1, 2, 3, 23, 24, 25, 100])('the first 24 bytes are kept, reads of %i bytes pass through', async (size) => {
  const log: string[] = []
  const source = new WatchedSource(
    memorySource(bytes, () => size),
    24,
    () => log.push('before'),
  )
  const read: number[] = []
  const into = new Uint8Array(100)
  for (let count = await source.read(into); count > 0; count = await source.read(into)) {
    read.push(...into.subarray(0, count))
    expect(source.start).toEqual(Uint8Array.from({ length: 24 }, (_, i) => (i < read.length ? i + 1 : 0)))
  }
  expect(read).toEqual([...bytes])
  expect(log.length).toBe(Math.ceil(100 / size) + 1)
})

test('it is the source in everything else', async () => {
  const closed: string[] = []
  const inner = { ...memorySource(bytes), size: 7, position: 3, compression: 'zstd' as const }
  const source = new WatchedSource({ ...inner, close: async () => void closed.push('closed') }, 24, () => {})
  expect(source).toMatchObject({ name: 'memory', size: 7, position: 3, compression: 'zstd' })
  await source.close()
  expect(closed).toEqual(['closed'])
})
