import { describe, expect, test } from 'vitest'
import { pcap, pcapHeader, pcapng, pcapRecord } from '../support/build-capture.ts'
import type { Salvaged } from '../support/salvage.ts'
import { garbage, randomNumbers, readSalvaging } from '../support/salvage.ts'

const SECONDS = 1_700_000_000

/** A packet whose bytes tell which one it is. */
function dataOf(index: number): Buffer {
  return Buffer.alloc(20 + (index % 40), 1 + (index % 250))
}

const record = (index: number) => pcapRecord({ seconds: SECONDS + index, fraction: index, data: dataOf(index) })
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => record(from + i))

const { section, interface: described, packet, simplePacket, statistics, custom, block } = pcapng()
const ticksOf = (index: number) => BigInt(SECONDS + index) * 1_000_000n
const blockOf = (index: number, id = 0) => packet({ interface: id, ticks: ticksOf(index), data: dataOf(index) })
const blocks = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => blockOf(from + i))

/** The packets by their number: a second each. */
const numbersOf = ({ frames }: Salvaged) => frames.map(({ time }) => Number(time! / 1_000_000_000n) - SECONDS)
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const placesOf = ({ losses }: Salvaged) =>
  losses.listed.map(({ offset, bytes, framesBefore }) => [offset, bytes, framesBefore])

const word = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

describe('pcap', () => {
  const before = Buffer.concat([pcapHeader({}), ...records(0, 10)])
  const behind = Buffer.concat(records(10, 30))
  const between = (bytes: Uint8Array) => Buffer.concat([before, bytes, behind])

  test.each([
    ['a huge captured length', Buffer.concat([word(SECONDS), word(0), word(0x7fffffff), word(60)])],
    ['a plausible length that is a lie', Buffer.concat([word(SECONDS + 9), word(0), word(300), word(300)])],
    [
      'a shorter captured length that is a lie',
      Buffer.concat([word(SECONDS + 9), word(0), word(33), word(90), Buffer.alloc(90, 7)]),
    ],
    ['a hole of zeros of whole records', Buffer.alloc(160)],
    ['a hole of zeros', Buffer.alloc(1001)],
    ['one byte', Buffer.alloc(1, 0xff)],
    ['noise', garbage(5000, randomNumbers(7))],
    ['a record that was cut', record(9).subarray(0, 21)],
  ])('%s: reading goes on behind it', async (_name, damage) => {
    const salvaged = await readSalvaging(between(damage))
    expect(numbersOf(salvaged)).toEqual(upTo(0, 30))
    expect(placesOf(salvaged)).toEqual([[before.length, damage.length, 10]])
    expect(salvaged.fault).toBe(null)
    expect(salvaged.losses.atEnd).toBe(false)
  })

  test('several places, and a cut tail, which is the fault too', async () => {
    const noise = garbage(300, randomNumbers(3))
    const tail = record(99).subarray(0, 30)
    const parts = [pcapHeader({}), ...records(0, 5), noise, ...records(5, 9), noise, ...records(9, 12), tail]
    const salvaged = await readSalvaging(Buffer.concat(parts))
    expect(numbersOf(salvaged)).toEqual(upTo(0, 12))
    expect(salvaged.losses).toMatchObject({ places: 3, bytes: 630, atEnd: true })
    expect(placesOf(salvaged).map(([, bytes, frames]) => [bytes, frames])).toEqual([
      [300, 5],
      [300, 9],
      [30, 12],
    ])
    expect(salvaged.fault).toMatchObject({ kind: 'cut' })
  })

  test('what is listed is bounded, what is counted is not', async () => {
    const noise = Buffer.alloc(9, 0xff)
    const parts = upTo(0, 300).flatMap((i) => [...records(2 * i, 2 * i + 2), noise])
    const { frames, losses } = await readSalvaging(Buffer.concat([pcapHeader({}), ...parts, ...records(600, 602)]))
    expect(frames).toHaveLength(602)
    expect(losses).toMatchObject({ places: 300, bytes: 2700 })
    expect(losses.listed).toHaveLength(100)
  })

  test('a record alone between two damages is not one', async () => {
    const noise = Buffer.alloc(9, 0xff)
    const parts = [pcapHeader({}), ...records(0, 5), noise, record(5), noise, ...records(6, 9)]
    expect(numbersOf(await readSalvaging(Buffer.concat(parts)))).toEqual([...upTo(0, 5), ...upTo(6, 9)])
  })

  test('far in time only many are believed, or what goes on to the end', async () => {
    const far = (count: number) =>
      Array.from({ length: count }, (_, i) => pcapRecord({ seconds: SECONDS + 9_000_000 + i, data: dataOf(i) }))
    const noise = Buffer.alloc(30, 0xff)
    const numbers = async (count: number) =>
      (await readSalvaging(Buffer.concat([before, noise, ...far(count), noise, behind]))).frames.length
    expect(await numbers(4)).toBe(30)
    expect(await numbers(8)).toBe(38)
    expect((await readSalvaging(Buffer.concat([before, noise, ...far(3)]))).frames).toHaveLength(13)
    expect((await readSalvaging(Buffer.concat([before, noise, ...far(2)]))).frames).toHaveLength(10)
  })

  test('records in the payload of the packet that was hit are passed over', async () => {
    const inner = Buffer.concat(records(500, 530)).subarray(0, 1400)
    const outer = (index: number) =>
      pcapRecord({ seconds: SECONDS + 500 + index, data: Buffer.concat([Buffer.alloc(54, 9), inner]) })
    const hit = outer(1).fill(0xff, 8, 12)
    const parts = [pcapHeader({}), outer(0), hit, ...upTo(2, 20).map(outer)]
    const salvaged = await readSalvaging(Buffer.concat(parts))
    expect(numbersOf(salvaged)).toEqual([500, ...upTo(502, 520)])
    expect(placesOf(salvaged)).toEqual([[24 + hit.length, hit.length, 1]])
  })

  test('odd records of an odd writer are sound', async () => {
    const odd = upTo(0, 50).map((i) =>
      pcapRecord({ seconds: SECONDS + i * 200_000, fraction: 2_000_000, data: dataOf(i), origlen: 5 }),
    )
    const bytes = Buffer.concat([pcapHeader({ snaplen: 10 }), ...odd])
    const { frames, losses } = await readSalvaging(bytes)
    expect(losses.places).toBe(0)
    expect(frames).toEqual((await readSalvaging(bytes, { salvage: false })).frames)
    // And when they have been seen to be, they are found again.
    const noise = Buffer.alloc(40, 0xff)
    const cutInTwo = Buffer.concat([pcapHeader({ snaplen: 10 }), ...odd.slice(0, 20), noise, ...odd.slice(19)])
    expect((await readSalvaging(cutInTwo)).frames.length).toBeGreaterThan(20)
  })
})

