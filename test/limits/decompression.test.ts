/** Small files that are large inside: they are read as a stream, so they cost time and no memory. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { BufferedReader } from '../../src/compression/buffered-reader.ts'
import { ZstdReader } from '../../src/compression/zstd.ts'
import { loadZstd } from '../../src/compression/zstd-module.ts'
import { hasTool, piped, temporaryFolder, writeFile } from '../node/fixtures.ts'
import { pcapHeader } from '../support/build-capture.ts'
import { measured } from './measured.ts'

const MIB = 1 << 20
const folder = temporaryFolder()
/** Records without a byte of payload: 16 zeros each. */
const zeros = Buffer.alloc(16 * MIB)
const TIMES = 16
const FRAMES = (TIMES * zeros.length) / 16
/** Node and netkit have some 80 MiB, whatever they read. */
const MOST_MIB = 200

const compressors: [suffix: string, compress: (bytes: Buffer) => Buffer, ratio: number, tool: string | null][] = [
  ['gz', (bytes) => gzipSync(bytes, { level: 9 }), 1000, null],
  ['zst', (bytes) => piped('zstd', ['-c'], bytes), 1000, 'zstd'],
  // Its best: 255 bytes of a match for one of its length.
  ['lz4', (bytes) => piped('lz4', ['-c'], bytes), 250, 'lz4'],
]

describe('bombs: 256 MiB in one file', () => {
  for (const [suffix, compress, ratio, tool] of compressors) {
    test.skipIf(tool !== null && !hasTool(tool))(suffix, async () => {
      const parts = [compress(pcapHeader({})), ...new Array<Buffer>(TIMES).fill(compress(zeros))]
      const bytes = Buffer.concat(parts)
      expect((TIMES * zeros.length) / bytes.length).toBeGreaterThan(ratio)
      const { code, stdout, stderr, peakMib } = await measured([
        'analyze',
        '-T',
        'json',
        writeFile(folder, `bomb.pcap.${suffix}`, bytes),
      ])
      expect([code, stderr]).toEqual([0, ''])
      expect(JSON.parse(stdout).capture.frames).toBe(FRAMES)
      expect(peakMib).toBeLessThan(MOST_MIB)
    })
  }

  test('a gzip in a gzip in a gzip is not opened a third time', async () => {
    const bytes = gzipSync(gzipSync(gzipSync(Buffer.concat([pcapHeader({}), zeros]))))
    const { code, stderr, peakMib } = await measured(['analyze', writeFile(folder, 'thrice.pcap.gz', bytes)])
    expect(code).toBe(5)
    expect(stderr).toMatch(/^netkit: [^\n]*thrice\.pcap\.gz: not a [^\n]*\n$/)
    expect(peakMib).toBeLessThan(MOST_MIB)
  })
})

/** A frame that asks for a window of 2^(10 + exponent) bytes and has an empty last block (RFC 8878 §3.1.1). */
function frameWithWindow(exponent: number, mantissa: number): Uint8Array {
  return Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, (exponent << 3) | mantissa, 0x01, 0x00, 0x00)
}

async function expectEmpty(bytes: Uint8Array): Promise<void> {
  let at = 0
  const reader = new ZstdReader({
    read: async (into) => {
      const part = bytes.subarray(at, at + into.length)
      into.set(part)
      at += part.length
      return part.length
    },
    close: async () => {},
  })
  expect(await new BufferedReader(reader).fill(new Uint8Array(10))).toBe(0)
  await reader.close()
}

test('zstd windows of every size, one after another: memory is what the largest one needs', {
  timeout: 120_000,
}, async () => {
  for (let round = 0; round < 3; round++) {
    for (let exponent = 8; exponent < 17; exponent++) {
      for (let mantissa = 0; mantissa < 8; mantissa++) {
        await expectEmpty(frameWithWindow(exponent, mantissa))
        const { memory } = await loadZstd()
        expect(memory.buffer.byteLength).toBeLessThanOrEqual(64 * MIB)
      }
    }
  }
  // 128 MiB, the largest: refused if the windows before it had filled the module.
  await expectEmpty(frameWithWindow(17, 0))
})
