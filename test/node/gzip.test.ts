import { setTimeout } from 'node:timers/promises'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { gunzip } from '../../src/node/gzip.ts'
import { openFile } from '../../src/node/open-source.ts'
import {
  captureLike,
  damageIn,
  hasTool,
  piped,
  pipeOf,
  type ReadResult,
  randomSizes,
  readAll,
  readerOf,
  temporaryFolder,
  writeFile,
} from './fixtures.ts'

const folder = temporaryFolder()
const original = captureLike(200_000)
const member = gzipSync(original)

/** By file (node:zlib, then pako where that fails) and by pipe (pako): both must say the same. */
async function bothWays(bytes: Uint8Array): Promise<ReadResult> {
  const fromFile = await readAll(await openFile(writeFile(folder, 'x.gz', bytes)), randomSizes(3))
  const fromPipe = await readAll(pipeOf(bytes, 997), randomSizes(4))
  expect(fromFile.bytes.equals(fromPipe.bytes)).toBe(true)
  expect((fromFile.fault as Error | null)?.message).toBe((fromPipe.fault as Error | null)?.message)
  return fromPipe
}

describe('behind the last member', () => {
  test.each([
    ['zeros', Buffer.alloc(100_000)],
    ['garbage', Buffer.from('garbage that is no gzip member')],
    ['the first byte of a magic number and something else', Buffer.from('1f00', 'hex')],
  ])('%s: the data, quietly', async (_, tail) => {
    const result = await bothWays(Buffer.concat([member, tail]))
    expect(result.fault).toBeNull()
    expect(result.bytes.equals(original)).toBe(true)
  })

  test('half a magic number or half a header: the data, then damage', async () => {
    for (const tail of ['1f', '1f8b', '1f8b08000000']) {
      const result = await bothWays(Buffer.concat([member, Buffer.from(tail, 'hex')]))
      expect(damageIn(result)).toContain('cut short')
      expect(result.bytes.equals(original)).toBe(true)
    }
  })
})

test('members end anywhere in the reads of a pipe', async () => {
  const three = Buffer.concat([member, member, member])
  for (const piece of [1, 2, member.length - 1, member.length, member.length + 1]) {
    const result = await readAll(pipeOf(three, piece), () => 65_536)
    expect(result.fault).toBeNull()
    expect(result.bytes.equals(Buffer.concat([original, original, original]))).toBe(true)
  }
}, 20_000)

test('a wrong CRC or a wrong length costs no byte of the data', async () => {
  for (const [back, words] of [
    [8, 'incorrect data check'],
    [4, 'incorrect length check'],
  ] as const) {
    const bytes = Buffer.from(member)
    bytes[bytes.length - back]! ^= 1
    const result = await bothWays(bytes)
    expect(damageIn(result)).toContain(words)
    expect(result.bytes.equals(original)).toBe(true)
  }
})

test('damage that is met before anybody asks', async () => {
  const start = Buffer.concat([member.subarray(0, 10), Buffer.alloc(1000, 0xff)])
  const inflated = gunzip({ ...readerOf(start), fromStart: () => readerOf(start) })
  await setTimeout(50)
  const late = await readAll(inflated)
  expect(late).toEqual(await readAll(pipeOf(start)))
  expect(damageIn(late)).toContain('damaged near its byte')
})

test('it may be closed at any time', async () => {
  const file = writeFile(folder, 'closed.gz', gzipSync(captureLike(5_000_000)))
  for (const reads of [0, 1, 2, 30]) {
    const source = await openFile(file)
    for (let i = 0; i < reads; i++) expect(await source.read(new Uint8Array(100_000))).toBeGreaterThan(0)
    const last = source.read(new Uint8Array(100_000))
    await source.close()
    expect(await last).toBeLessThanOrEqual(100_000)
    expect(await source.read(new Uint8Array(10))).toBe(0)
  }
})

test('an invalid code costs no byte before it', async () => {
  // A stored block that is not the last one, then a block of the reserved type 3 (RFC 1951 §3.2.3).
  const content = captureLike(50_000, 9)
  const stored = Buffer.concat([Buffer.from([0, 0x50, 0xc3, 0xaf, 0x3c]), content])
  const header = member.subarray(0, 10)
  const result = await bothWays(Buffer.concat([header, stored, Buffer.from([0b110]), Buffer.alloc(50, 0xaa)]))
  expect(damageIn(result)).toMatch(/^the gzip data is damaged near its byte \d+: invalid block type$/)
  expect(result.bytes.equals(content)).toBe(true)
})

test('every field of the header', async () => {
  // FEXTRA, FNAME, FCOMMENT; RFC 1952 §2.3.1.
  const extra = Buffer.concat([Buffer.from([5, 0]), Buffer.from('extra')])
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0b0001_1100, 1, 2, 3, 4, 0, 3]),
    extra,
    Buffer.from('name\0comment\0'),
  ])
  const result = await bothWays(Buffer.concat([header, deflateRawSync(original), member.subarray(-8)]))
  expect(result.fault).toBeNull()
  expect(result.bytes.equals(original)).toBe(true)
})

test.skipIf(!hasTool('gzip'))('what gzip(1) writes of a damaged file, at least', async () => {
  for (let at = 500; at < member.length - 100; at += 4001) {
    const bytes = Buffer.from(member)
    bytes[at]! ^= 0x55
    const theirs = (() => {
      try {
        return piped('gzip', ['-dc'], bytes)
      } catch (error) {
        return (error as { stdout: Buffer }).stdout
      }
    })()
    const ours = await bothWays(bytes)
    expect(damageIn(ours)).toContain('damaged near')
    expect(ours.bytes.length).toBeGreaterThanOrEqual(theirs.length)
    expect(ours.bytes.subarray(0, theirs.length).equals(theirs)).toBe(true)
  }
})