describe('pcapng', () => {
  const before = Buffer.concat([section(), described(), ...blocks(0, 10)])
  const behind = Buffer.concat(blocks(10, 30))
  const between = (bytes: Uint8Array) => Buffer.concat([before, bytes, behind])
  const lying = (length: number) => {
    const bytes = Buffer.from(blockOf(9))
    bytes.writeUInt32LE(length, 4)
    return bytes
  }

  test.each([
    ['a block of no length', Buffer.alloc(12)],
    ['a length that lies', lying(4000)],
    ['a length of 10 MB', lying(10 << 20)],
    ['a length of 100 MB', lying(100 << 20)],
    ['an unknown block of 1 MB', Buffer.concat([word(0x1234), word(1 << 20), Buffer.alloc(8)])],
    ['an unknown block of 100 MB', Buffer.concat([word(0x1234), word(100 << 20), Buffer.alloc(8)])],
    ['a huge captured length', block(6, Buffer.concat([word(0), word(0), word(0), word(1 << 30), word(60)]))],
    ['an interface of nobody', blockOf(9, 7)],
    ['a length that is no multiple of four', Buffer.concat([word(6), word(33), Buffer.alloc(25)])],
    ['three bytes', Buffer.alloc(3, 0xff)],
    ['noise', garbage(5001, randomNumbers(7))],
    ['a block that was cut', blockOf(9).subarray(0, 21)],
    ['a section header of no byte order', Buffer.from(section()).fill(0, 8, 12)],
  ])('%s: reading goes on behind it', async (_name, damage) => {
    const salvaged = await readSalvaging(between(damage))
    expect(numbersOf(salvaged)).toEqual(upTo(0, 30))
    expect(placesOf(salvaged)).toEqual([[before.length, damage.length, 10]])
    expect(salvaged.fault).toBe(null)
  })

  test('a new section begins anew, in its own byte order; behind a lost one the last interfaces hold', async () => {
    const big = pcapng('big')
    const second = [1000, 1001, 1002].map((i) => big.packet({ ticks: ticksOf(i), data: dataOf(i) }))
    const header = Buffer.concat([big.section(), big.interface({ linktype: 101 })])
    const noise = Buffer.alloc(31, 0xee)
    const whole = await readSalvaging(Buffer.concat([before, noise, header, ...second]))
    expect(numbersOf(whole)).toEqual([...upTo(0, 10), 1000, 1001, 1002])
    expect(whole.frames.map(({ linktype }) => linktype)).toEqual([...upTo(0, 10).map(() => 1), 101, 101, 101])

    const third = [section(), ...blocks(10, 14)]
    third[0]!.fill(0, 0, 28)
    const lost = await readSalvaging(Buffer.concat([before, ...third]))
    expect(numbersOf(lost)).toEqual(upTo(0, 14))
    expect(lost.frames.every(({ linktype }) => linktype === 1)).toBe(true)
  })

  test('blocks of other kinds between packets do not break a chain', async () => {
    const others = [custom(Buffer.alloc(40)), statistics({ dropped: 3n }), simplePacket({ data: dataOf(3) })]
    const { frames, losses } = await readSalvaging(
      Buffer.concat([before, Buffer.alloc(50, 0xff), blockOf(10), ...others, blockOf(11)]),
    )
    expect(frames).toHaveLength(13)
    expect(losses.bytes).toBe(50)
  })
})

