import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { Lz4Reader } from '../../src/compression/lz4-frame.ts'
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

/** What lz4 1.9.4 makes of a file with `hello hello hello hello` and a newline: `lz4 --content-size`. */
const HELLO = '04224d186c401800000000000000350f0000006968656c6c6f20060050656c6c6f0a00000000e2ff0342'

function decodeHex(hex: string) {
  return readAll(new Lz4Reader(readerOf(Buffer.from(hex, 'hex'))))
}

test('a whole frame', async () => {
  expect((await decodeHex(HELLO)).bytes.toString()).toBe('hello hello hello hello\n')
})

test.each([
  ['another version', HELLO.replace('6c40', 'ac40'), 'has at its byte 4 a frame header that lz4 does not define'],
  ['a reserved flag', HELLO.replace('6c40', '6e40'), 'has at its byte 4 a frame header that lz4 does not define'],
  ['an unknown block size', HELLO.replace('6c40', '6c30'), 'has at its byte 4 a frame header that lz4 does not define'],
  ['a wrong header checksum', HELLO.replace('350f', '340f'), 'has at its byte 14 a wrong checksum of the frame header'],
  [
    'a block too large',
    HELLO.replace('350f000000', '3501000100'),
    'a block of 65537 bytes, more than the frame allows',
  ],
  ['a malformed block', HELLO.replace('20060050', '20ff0050'), 'is damaged in the block at its byte 19'],
  ['a wrong content checksum', HELLO.replace('e2ff', 'e3ff'), 'has at its byte 38 a wrong content checksum'],
])('%s', async (_, hex, words) => {
  expect(damageIn(await decodeHex(hex))).toContain(words)
})

/** Longer than the largest block, with a part that cannot be compressed, and runs. */
const original = Buffer.concat([captureLike(4_300_000), noise(100_000), Buffer.alloc(1_000_000, 0xab), noise(100_000)])
const options = [
  '-B4',
  '-B5',
  '-B6',
  '-B7',
  '-9',
  '-12',
  '-B4 -BD',
  '-B7 -BD',
  '-BX',
  '-B4 -BD -BX -9',
  '--no-frame-crc',
  '-l',
  '--fast=9',
]

describeAgainst({ tool: 'lz4', original, options, open: (reader) => new Lz4Reader(reader) }, (compress) => {
  test('with the content size, from a file', async () => {
    const folder = temporaryFolder()
    const path = writeFile(folder, 'x', original)
    execFileSync('lz4', ['-q', '--content-size', path, `${path}.lz4`])
    const compressed = readFileSync(`${path}.lz4`)
    expect((await readAll(pipeOf(compressed))).bytes.equals(original)).toBe(true)

    // One byte more or less than there is. The header's own checksum byte is found by trial.
    for (const less of [1, -1]) {
      const wrong = Buffer.from(compressed)
      wrong.writeUInt32LE(original.length - less, 6)
      let fault = ''
      for (let check = 0; check < 256 && !/header says/.test(fault); check++) {
        wrong[14] = check
        fault = damageIn(await readAll(new Lz4Reader(readerOf(wrong, 50_000)), () => 1 << 20))
      }
      expect(fault).toContain(less === 1 ? 'more than the frame header says' : 'less than the frame header says')
    }
  })

  test('frames of all kinds in one file, skippable ones between', async () => {
    const skippable = Buffer.alloc(8 + 100_000, 7)
    skippable.writeUInt32LE(0x184d2a5f)
    skippable.writeUInt32LE(100_000, 4)
    const small = captureLike(100_000)
    const frames = [['-l'], ['-l'], ['-B4', '-BD'], ['-l'], ['-9']].map((args) => piped('lz4', ['-qc', ...args], small))
    const result = await readAll(pipeOf(Buffer.concat(frames.flatMap((frame) => [frame, skippable]))))
    expect(result.fault).toBeNull()
    expect(result.bytes.equals(Buffer.concat(frames.map(() => small)))).toBe(true)
    const withoutSkippable = await readAll(pipeOf(Buffer.concat(frames)))
    expect(withoutSkippable.bytes.length).toBe(frames.length * small.length)
  })

  test('a wrong block checksum is noticed before the block is handed out', async () => {
    const compressed = compress('-B4', '-BX')
    const second = 7 + 4 + compressed.readUInt32LE(7) + 4
    compressed[second + 100]! ^= 1
    const result = await readAll(new Lz4Reader(readerOf(compressed)))
    expect(damageIn(result)).toContain('a wrong block checksum')
    expect(result.bytes.equals(original.subarray(0, 64 * 1024))).toBe(true)
  })

  test('a wrong content checksum is noticed behind all the data', async () => {
    const compressed = compress()
    compressed[compressed.length - 1]! ^= 1
    const result = await readAll(new Lz4Reader(readerOf(compressed, 50_000)))
    expect(damageIn(result)).toContain('a wrong content checksum')
    expect(result.bytes.equals(original)).toBe(true)
  })

  test('a dictionary is refused with advice', async () => {
    const folder = temporaryFolder()
    const dictionary = writeFile(folder, 'dictionary', captureLike(3000))
    // lz4(1) does not write the id into the frame, so one is put in: FLG bit 0, four bytes, and the header checksum by trial.
    const frame = piped('lz4', ['-qc', '-D', dictionary], captureLike(4000))
    const faults = []
    for (let check = 0; check < 256; check++) {
      const header = Buffer.concat([frame.subarray(0, 6), Buffer.from([1, 2, 3, 4, check])])
      header[4]! |= 1
      faults.push((await readAll(pipeOf(Buffer.concat([header, frame.subarray(7)])))).fault as Error)
    }
    const refused = faults.filter((fault) => fault instanceof SourceUnavailable)
    expect(refused.map((fault) => fault.message)).toEqual([
      'cannot read pipe: it is lz4-compressed with a dictionary; decompress it first: lz4 -dc -D DICTIONARY FILE | netkit analyze -',
    ])
  })
})
