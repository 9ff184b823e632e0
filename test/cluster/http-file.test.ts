import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Source } from '../../src/capture/source.ts'
import { describeAddress, openAddress } from '../../src/node/cluster/http-file.ts'
import { capturesFolder } from '../support/captures.ts'
import { type RangeServer, startRangeServer } from './range-server.ts'

const office = readFileSync(`${capturesFolder}office.pcap`)
let server: RangeServer

beforeAll(async () => {
  server = await startRangeServer()
  server.files.set('office.pcap', { bytes: office, etag: '"1"' })
  server.files.set('office.pcap.gz', { bytes: gzipSync(office), etag: '"1"' })
})
afterAll(() => server.close())

async function readAll(source: Source): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (;;) {
    const piece = Buffer.alloc(50_000)
    const count = await source.read(piece)
    if (count === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, count))
  }
}

test('a file by its address: size and stamp, then all of its bytes, and any part of them', async () => {
  const file = await describeAddress(`${server.url}office.pcap`)
  expect(file).toEqual({ place: `${server.url}office.pcap`, size: office.length, stamp: '"1"' })
  const source = openAddress(file)
  expect((await readAll(source)).equals(office)).toBe(true)
  source.random!.seek(200_000)
  expect((await readAll(source)).equals(office.subarray(200_000))).toBe(true)
  await source.close()
})

test('what is compressed is unpacked', async () => {
  const source = openAddress(await describeAddress(`${server.url}office.pcap.gz`))
  expect((await readAll(source)).equals(office)).toBe(true)
  expect(source.compression).toBe('gzip')
  expect(source.random).toBeNull()
})

test('a server that fails now and then is asked again', async () => {
  server.failures = 2
  const file = await describeAddress(`${server.url}office.pcap`)
  server.failures = 1
  expect((await readAll(openAddress(file))).equals(office)).toBe(true)
  expect(server.failures).toBe(0)
})

test('a file that was replaced meanwhile is not read', async () => {
  server.files.set('moving.pcap', { bytes: office, etag: '"old"' })
  const file = await describeAddress(`${server.url}moving.pcap`)
  server.files.set('moving.pcap', { bytes: office, etag: '"new"' })
  await expect(readAll(openAddress(file))).rejects.toThrow(`${server.url}moving.pcap was changed while it was counted`)
})

test('what is not there, and a password, which no message shows', async () => {
  const address = `${server.url.replace('//', '//me:geheim@')}nothing.pcap?token=geheim`
  const shown = `${server.url.replace('//', '//me:***@')}nothing.pcap?***`
  await expect(describeAddress(address)).rejects.toThrow(`cannot read ${shown}: no such file`)
  expect(server.requests.at(-1)!.authorization).toBe(`Basic ${Buffer.from('me:geheim').toString('base64')}`)
})

test.each([0, 1000])('a server that sends %i bytes of a body and no more is given up', async (bytes) => {
  const file = await describeAddress(`${server.url}office.pcap`)
  server.stallAt = bytes
  try {
    await expect(readAll(openAddress(file, 100))).rejects.toThrow(`cannot read ${server.url}office.pcap: no answer`)
  } finally {
    server.stallAt = null
  }
})
