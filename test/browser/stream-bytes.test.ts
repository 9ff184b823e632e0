import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openChunks } from '../../src/browser/stream-bytes.ts'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { readAll } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'

const office = readFileSync(`${capturesFolder}office.pcap`)

async function* inChunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

test.each([1000, 70_000, 1_000_000])('chunks of %i bytes, iterated or as a stream', async (length) => {
  expect((await readAll(openChunks(inChunks(office, length), 'a'))).bytes.equals(office)).toBe(true)
  const stream = new Blob([gzipSync(office)]).stream()
  expect((await readAll(openChunks(stream, 'b'))).bytes.equals(office)).toBe(true)
})

test('a stream that cannot be iterated, as those of Safari', async () => {
  const reader = new Blob([office]).stream().getReader()
  const stream = { getReader: () => reader } as unknown as ReadableStream<Uint8Array>
  expect((await readAll(openChunks(stream, 'a'))).bytes.equals(office)).toBe(true)
})

test('what fails on the way is told with the name', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield office.subarray(0, 100)
    throw new Error('the network is down')
  }
  const source = openChunks(failing(), 'http://example.net/a.pcap')
  const into = new Uint8Array(1000)
  expect(await source.read(into)).toBeGreaterThan(0)
  const rest = async () => {
    while ((await source.read(into)) > 0);
  }
  await expect(rest()).rejects.toThrow(
    new SourceUnavailable('cannot read http://example.net/a.pcap: the network is down'),
  )
})

test('closing cancels the stream, also while a read waits', async () => {
  let cancelled = false
  const stream = new ReadableStream<Uint8Array>({
    pull: () => new Promise(() => {}),
    cancel() {
      cancelled = true
    },
  })
  const source = openChunks({ getReader: () => stream.getReader() } as ReadableStream<Uint8Array>, 'a')
  const waiting = source.read(new Uint8Array(10))
  await new Promise((resolve) => setTimeout(resolve, 10))
  await source.close()
  expect(cancelled).toBe(true)
  expect(await waiting).toBe(0)
  expect(await source.read(new Uint8Array(10))).toBe(0)
})
