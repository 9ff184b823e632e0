import { closeSync, openSync, readSync, truncateSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { FileBytes } from '../../src/node/file-bytes.ts'
import { openFile } from '../../src/node/open-source.ts'
import { captureLike, randomSizes, readAll, temporaryFolder, writeFile } from './fixtures.ts'

const MEBIBYTE = 1 << 20
const folder = temporaryFolder()
const original = captureLike(300_000)

/** A regular file as open-source.ts opens it. */
function opened(path: string, seekable: boolean): FileBytes {
  const fd = openSync(path, 'r')
  const descriptor = {
    fd,
    read: (into: Uint8Array, position: number | null) => readSync(fd, into, 0, into.length, position),
    close: async () => closeSync(fd),
  }
  return new FileBytes(path, descriptor, original.length, seekable)
}

/** Turns of the event loop that others get while `work` is done. */
async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let turns = 0
  const tick = () => {
    turns++
    next = setImmediate(tick)
  }
  let next = setImmediate(tick)
  await work()
  clearImmediate(next)
  return turns
}

test('a regular file, whole, from any place and from its start, by several readers at once', async () => {
  const bytes = opened(writeFile(folder, 'plain', original), true)
  const head = new Uint8Array(1000)
  expect([await bytes.read(head), bytes.position]).toEqual([1000, 1000])
  expect(original.subarray(0, 1000).equals(head)).toBe(true)

  const again = bytes.fromStart!()
  expect([await again.read(head), bytes.position]).toEqual([1000, 1000])
  expect(original.subarray(0, 1000).equals(head)).toBe(true)

  bytes.random!.seek(original.length - 10)
  expect([await bytes.read(head), bytes.position]).toEqual([10, original.length])
  expect(original.subarray(-10).equals(head.subarray(0, 10))).toBe(true)
  expect(await bytes.read(head)).toBe(0)

  bytes.random!.seek(0)
  const all = await readAll(bytes, randomSizes(1))
  expect([all.fault, all.bytes.equals(original)]).toEqual([null, true])
})

test('a descriptor that was handed to us goes on where it stands, and is not moved back', async () => {
  const path = writeFile(folder, 'handed', original)
  const fd = openSync(path, 'r')
  readSync(fd, new Uint8Array(100), 0, 100, null)
  const positions: (number | null)[] = []
  const descriptor = {
    read: (into: Uint8Array, position: number | null) => {
      positions.push(position)
      return readSync(fd, into, 0, into.length, position)
    },
    close: async () => closeSync(fd),
  }
  const bytes = new FileBytes('stdin', descriptor, null, false)
  expect([bytes.fromStart, bytes.random, bytes.size]).toEqual([undefined, undefined, null])
  const { bytes: rest } = await readAll(bytes)
  expect(rest.equals(original.subarray(100))).toBe(true)
  expect(bytes.position).toBe(original.length - 100)
  expect(new Set(positions)).toEqual(new Set([null]))
})

test('what cannot be read is told with its name', async () => {
  const failing = async () => {
    throw Object.assign(new Error('EIO'), { code: 'EIO' })
  }
  const error = await new FileBytes('disk.pcap', { read: failing, close: async () => {} }, null, true)
    .read(new Uint8Array(10))
    .catch((error: unknown) => error)
  expect(error).toBeInstanceOf(SourceUnavailable)
  expect((error as Error).message).toMatch(/^cannot read disk\.pcap: /)
  const closed = opened(writeFile(folder, 'closed', original), true)
  await closed.close()
  await expect(closed.read(new Uint8Array(10))).rejects.toThrow('cannot read ')
})

test('a large file leaves its turn to others every 16 MiB, a small one does not wait', async () => {
  const path = writeFile(folder, 'large', original)
  truncateSync(path, 64 * MEBIBYTE)
  const source = await openFile(path)
  const into = new Uint8Array(MEBIBYTE)
  // The first reads look for a compression, a few bytes at a time.
  const few = async () => {
    while (source.position < 15 * MEBIBYTE) await source.read(into)
  }
  const rest = async () => {
    while ((await source.read(into)) > 0);
  }
  expect(await turnsDuring(few)).toBe(0)
  expect(await turnsDuring(rest)).toBeGreaterThanOrEqual(3)
  expect(source.position).toBe(64 * MEBIBYTE)
  await source.close()
})

test.skipIf(process.platform === 'win32')(
  'a device has no length and no place, and others get their turn',
  async () => {
    const source = await openFile('/dev/zero')
    expect([source.size, source.random ?? null]).toEqual([null, null])
    const into = new Uint8Array(MEBIBYTE).fill(1)
    const turns = await turnsDuring(async () => {
      for (let reads = 0; reads < 20; reads++) {
        expect(await source.read(into)).toBeGreaterThan(0)
        expect(into[0]).toBe(0)
        into[0] = 1
      }
    })
    expect(turns).toBeGreaterThan(0)
    expect(source.position).toBeGreaterThan(0)
    await source.close()
  },
)
