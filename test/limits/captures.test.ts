/** Captures that claim much: what is kept of them is bounded, and what is not read is said in one sentence. */
import { ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Parser } from '../../src/capture/parser.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import type { Input } from '../../src/pipeline/inputs.ts'
import { planInputs } from '../../src/pipeline/inputs.ts'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { memorySource } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'
import { measured } from './measured.ts'

const folder = temporaryFolder()
const MIB = 1 << 20
const MOST_MIB = 200
const blocks = pcapng()
const packet = blocks.packet({ data: udpFrame({}) })
const start = Buffer.concat([blocks.section(), blocks.interface()])

/** A block of `length` bytes, all zeros but for its head and its trailing length, and a packet behind it; a file with a hole. */
function fileWithBlock(name: string, head: readonly number[], length: number): string {
  const path = join(folder, name)
  const fd = openSync(path, 'w')
  const words = Buffer.alloc(4 * head.length)
  for (const [i, word] of head.entries()) words.writeUInt32LE(word, 4 * i)
  const trailer = Buffer.alloc(4)
  trailer.writeUInt32LE(length)
  ftruncateSync(fd, start.length + length)
  writeSync(fd, Buffer.concat([start, words]), 0, undefined, 0)
  writeSync(fd, Buffer.concat([trailer, packet]), 0, undefined, start.length + length - 4)
  return path
}

const framesIn = (json: string) => JSON.parse(json).capture.frames

describe('large blocks', () => {
  test('one of 128 MiB without a packet is passed over, not kept', async () => {
    const file = fileWithBlock('custom.pcapng', [0x0bad, 128 * MIB], 128 * MIB)
    const { code, stdout, peakMib } = await measured(['analyze', '-T', 'json', file])
    expect([code, framesIn(stdout)]).toEqual([0, 1])
    expect(peakMib).toBeLessThan(MOST_MIB)
  })

  test('a packet in a block of 16 MiB is read', async () => {
    const [length, caplen] = [16 * MIB, 16 * MIB - 32]
    const file = fileWithBlock('packet.pcapng', [6, length, 0, 0, 0, caplen, caplen], length)
    const { code, stdout, peakMib } = await measured(['analyze', '-T', 'json', file])
    expect([code, framesIn(stdout)]).toEqual([0, 2])
    expect(peakMib).toBeLessThan(MOST_MIB)
  })

  test.each([
    ['packet', 6, 16 * MIB + 4, 16 * MIB],
    ['custom', 0x0bad, 200 * MIB, 134348832],
  ])('a longer %s block is damage', async (name, type, length, most) => {
    const file = fileWithBlock(`${name}-too-long.pcapng`, [type, length], length)
    const { code, stderr, peakMib } = await measured(['analyze', file])
    expect(code).toBe(6)
    expect(stderr).toContain(`the block at byte 48 claims ${length} bytes (at most ${most} are plausible)`)
    expect(peakMib).toBeLessThan(MOST_MIB)
  })
})

describe('many interfaces', () => {
  const many = (count: number) => new Array<Buffer>(count).fill(blocks.interface())

  test('65,536 are kept; one more is said', async () => {
    const most = Buffer.concat([blocks.section(), ...many(65536), packet])
    const all = await measured(['analyze', '-T', 'json', writeFile(folder, 'most.pcapng', most)])
    expect([all.code, framesIn(all.stdout)]).toEqual([0, 1])
    const tooMany = Buffer.concat([most, ...many(1), packet])
    const { code, stderr, peakMib } = await measured(['analyze', writeFile(folder, 'too-many.pcapng', tooMany)])
    expect(code).toBe(6)
    expect(stderr).toMatch(
      /too-many\.pcapng: more than 65536 interfaces described at byte \d+; everything before it is shown\n$/,
    )
    expect(peakMib).toBeLessThan(MOST_MIB)
  })

  test('a name of 60 kB is cut', async () => {
    const named = Buffer.concat([blocks.section(), blocks.interface({ name: 'n'.repeat(60_000) }), packet])
    const parser = new Parser(loadCaptureModule(), { keyFields: 0 })
    const stream = parser.open(memorySource(named))
    while ((await stream.next()) !== null);
    expect(parser.interface(0).name).toBe('n'.repeat(128))
  })

  test('files are put in order of time, however many interfaces those before them describe', async () => {
    const hostile = Buffer.concat([blocks.section(), ...many(40_000), packet])
    const inputs = [hostile, hostile, pcap([{ data: udpFrame({}), seconds: 7 }])].map(
      (bytes, i): Input => ({
        name: `${i}`,
        repeatable: true,
        size: bytes.length,
        open: async () => memorySource(bytes),
      }),
    )
    const planned = await planInputs(loadCaptureModule(), inputs)
    expect(planned.map(({ firstNs }) => firstNs)).toEqual([0n, 0n, 7_000_000_000n])
  })
})

describe('many files, long names', () => {
  test('a folder of 3,000 files with 100 descriptors: few are open at once', async () => {
    const rotated = join(folder, 'rotated')
    mkdirSync(rotated)
    for (let i = 0; i < 3000; i++) {
      writeFileSync(join(rotated, `${i}.pcap`), pcap([{ data: udpFrame({}), seconds: i }]))
    }
    const { code, stdout, stderr, peakMib } = await measured(['analyze', '-T', 'json', rotated], { openFiles: 100 })
    expect([code, stderr, framesIn(stdout)]).toEqual([0, '', 3000])
    expect(peakMib).toBeLessThan(MOST_MIB)
  })

  test('a name as long as a file system takes', async () => {
    const file = writeFile(folder, `${'n'.repeat(250)}.pcap`, pcap([{ data: udpFrame({}) }]).subarray(0, -1))
    const { code, stderr } = await measured(['analyze', file])
    expect(code).toBe(6)
    expect(stderr).toContain(`${file}: `)
  })
})
