import { once } from 'node:events'
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import pcapParser, {
  type Packet,
  type PacketHeader,
  type PcapParser,
  type PcapParserEvents,
  parse,
} from '../../src/node/pcap-parser.ts'
import { pcap, pcapHeader, pcapng } from '../support/build-capture.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { udpFrame } from '../support/udp-frame.ts'
import { randomSizes, temporaryFolder, writeFile } from './fixtures.ts'

/** The package that this one stands in for. It has no types; its events are the same. */
const original = createRequire(import.meta.url)('pcap-parser') as { parse(input: string | Readable): PcapParser }

const NAMES = ['globalHeader', 'packetHeader', 'packetData', 'packet', 'error', 'end'] as const
const NS = 1_000_000_000n
const folder = temporaryFolder()

type Event = readonly [name: keyof PcapParserEvents, value: unknown]

/** All events until the parser has been silent about itself for good: `end`, or an `error` and what follows in the same turn. */
async function eventsOf(parser: PcapParser): Promise<Event[]> {
  const events: Event[] = []
  await new Promise<void>((resolve) => {
    const hear = (name: keyof PcapParserEvents, value?: unknown) => {
      events.push([name, name === 'error' ? (value as Error).message : value])
      if (name === 'error' || name === 'end') setImmediate(resolve)
    }
    for (const name of NAMES) parser.on(name, (value?: unknown) => hear(name, value))
  })
  return events
}

function pieces(bytes: Uint8Array, size: () => number): Readable {
  const cut = function* () {
    for (let at = 0; at < bytes.length; ) {
      const length = size()
      yield bytes.subarray(at, at + length)
      at += length
    }
  }
  return Readable.from(cut(), { objectMode: false })
}

const frames = [1, 2, 3].map((last) => udpFrame({ src: `192.0.2.${last}`, payload: Buffer.alloc(20 * last) }))
const records = frames.map((data, i) => ({ seconds: 1_700_000_000 + i, fraction: 123_456 + i, data, origlen: 100 + i }))

describe('as npm pcap-parser', () => {
  test.each(['little', 'big'] as const)(
    'a pcap, byte order %s, from a file and in pieces of any size',
    async (order) => {
      const bytes = pcap(records, { order, snaplen: 4096, linktype: 101 })
      const path = writeFile(folder, `${order}.pcap`, bytes)
      const expected = await eventsOf(original.parse(path))
      expect(expected.map(([name]) => name).join()).toBe(
        `globalHeader${',packetHeader,packetData,packet'.repeat(3)},end`,
      )
      expect(await eventsOf(parse(path))).toEqual(expected)
      expect(await eventsOf(parse(createReadStream(path)))).toEqual(expected)
      for (let size = 1; size < 60; size++) expect(await eventsOf(parse(pieces(bytes, () => size)))).toEqual(expected)
      for (let seed = 0; seed < 5; seed++)
        expect(await eventsOf(parse(pieces(bytes, randomSizes(seed))))).toEqual(expected)
    },
  )

  test('a pcap without packets, every field of its header its own', async () => {
    const header = pcapHeader({ linktype: 0xf0000001, snaplen: 77 })
    header.writeInt32LE(-3600, 8)
    header.writeUInt32LE(6, 12)
    const path = writeFile(folder, 'empty.pcap', header)
    const events = await eventsOf(parse(path))
    expect(events).toEqual(await eventsOf(original.parse(path)))
    expect(events[0]).toEqual([
      'globalHeader',
      {
        magicNumber: 0xa1b2c3d4,
        majorVersion: 2,
        minorVersion: 4,
        gmtOffset: -3600,
        timestampAccuracy: 6,
        snapshotLength: 77,
        linkLayerType: 0xf0000001,
      },
    ])
  })

  test('a packet of no bytes', async () => {
    const path = writeFile(folder, 'no-bytes.pcap', pcap([{ data: Buffer.alloc(0), origlen: 60 }, ...records]))
    expect(await eventsOf(parse(path))).toEqual(await eventsOf(original.parse(path)))
  })

  test('what is no capture: an error, but no end', async () => {
    const path = writeFile(folder, 'text.pcap', Buffer.from('this is no capture at all, but text'))
    expect((await eventsOf(original.parse(path))).map(([name]) => name)).toEqual(['error', 'end'])
    expect(await eventsOf(parse(path))).toEqual([['error', `${path}: not a capture but plain text`]])
  })

  if (corpusMissing !== null) process.stdout.write(`skipped: ${corpusMissing}\n`)
  const files = (corpusMissing === null ? corpusFiles() : []).filter(isClassic)

  test.skipIf(corpusMissing !== null)('there is a corpus to compare with', () => {
    expect(files.length).toBeGreaterThan(200)
  })

  test.skipIf(corpusMissing !== null).each(files)('%s', async (path) => {
    const expected = (await eventsOf(original.parse(path))).map(comparable)
    const actual = (await eventsOf(parse(path))).map(comparable)
    const last = actual.pop()
    // The original knows no damage: it waits for more and is content when there is none. Up to the damage both say the same.
    if (last?.[0] === 'error') expect(expected.slice(0, actual.length)).toEqual(actual)
    else expect([...actual, last]).toEqual(expected)
  })
})

