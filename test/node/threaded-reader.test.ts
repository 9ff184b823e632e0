/** The same bytes, and the same faults at the same place, as on this thread. */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { SourceDamage } from '../../src/capture/source.ts'
import { openFile } from '../../src/node/open-source.ts'
import { ThreadedReader } from '../../src/node/threaded-reader.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { captureLike, noise, piped, temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()
const original = captureLike(6 << 20)

/** All bytes, and the error behind them. */
async function readAll(read: (into: Uint8Array) => Promise<number>): Promise<{ bytes: Buffer; error: unknown }> {
  const parts: Buffer[] = []
  try {
    for (;;) {
      const into = new Uint8Array(300_000)
      const count = await read(into)
      if (count === 0) return { bytes: Buffer.concat(parts), error: null }
      parts.push(Buffer.from(into.subarray(0, count)))
    }
  } catch (error) {
    return { bytes: Buffer.concat(parts), error }
  }
}

const KINDS = [
  { compression: 'gzip' as const, compress: () => gzipSync(original) },
  { compression: 'zstd' as const, compress: () => piped('zstd', ['-qc'], original) },
  { compression: 'lz4' as const, compress: () => piped('lz4', ['-qc'], original) },
]

describe.each(KINDS)('$compression', ({ compression, compress }) => {
  const whole = compress()
  const damaged = Buffer.from(whole)
  damaged.fill(0x5a, damaged.length >> 1, (damaged.length >> 1) + 100)

  test.each([
    ['sound', whole],
    ['cut', whole.subarray(0, whole.length - 1000)],
    ['damaged', damaged],
  ])('%s', async (name, stored) => {
    const file = join(folder, `${name}.${compression}`)
    writeFileSync(file, stored)
    const descriptor = openSync(file, 'r')
    let position = 0
    const reader = new ThreadedReader({ descriptor, name: file, compression }, (at) => {
      position = at
    })
    const there = await readAll((into) => reader.read(into))
    await reader.close()
    closeSync(descriptor)
    const source = await openFile(file)
    const here = await readAll((into) => source.read(into))
    await source.close()
    expect(there.bytes.equals(here.bytes)).toBe(true)
    expect(there.error).toEqual(here.error)
    if (name === 'sound') {
      expect([there.bytes.equals(original), there.error, position]).toEqual([true, null, stored.length])
    } else {
      expect(there.error).toBeInstanceOf(SourceDamage)
    }
  })
})

test('a capture that is read with the help of a thread, and one that is closed before its end', async () => {
  const header = Buffer.from('d4c3b2a102000400000000000000000000000400010000 00'.replaceAll(' ', ''), 'hex')
  const record = Buffer.alloc(16 + 1000)
  record.writeUInt32LE(1000, 8)
  record.writeUInt32LE(1000, 12)
  // Noise, so that little is gained by compressing it.
  const payloads = noise(6_000_000)
  const records = Array.from({ length: 6000 }, (_, i) => {
    record.set(payloads.subarray(1000 * i, 1000 * (i + 1)), 16)
    return Buffer.from(record)
  })
  const capture = join(folder, 'large.pcap.lz4')
  writeFileSync(capture, piped('lz4', ['-qc'], Buffer.concat([header, ...records])))
  expect(readFileSync(capture).length).toBeGreaterThan(4 << 20)
  const source = await openFile(capture, true)
  expect(await source.read(new Uint8Array(10))).toBeGreaterThan(0)
  await source.close()
  const analyzed = await analyzeFiles([capture])
  expect(analyzed.records[0]).toMatchObject({ frames: 6000, format: 'pcap (lz4)' })
})