describe('however the bytes come', () => {
  const noise = garbage(3000, randomNumbers(5))
  const captures = {
    pcap: Buffer.concat([pcapHeader({}), ...records(0, 200), noise, ...records(200, 400), record(1).subarray(0, 20)]),
    pcapng: Buffer.concat([section(), described(), ...blocks(0, 200), noise, ...blocks(200, 400), noise]),
  }
  test.each(Object.entries(captures))('%s: the frames and the losses are the same', async (_name, bytes) => {
    const whole = await readSalvaging(bytes)
    expect(whole.frames).toHaveLength(400)
    const random = randomNumbers(11)
    for (const [chunkBytes, size] of [
      [64, () => 1],
      [4096, () => 1 + random(999)],
      [1 << 20, () => 1 + random(9999)],
    ] as const) {
      expect(await readSalvaging(bytes, { chunkBytes, size })).toEqual(whole)
    }
  })

  /** More than what is looked at from one place, so that bytes are let go of while the search is on. */
  test('through garbage of megabytes in a stream', async () => {
    const bytes = Buffer.concat([
      pcapHeader({}),
      ...records(0, 9),
      garbage(3 << 20, randomNumbers(2)),
      ...records(9, 30),
    ])
    const { frames, losses } = await readSalvaging(bytes, { chunkBytes: 1 << 16, size: () => 50_000 })
    expect(frames).toHaveLength(30)
    expect(losses.bytes).toBe(3 << 20)
  })
})

describe('made to take time', () => {
  const LENGTH = 4 << 20
  const rows: readonly [string, (random: (below: number) => number) => Buffer][] = [
    [
      'headers that each lead far',
      () => fill(Buffer.concat([word(SECONDS + 5), word(5), word(250_000), word(250_000)])),
    ],
    ['headers that each lead to another', () => fill(header(240_000, 240_000))],
    ['headers of cut packets that each lead to another', () => fill(header(240_000, 240_001))],
    [
      'a few records, and then one that hides them',
      () => fill(Buffer.concat([header(0, 0), header(0, 0), header(240_000, 240_001), header(0, 0x7fffffff)])),
    ],
    ['headers at every byte', () => fill(Buffer.from([0x65]))],
    ['two records, then none', () => fill(Buffer.concat([record(5), record(6), Buffer.alloc(3, 0xff)]))],
    [
      'blocks of 16 MB at every turn',
      () => fill(Buffer.concat([blockOf(5), blockOf(6), word(6), word((16 << 20) - 4)])),
    ],
    ['unknown blocks at every turn', () => fill(Buffer.concat([word(0x99), word(12), word(12)]))],
    ['section headers', () => fill(word(0x0a0d0d0a))],
  ]
  function header(caplen: number, origlen: number): Buffer {
    return Buffer.concat([word(SECONDS + 5), word(5), word(caplen), word(origlen)])
  }
  function fill(unit: Buffer): Buffer {
    return Buffer.alloc(LENGTH, unit)
  }

  // A second or two on a slow machine; what is quadratic in a megabyte takes hours.
  test.each(rows)('%s', { timeout: 60_000 }, async (_name, make) => {
    const body = make(randomNumbers(1))
    for (const head of [
      Buffer.concat([pcapHeader({ snaplen: 262_144 }), ...records(0, 4)]),
      Buffer.concat([section(), described(), ...blocks(0, 4)]),
    ]) {
      const bytes = Buffer.concat([head, Buffer.alloc(9, 0xff), body])
      const { losses, frames } = await readSalvaging(bytes, { size: () => 1 << 16 })
      expect(losses.bytes).toBeLessThanOrEqual(bytes.length)
      expect(frames.length).toBeGreaterThanOrEqual(4)
    }
  })
})

test('without being asked, reading stops at damage', async () => {
  const bytes = Buffer.concat([pcap([{ seconds: SECONDS, data: dataOf(1) }]), Buffer.alloc(16, 0xff), ...records(1, 9)])
  const { frames, fault, losses } = await readSalvaging(bytes, { salvage: false })
  expect(frames).toHaveLength(1)
  expect(fault?.kind).toBe('damaged')
  expect(losses.places).toBe(0)
})