/** Microsecond pcap of version 2.4, which is what the original reads. */
function isClassic(path: string): boolean {
  return /^(a1b2c3d400020004|d4c3b2a102000400)/.test(readFileSync(path).toString('hex', 0, 8))
}

/** The event with a second for each million microseconds, and with bytes as text, which is compared faster. */
function comparable([name, value]: Event): Event {
  const carry = (header: PacketHeader): PacketHeader => ({
    ...header,
    timestampSeconds: header.timestampSeconds + Math.floor(header.timestampMicroseconds / 1e6),
    timestampMicroseconds: header.timestampMicroseconds % 1e6,
  })
  if (name === 'packetHeader') return [name, carry(value as PacketHeader)]
  if (name === 'packetData') return [name, (value as Buffer).toString('hex')]
  if (name !== 'packet') return [name, value]
  const { header, data } = value as Packet
  return [name, { header: carry(header), data: data.toString('hex') }]
}

describe('beyond npm pcap-parser', () => {
  const headersOf = (events: readonly Event[]) =>
    events.filter(([name]) => name === 'packetHeader').map(([, value]) => value)

  test('nanosecond pcap: the magic tells, whole microseconds remain', async () => {
    const bytes = pcap([{ seconds: 5, fraction: 123_456_789, data: frames[0]! }], { form: 'nanoseconds', order: 'big' })
    const events = await eventsOf(parse(pieces(bytes, () => 7)))
    expect(events[0]).toMatchObject(['globalHeader', { magicNumber: 0xa1b23c4d, majorVersion: 2, linkLayerType: 1 }])
    expect(headersOf(events)).toMatchObject([{ timestampSeconds: 5, timestampMicroseconds: 123_456 }])
  })

  test.each(['little', 'big'] as const)('pcapng, byte order %s', async (order) => {
    const blocks = pcapng(order)
    const bytes = Buffer.concat([
      blocks.section([1, 2]),
      blocks.interface({ linktype: 101, snaplen: 512, tsresol: 9 }),
      blocks.interface({ linktype: 1, tsoffset: 2n ** 64n - 10n }),
      blocks.packet({ ticks: 1_700_000_000_000_001_999n, data: frames[0]!, origlen: 1500 }),
      blocks.packet({ interface: 1, ticks: 1n, data: frames[1]! }),
      blocks.simplePacket({ data: frames[2]! }),
    ])
    const sizes = { capturedLength: frames[1]!.length, originalLength: frames[1]!.length }
    for (const size of [1, 9, 10_000]) {
      const events = await eventsOf(parse(pieces(bytes, () => size)))
      expect(events.map(([name]) => name).join()).toBe(`globalHeader${',packetHeader,packetData,packet'.repeat(3)},end`)
      expect(events[0]).toEqual([
        'globalHeader',
        {
          magicNumber: 0x0a0d0d0a,
          majorVersion: 1,
          minorVersion: 2,
          gmtOffset: 0,
          timestampAccuracy: 0,
          snapshotLength: 512,
          linkLayerType: 101,
        },
      ])
      expect(headersOf(events)).toEqual([
        {
          timestampSeconds: 1_700_000_000,
          timestampMicroseconds: 1,
          capturedLength: frames[0]!.length,
          originalLength: 1500,
        },
        { timestampSeconds: -10, timestampMicroseconds: 1, ...sizes },
        {
          timestampSeconds: 0,
          timestampMicroseconds: 0,
          capturedLength: frames[2]!.length,
          originalLength: frames[2]!.length,
        },
      ])
      expect(events.filter(([name]) => name === 'packetData').map(([, data]) => data)).toEqual(frames)
    }
  })

  test('every time that 64 bits hold is split exactly', async () => {
    const blocks = pcapng()
    const edge = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
      // Next to a whole second, where a double would round to the wrong side.
      fc
        .tuple(fc.bigInt({ min: -9_223_372_036n, max: 9_223_372_036n }), fc.bigInt({ min: -600n, max: 600n }))
        .map(([second, ns]) => second * NS + ns),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(edge, { minLength: 1, maxLength: 100 }), async (times) => {
        // An interface each: the offset makes room for times before 1970.
        const seconds = times.map((time) => (time - (((time % NS) + NS) % NS)) / NS)
        const bytes = Buffer.concat([
          blocks.section(),
          ...seconds.map((second) => blocks.interface({ tsresol: 9, tsoffset: BigInt.asUintN(64, second) })),
          ...times.map((time, i) => blocks.packet({ interface: i, ticks: time - seconds[i]! * NS, data: frames[0]! })),
        ])
        const headers = headersOf(await eventsOf(parse(pieces(bytes, () => 1 << 20)))) as PacketHeader[]
        expect(headers.map((header) => [header.timestampSeconds, header.timestampMicroseconds])).toEqual(
          times.map((time, i) => [Number(seconds[i]), Number((time - seconds[i]! * NS) / 1000n)]),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('pcapng without an interface: a header all the same, and the end', async () => {
    const events = await eventsOf(parse(pieces(pcapng('big').section(), () => 5)))
    expect(events.map(([name]) => name)).toEqual(['globalHeader', 'end'])
    expect(events[0]?.[1]).toMatchObject({ magicNumber: 0x0a0d0d0a, snapshotLength: 0, linkLayerType: 0 })
  })

  test('a compressed file', async () => {
    const bytes = pcap(records)
    const plain = writeFile(folder, 'plain.pcap', bytes)
    const packed = writeFile(folder, 'packed.pcap.gz', gzipSync(bytes))
    expect(await eventsOf(parse(packed))).toEqual(await eventsOf(original.parse(plain)))
  })

  test('a cut file: its packets, then an error that says where, and no end', async () => {
    const path = writeFile(folder, 'cut.pcap', pcap(records).subarray(0, -1))
    const events = await eventsOf(parse(path))
    const at = 24 + 2 * 16 + frames[0]!.length + frames[1]!.length
    expect(events.map(([name]) => name).join()).toBe(`globalHeader${',packetHeader,packetData,packet'.repeat(2)},error`)
    expect(events.at(-1)?.[1]).toBe(
      `${path}: cut in the packet at byte ${at}: ${frames[2]!.length - 1} of ${frames[2]!.length} bytes`,
    )
  })

  test('a damaged first section is no header', async () => {
    const events = await eventsOf(parse(pieces(pcapng().section([7, 0]), () => 100)))
    expect(events.map(([name]) => name)).toEqual(['error'])
  })

  test('no such file', async () => {
    expect(await eventsOf(parse('no-such-file.pcap'))).toEqual([
      ['error', 'cannot open no-such-file.pcap: no such file'],
    ])
  })

  test('a stream that fails, before or behind the first bytes', async () => {
    const early = new PassThrough()
    const parser = parse(early)
    early.destroy(new Error('gone'))
    expect(await eventsOf(parser)).toEqual([['error', 'cannot read stream: gone']])
    const late = new PassThrough()
    late.write(pcap(records))
    const reading = parse(late)
    reading.once('packet', () => late.destroy(new Error('gone')))
    const names = (await eventsOf(reading)).map(([name]) => name)
    expect(names.at(-1)).toBe('error')
    expect(names).not.toContain('end')
  })
})

describe('how events come', () => {
  test('not before the caller has had time to attach listeners', async () => {
    const parser = parse(pieces(pcap(records), () => 1000))
    const seen: string[] = []
    parser.on('globalHeader', () => seen.push('globalHeader'))
    expect(seen).toEqual([])
    await once(parser, 'end')
    expect(seen).toEqual(['globalHeader'])
  })

  test('the header of a live stream comes when it is there, without waiting for a packet', async () => {
    const live = new PassThrough()
    const parser = parse(live)
    live.write(pcapHeader({ linktype: 113 }))
    const [header] = await once(parser, 'globalHeader')
    expect(header).toMatchObject({ linkLayerType: 113 })
    live.write(pcap(records).subarray(24))
    await once(parser, 'packet')
    live.end()
    await once(parser, 'end')
  })

  test('packetHeader and packetData hand out the very objects of packet', async () => {
    const parser = parse(pieces(pcap(records), () => 1000))
    const parts: unknown[] = []
    parser.on('packetHeader', (header) => parts.push(header))
    parser.on('packetData', (data) => parts.push(data))
    parser.on('packet', ({ header, data }) => {
      expect(parts.splice(0)).toEqual([header, data])
      expect(Buffer.isBuffer(data)).toBe(true)
    })
    await once(parser, 'end')
    expect(parts).toEqual([])
  })

  test('data that a listener keeps stays as it was, and what it writes harms nobody', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({ data: Buffer.alloc(40, i % 251) }))
    const parser = parse(pieces(pcap(many), () => 65_536))
    const kept: Buffer[] = []
    parser.on('packet', ({ data }) => {
      expect(data[0]).toBe(kept.length % 251)
      data.fill(0xff)
      kept.push(data)
    })
    await once(parser, 'end')
    expect(kept.length).toBe(30_000)
    expect(kept.every((data) => data.length === 40 && data.every((byte) => byte === 0xff))).toBe(true)
  })

  test('a file of 200 MB passes through without being held', async () => {
    const chunk = pcap(new Array(700).fill({ data: Buffer.alloc(1400) })).subarray(24)
    const source = function* () {
      yield pcapHeader({})
      for (let i = 0; i < 200; i++) yield chunk
    }
    let packets = 0
    let peak = 0
    const before = process.memoryUsage.rss()
    const parser = parse(Readable.from(source(), { objectMode: false }))
    parser.on('packet', () => {
      if (packets++ % 5000 === 0) peak = Math.max(peak, process.memoryUsage.rss())
    })
    await once(parser, 'end')
    expect(packets).toBe(200 * 700)
    expect((peak - before) / 1e6).toBeLessThan(120)
  })

  test('the usage of the original, by its default import', async () => {
    const parser = pcapParser.parse(pieces(pcap(records), () => 100))
    let packets = 0
    parser.on('packet', () => packets++)
    await once(parser, 'end')
    expect(packets).toBe(3)
  })

  test('what a listener throws is not taken for a fault of the capture', async () => {
    const parser = parse(pieces(pcap(records), () => 100))
    const thrown = new Error('from the listener')
    parser.on('packet', () => {
      throw thrown
    })
    const faults: Error[] = []
    parser.on('error', (error) => faults.push(error))
    const listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    const [reason] = await once(process, 'unhandledRejection')
    for (const listener of listeners) process.on('unhandledRejection', listener)
    expect(reason).toBe(thrown)
    expect(faults).toEqual([])
  })
})
