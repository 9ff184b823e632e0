import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { SourceDamage, SourceUnavailable } from '../../src/capture/source.ts'
import { detectCompression } from '../../src/compression/unpack.ts'
import { openFile } from '../../src/node/open-source.ts'
import {
  captureLike,
  damageIn,
  hasTool,
  piped,
  pipeOf,
  randomSizes,
  readAll,
  seeded,
  temporaryFolder,
  writeFile,
} from './fixtures.ts'

const folder = temporaryFolder()
const original = captureLike(700_000)
const compressors = [
  { kind: 'gzip', command: 'gzip', args: ['-c'] },
  { kind: 'zstd', command: 'zstd', args: ['-qc'] },
  { kind: 'lz4', command: 'lz4', args: ['-qc'] },
] as const

describe.each(compressors)('$kind', ({ kind, command, args }) => {
  const absent = !hasTool(command)
  if (absent) process.stdout.write(`skipped: the tool ${command} is not installed\n`)
  const compressed = absent ? Buffer.alloc(0) : piped(command, [...args], original)

  test.skipIf(absent)('a file and a pipe give the original, whatever the read sizes', async () => {
    const path = writeFile(folder, `plain.${kind}`, compressed)
    for (let seed = 1; seed <= 4; seed++) {
      const source = await openFile(path)
      expect(source.size).toBe(compressed.length)
      const result = await readAll(source, randomSizes(seed))
      expect(result.fault).toBeNull()
      expect(result.bytes.equals(original)).toBe(true)
      expect(source.compression).toBe(kind)
      expect(source.position).toBe(compressed.length)
      const fromPipe = await readAll(pipeOf(compressed, seed * 777), randomSizes(seed))
      expect(fromPipe.fault).toBeNull()
      expect(fromPipe.bytes.equals(original)).toBe(true)
    }
  })

  test.skipIf(absent)('three in one file, the middle one empty', async () => {
    const empty = piped(command, [...args], Buffer.alloc(0))
    const path = writeFile(folder, `three.${kind}`, Buffer.concat([compressed, empty, compressed]))
    for (const source of [await openFile(path), pipeOf(readFileSync(path))]) {
      const result = await readAll(source)
      expect(result.fault).toBeNull()
      expect(result.bytes.equals(Buffer.concat([original, original]))).toBe(true)
    }
  })

  test.skipIf(absent)('cut anywhere: a true beginning, then damage', async () => {
    const small = captureLike(9000)
    const whole = piped(command, [...args], small)
    for (let length = 4; length < whole.length; length += 97) {
      const path = writeFile(folder, `cut.${kind}`, whole.subarray(0, length))
      for (const source of [await openFile(path), pipeOf(whole.subarray(0, length))]) {
        const result = await readAll(source)
        expect(damageIn(result), `cut at ${length}`).toContain(`cut short at its byte ${length}`)
        expect(small.subarray(0, result.bytes.length).equals(result.bytes)).toBe(true)
      }
    }
  })

  test.skipIf(absent)('any corruption ends, in damage or quietly', async () => {
    const random = seeded(7)
    const whole = piped(command, [...args], captureLike(30_000))
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(whole)
      for (let i = 0; i <= round % 4; i++) bytes[4 + Math.floor(random() * (bytes.length - 4))] = random() * 256
      for (const source of [await openFile(writeFile(folder, `bad.${kind}`, bytes)), pipeOf(bytes)]) {
        const { fault } = await readAll(source)
        if (!(fault === null || fault instanceof SourceDamage || fault instanceof SourceUnavailable)) throw fault
      }
    }
  })

  test.skipIf(absent)('compressed twice', async () => {
    const result = await readAll(pipeOf(gzipSync(compressed)))
    expect(result.fault).toBeNull()
    expect(result.bytes.equals(original)).toBe(true)
  })

  test.skipIf(absent)('a bomb is decompressed at the pace of the reader', async () => {
    const bomb = writeFile(folder, `bomb.${kind}`, piped(command, [...args], Buffer.alloc(300_000_000)))
    const hasty = await openFile(bomb)
    expect(await hasty.read(new Uint8Array(1000))).toBeGreaterThan(0)
    await hasty.close()

    const source = await openFile(bomb)
    const into = new Uint8Array(1 << 20)
    const before = process.memoryUsage()
    let total = 0
    let highest = 0
    for (let count = -1; count !== 0; total += count) {
      count = await source.read(into)
      const now = process.memoryUsage()
      highest = Math.max(highest, now.arrayBuffers + now.external - before.arrayBuffers - before.external)
    }
    await source.close()
    expect(total).toBe(300_000_000)
    expect(highest).toBeLessThan(100_000_000)
  })
})

