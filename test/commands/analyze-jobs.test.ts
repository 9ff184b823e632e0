/** `netkit analyze --jobs N` with real threads, on a capture large enough for them: the same bytes whatever N is. */
import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { seeded, temporaryFolder } from '../node/fixtures.ts'
import { netkit } from '../support/netkit-process.ts'

const folder = temporaryFolder()
const office = readFileSync(fileURLToPath(new URL('../pcaps/office.pcapng', import.meta.url)))

const RECORDS = 600_000
/** More than four segments of 16 MiB, so that there is something to share. */
const LEAST_BYTES = 60 << 20

/** Frames of some thousand hosts, TCP and UDP, a hundred bytes on average, ten seconds in all; here and there out of order. */
function writePcap(path: string): void {
  const random = seeded(7)
  const file = openSync(path, 'w')
  writeSync(file, Buffer.from('d4c3b2a10200040000000000000000000000040001000000', 'hex'))
  let bytes = Buffer.alloc(1 << 20)
  let at = 0
  for (let i = 0; i < RECORDS; i++) {
    const payload = Math.floor(random() ** 2 * 300)
    const length = 54 + payload
    if (at + 16 + length > bytes.length) {
      writeSync(file, bytes, 0, at)
      bytes = Buffer.alloc(1 << 20)
      at = 0
    }
    const microseconds = Math.floor((i / RECORDS) * 10_000_000 + random() * 2000)
    bytes.writeUInt32LE(1_700_000_000 + Math.floor(microseconds / 1e6), at)
    bytes.writeUInt32LE(microseconds % 1_000_000, at + 4)
    bytes.writeUInt32LE(length, at + 8)
    bytes.writeUInt32LE(length, at + 12)
    const frame = at + 16
    bytes.writeUInt16BE(0x0800, frame + 12)
    bytes.writeUInt8(0x45, frame + 14)
    bytes.writeUInt16BE(length - 14, frame + 16)
    bytes.set([64, random() < 0.8 ? 6 : 17], frame + 22)
    bytes.writeUInt32BE(0x0a000000 + Math.floor(random() ** 3 * 5000), frame + 26)
    bytes.writeUInt32BE(0x0a010000 + Math.floor(random() ** 3 * 500), frame + 30)
    bytes.writeUInt16BE(1024 + Math.floor(random() * 20), frame + 34)
    bytes.writeUInt16BE(443, frame + 36)
    bytes.writeUInt16BE(8 + payload, frame + 38)
    bytes.writeUInt8(0x50, frame + 46)
    at = frame + length
  }
  writeSync(file, bytes, 0, at)
  closeSync(file)
}

const analyze = (file: string, jobs: number, ...args: string[]) =>
  netkit(['analyze', file, '--format', 'jsonl', '--top', '200', '--jobs', String(jobs), ...args])

describe('threads', { timeout: 60_000 }, () => {
  const pcap = join(folder, 'large.pcap')
  beforeAll(() => {
    writePcap(pcap)
    expect(readFileSync(pcap).length).toBeGreaterThan(LEAST_BYTES)
  })

  test.each([
    ['flows by the second', ['--window', '1', '--by', 'flow'], [2, 3, 7]],
    ['hosts in sliding windows', ['--window', '2', '--step', '1', '--by', 'host'], [3]],
    [
      'a part of the time',
      ['--window', '1', '--since', '2023-11-14T22:13:22Z', '--until', '2023-11-14T22:13:26Z'],
      [2],
    ],
    ['too many flows', ['--window', '1', '--by', 'flow', '--max-flows', '5000'], [3]],
  ])('%s', async (_name, args, several) => {
    const alone = await analyze(pcap, 1, ...args)
    expect(alone.code).toBe(0)
    expect(alone.stdout.length).toBeGreaterThan(1000)
    for (const jobs of several) expect(await analyze(pcap, jobs, ...args)).toEqual(alone)
  })

  test('a capture that is cut in the middle of its last record', async () => {
    truncateSync(pcap, readFileSync(pcap).length - 20)
    const alone = await analyze(pcap, 1, '--window', '1')
    expect([alone.code, alone.stderr]).toEqual([6, expect.stringContaining('cut in the packet at byte')])
    expect(await analyze(pcap, 3, '--window', '1')).toEqual(alone)
  })

  test('pcapng, with a section of another capture in the middle', async () => {
    const file = join(folder, 'large.pcapng')
    const out = openSync(file, 'w')
    writeSync(out, office)
    // Packet blocks of the same section, again and again: everything behind the last interface description.
    const packets = packetBlocks(office)
    for (let i = 0; i < 2; i++) {
      for (let size = 0; size < 40 << 20; size += packets.length) writeSync(out, packets)
      writeSync(out, office)
    }
    closeSync(out)
    const alone = await analyze(file, 1, '--window', '1')
    expect(alone.code).toBe(0)
    expect(await analyze(file, 2, '--window', '1')).toEqual(alone)
  })
})

/** The Enhanced Packet Blocks of a little-endian pcapng capture. */
function packetBlocks(capture: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let at = 0; at < capture.length; at += capture.readUInt32LE(at + 4)) {
    if (capture.readUInt32LE(at) === 6) blocks.push(capture.subarray(at, at + capture.readUInt32LE(at + 4)))
  }
  return Buffer.concat(blocks)
}
