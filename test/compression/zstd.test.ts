import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { ZstdReader } from '../../src/compression/zstd.ts'
import { describeAgainst } from '../node/against-tool.ts'
import {
  captureLike,
  damageIn,
  noise,
  piped,
  pipeOf,
  readAll,
  readerOf,
  temporaryFolder,
  writeFile,
} from '../node/fixtures.ts'

const original = captureLike(1_200_000)
const options = ['-1', '-19', '--long=27', '--no-check', '--fast=5', '-T2 -B100000']

describeAgainst({ tool: 'zstd', original, options, open: (reader) => new ZstdReader(reader) }, (compress) => {
  test('skippable frames before, between and after, longer than any buffer', async () => {
    const skippable = Buffer.alloc(8 + 300_000, 7)
    skippable.writeUInt32LE(0x184d2a53)
    skippable.writeUInt32LE(300_000, 4)
    const one = compress()
    const result = await readAll(pipeOf(Buffer.concat([skippable, one, skippable, one, skippable])))
    expect(result.fault).toBeNull()
    expect(result.bytes.equals(Buffer.concat([original, original]))).toBe(true)
    const cut = await readAll(pipeOf(skippable.subarray(0, 250_000)))
    expect(damageIn(cut)).toBe('the zstd data is cut short at its byte 250000')
  })

  test('a wrong checksum is damage, behind all the data', async () => {
    const compressed = compress()
    compressed[compressed.length - 1]! ^= 1
    const result = await readAll(new ZstdReader(readerOf(compressed)))
    expect(damageIn(result)).toContain('the checksum does not match')
    expect(result.bytes.length).toBeGreaterThan(original.length - 128 * 1024 - 1)
    expect(original.subarray(0, result.bytes.length).equals(result.bytes)).toBe(true)
  })

  test('a damaged block costs no earlier block', async () => {
    // Noise is stored as it is, so the third block header lies at a known place: after frame header and two blocks of 128 KiB.
    const bytes = noise(600_000)
    const compressed = piped('zstd', ['-qc', '-1', '--no-check'], bytes)
    const header = compressed.length - bytes.length - 3 * Math.ceil(bytes.length / 131_072)
    const third = header + 2 * (3 + 131_072)
    compressed[third]! |= 0b110 // block type 3, reserved: RFC 8878 §3.1.1.2.2
    const result = await readAll(new ZstdReader(readerOf(compressed)))
    expect(damageIn(result)).toContain('invalid data')
    expect(result.bytes.length).toBe(2 * 131_072)
    expect(bytes.subarray(0, result.bytes.length).equals(result.bytes)).toBe(true)
  })

  test('a window of more than 128 MiB is refused with advice', async () => {
    const compressed = compress('--ultra', '--long=30')
    const { fault } = await readAll(pipeOf(compressed))
    expect(fault).toBeInstanceOf(SourceUnavailable)
    expect((fault as Error).message).toContain('zstd -dc --long=31')
  })

  test('a dictionary is refused with advice', async () => {
    const folder = temporaryFolder()
    const samples = Array.from({ length: 40 }, (_, i) => writeFile(folder, `sample${i}`, captureLike(4000, i)))
    execFileSync('zstd', ['-q', '--train', ...samples, '-o', join(folder, 'dictionary')], { stdio: 'ignore' })
    execFileSync('zstd', ['-q', '-D', join(folder, 'dictionary'), samples[0]!, '-o', join(folder, 'x.zst')])
    const { fault } = await readAll(pipeOf(readFileSync(join(folder, 'x.zst'))))
    expect(fault).toBeInstanceOf(SourceUnavailable)
    expect((fault as Error).message).toBe(
      'cannot read pipe: it is zstd-compressed with a dictionary; decompress it first: zstd -dc -D DICTIONARY FILE | netkit analyze -',
    )
  })
})