test('three layers: two come off, the third is handed out as it is', async () => {
  const inner = gzipSync(original)
  const result = await readAll(pipeOf(gzipSync(gzipSync(inner))))
  expect(result.bytes.equals(inner)).toBe(true)
})

test('nothing at all, and fewer bytes than a magic number', async () => {
  for (const length of [0, 1, 2, 3, 4, 5]) {
    const bytes = Buffer.from('hello').subarray(0, length)
    expect(await readAll(await openFile(writeFile(folder, 'short', bytes)), () => 3)).toEqual({ bytes, fault: null })
    expect(await readAll(pipeOf(bytes, 1), () => 3)).toEqual({ bytes, fault: null })
  }
})

test('a fault is the same at every later read', async () => {
  const source = pipeOf(gzipSync(original).subarray(0, 12))
  const first = await source.read(new Uint8Array(10)).catch((error: unknown) => error)
  expect(first).toBeInstanceOf(SourceDamage)
  await expect(source.read(new Uint8Array(10))).rejects.toBe(first)
})

test('magic numbers', () => {
  expect(detectCompression(Uint8Array.of(0x1f, 0x8b))).toBe('gzip')
  expect(detectCompression(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd))).toBe('zstd')
  expect(detectCompression(Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18))).toBe('zstd')
  expect(detectCompression(Uint8Array.of(0x04, 0x22, 0x4d, 0x18))).toBe('lz4')
  expect(detectCompression(Uint8Array.of(0x02, 0x21, 0x4c, 0x18))).toBe('lz4')
  expect(detectCompression(Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1))).toBeNull()
})

/** The shared corpus lies beside the project where it is developed; elsewhere there is none. */
const corpus = fileURLToPath(new URL('../../../shared/corpus/generated/compress', import.meta.url))
const corpusAbsent = !existsSync(corpus)
if (corpusAbsent) process.stdout.write('skipped: no ../shared/corpus beside the project\n')

test.skipIf(corpusAbsent)('the shared corpus', async () => {
  const plain = (await readAll(await openFile(join(corpus, 'plain.pcap.gz')))).bytes
  const lengths: Record<string, number> = {}
  const faults: Record<string, string> = {}
  for (const name of readdirSync(corpus).filter((name) => !/bomb|zero-records|pcapng|gzip-of-t|xz$|bz2$/.test(name))) {
    const path = join(corpus, name)
    const fromFile = await readAll(await openFile(path))
    const fromPipe = await readAll(pipeOf(readFileSync(path), 100))
    expect(fromPipe.bytes.equals(fromFile.bytes), name).toBe(true)
    expect((fromPipe.fault as Error | null)?.message, name).toBe((fromFile.fault as Error | null)?.message)
    expect(
      plain.subarray(0, fromFile.bytes.length).equals(fromFile.bytes) || name === 'corrupt-middle.pcap.gz',
      name,
    ).toBe(true)
    if (fromFile.fault !== null) faults[name] = damageIn(fromFile)
    if (fromFile.bytes.length !== plain.length) lengths[name] = fromFile.bytes.length
  }
  expect(plain.length).toBe(statSync(join(corpus, 'stored.pcap.gz')).size - 23)
  expect(faults).toEqual({
    'bad-crc.pcap.gz': 'the gzip data is damaged near its byte 779: incorrect data check',
    'corrupt-middle.pcap.gz': 'the gzip data is damaged near its byte 779: incorrect data check',
    'header-only.gz': 'the gzip data is cut short at its byte 10',
    'no-trailer.pcap.gz': 'the gzip data is cut short at its byte 775',
    'truncated.pcap.gz': 'the gzip data is cut short at its byte 522',
    'truncated.pcap.lz4': 'the lz4 data is cut short at its byte 762',
    'truncated.pcap.zst': 'the zstd data is cut short at its byte 470',
  })
  expect(lengths).toEqual({
    // As long as what gzip -dc writes before it complains.
    'corrupt-middle.pcap.gz': 7372,
    'empty-content.gz': 0,
    'header-only.gz': 0,
    'truncated.pcap.gz': 3897,
    'truncated.pcap.lz4': 0,
    'truncated.pcap.zst': 0,
  })
  const bomb = await openFile(join(corpus, 'bomb-256MiB.pcap.gz'))
  let total = 0
  const into = new Uint8Array(1 << 20)
  for (let count = -1; count !== 0; total += count) count = await bomb.read(into)
  await bomb.close()
  expect(total).toBeGreaterThan(256 * 2 ** 20)
})
