/**
 * The key that is read straight off a common frame (assembly/frame-key.ts, writeCommonKey) is the one that the walk leads to.
 *
 * The short way is taken for the lengths of whole frames only. With the lengths of IP packets every frame is walked, and
 * nothing but the length column may be different.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KEY_ALL, KEY_MAC } from '../../src/abi/key-fields.ts'
import { BASIS_FRAME, BASIS_IP, COLUMN_PROTOCOL, ROW_LENGTH, ROW_LENGTH_WITH_MACS } from '../../src/abi/layout.ts'
import { type CaptureInstance, instantiate } from '../../src/capture/module.ts'
import type { Source } from '../../src/capture/source.ts'
import { CaptureStream } from '../../src/capture/stream.ts'
import { LINKTYPE_ETHERNET } from '../../src/decoders/linktype.ts'
import { parseBy } from '../../src/engine/by.ts'
import { keyFieldsOf, PACKET_FORMATS } from '../../src/loggers/packets/create-packet-format.ts'
import { openFile } from '../../src/node/open-source.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { readAll } from '../node/fixtures.ts'
import { type PcapRecord, pcap } from '../support/build-capture.ts'
import { concat, ethernet, extension, fragment, hex, ipv4, ipv6, tcp, udp, vlan } from '../support/build-frame.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { memorySource } from '../support/read-capture.ts'
import { sampleFrames } from '../support/sample-frames.ts'
import { ALL_LINKTYPES } from '../support/walk-inputs.ts'

/** What is looked at of each frame, by column, and the bytes of the flows' rows. */
interface Keys {
  readonly flow: Uint32Array
  readonly protocol: Uint32Array
  readonly stop: Uint8Array
  readonly length: Uint32Array
  readonly origlen: Uint32Array
  readonly rows: Uint8Array
}

const CHUNK_BYTES = 1 << 18

/** One way, for one choice of fields. */
class KeyReader {
  readonly #instance: CaptureInstance
  readonly #reader: number
  readonly #rowLength: number

  constructor(keyFields: number, basis: number) {
    const instance = instantiate(loadCaptureModule())
    instance.exports.configureFlowTable(keyFields, 1n)
    instance.exports.setLengthBasis(basis)
    this.#instance = instance
    this.#reader = instance.exports.createReader(CHUNK_BYTES)
    this.#rowLength = (keyFields & KEY_MAC) !== 0 ? ROW_LENGTH_WITH_MACS : ROW_LENGTH
  }

  async read(source: Source): Promise<Keys> {
    const { exports } = this.#instance
    exports.clearFlowTable()
    exports.resetReader(this.#reader)
    const stream = new CaptureStream(this.#instance, this.#reader, source)
    const parts: Omit<Keys, 'rows'>[] = []
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      const { count, columns, memory, flow, stop, length, origlen } = batch
      parts.push({
        flow: flow.slice(0, count),
        protocol: new Uint32Array(
          memory.buffer.slice(columns + COLUMN_PROTOCOL, columns + COLUMN_PROTOCOL + 4 * count),
        ),
        stop: stop.slice(0, count),
        length: length.slice(0, count),
        origlen: origlen.slice(0, count),
      })
    }
    await source.close()
    return {
      flow: joined(parts.map(({ flow }) => flow)),
      protocol: joined(parts.map(({ protocol }) => protocol)),
      stop: Uint8Array.from(joined(parts.map(({ stop }) => stop))),
      length: joined(parts.map(({ length }) => length)),
      origlen: joined(parts.map(({ origlen }) => origlen)),
      rows: this.#rows(),
    }
  }

  #rows(): Uint8Array {
    const { exports, memory } = this.#instance
    const rows = new Uint8Array(exports.flowCount() * this.#rowLength)
    for (let id = 0, to = 0; to < rows.length; id++, to += this.#rowLength) {
      rows.set(new Uint8Array(memory.buffer, exports.flowRow(id) >>> 0, this.#rowLength), to)
    }
    return rows
  }
}

function joined(parts: readonly (Uint32Array | Uint8Array)[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Both ways, in instances that are used again. */
class BothWays {
  readonly #short: KeyReader
  readonly #walk: KeyReader

  constructor(keyFields: number) {
    this.#short = new KeyReader(keyFields, BASIS_FRAME)
    this.#walk = new KeyReader(keyFields, BASIS_IP)
  }

  /** The first difference in words; null when there is none. And how many frames there are. */
  async compare(open: () => Source | Promise<Source>): Promise<{ difference: string | null; frames: number }> {
    const short = await this.#short.read(await open())
    const walk = await this.#walk.read(await open())
    const difference =
      differenceOf('flow', short.flow, walk.flow) ??
      differenceOf('protocol', short.protocol, walk.protocol) ??
      differenceOf('stop', short.stop, walk.stop) ??
      differenceOf('row byte', short.rows, walk.rows) ??
      differenceOf('length', short.length, walk.origlen)
    return { difference, frames: short.flow.length }
  }
}

function differenceOf(name: string, one: ArrayLike<number>, other: ArrayLike<number>): string | null {
  if (one.length !== other.length) return `${name}: ${one.length} on the short way, ${other.length} on the walk`
  for (let i = 0; i < one.length; i++) {
    if (one[i] !== other[i]) return `${name} ${i}: ${one[i]} on the short way, ${other[i]} on the walk`
  }
  return null
}

/** What commands ask for: groupings of analyze and watch, all of live, the formats of log; none, as pcap-parser does. */
const WORDS = ['pair', 'flow', 'conversation', 'host', 'src', 'dst', 'protocol', 'service', 'vlan', 'mac', 'interface']
const chosen = new Set([
  0,
  KEY_ALL,
  ...[...WORDS, 'mac,flow', 'src,interface', 'host,vlan'].map((by) => parseBy(by).keyFields),
  ...PACKET_FORMATS.map(keyFieldsOf),
])
const CHOICES = [...chosen].sort((a, b) => a - b)

const ways = new Map<number, BothWays>()

function waysOf(keyFields: number): BothWays {
  const known = ways.get(keyFields) ?? new BothWays(keyFields)
  ways.set(keyFields, known)
  return known
}

async function expectSame(
  records: readonly PcapRecord[],
  choices: readonly number[],
  linktype: number = LINKTYPE_ETHERNET,
): Promise<void> {
  const bytes = pcap(records, { linktype })
  for (const keyFields of choices) {
    const { difference, frames } = await waysOf(keyFields).compare(() => memorySource(bytes))
    expect({ keyFields, difference, frames }).toEqual({ keyFields, difference: null, frames: records.length })
  }
}

describe('the key of a frame is the same on the short way and on the walk', () => {
  test('which are two ways', async () => {
    // Only the walk knows where the IP packet ends, and only the short way does not care for the length of the frame.
    const bytes = pcap([{ data: concat(ethernet(0x0800, ipv4({ protocol: 17 }, udp())), new Uint8Array(18)) }])
    const lengths = async (basis: number) => (await new KeyReader(0, basis).read(memorySource(bytes))).length
    expect([...(await lengths(BASIS_FRAME)), ...(await lengths(BASIS_IP))]).toEqual([60, 28])
  })

  test('whatever fields are asked for: all captures of the project', async () => {
    const captures = await Promise.all(
      captureFiles().map(async (name) => ({
        name,
        bytes: (await readAll(await openFile(`${capturesFolder}${name}`))).bytes,
      })),
    )
    for (let keyFields = 0; keyFields <= KEY_ALL; keyFields++) {
      const mine = new BothWays(keyFields)
      for (const { name, bytes } of captures) {
        const { difference } = await mine.compare(() => memorySource(bytes))
        if (difference !== null) expect.fail(`${name}, fields ${keyFields}: ${difference}`)
      }
    }
  })

  test.skipIf(corpusMissing !== null)('every frame of the reference captures', { timeout: 180_000 }, async () => {
    let frames = 0
    for (const file of corpusFiles()) {
      // Millions of records of nothing, and of one frame.
      if (/bomb|zero-records-4MiB/.test(file)) continue
      for (const keyFields of CHOICES) {
        const result = await waysOf(keyFields).compare(() => openFile(file))
        if (result.difference !== null) expect.fail(`${file}, fields ${keyFields}: ${result.difference}`)
        frames += result.frames
      }
    }
    expect(frames / CHOICES.length).toBeGreaterThan(40_000)
  })

  test.each(commonFrames().map((bytes, i) => [i, bytes] as const))(
    'common frame %i, cut at each byte',
    async (_, bytes) => {
      const records: PcapRecord[] = []
      for (let length = 0; length <= bytes.length; length++) {
        const data = bytes.subarray(0, length)
        records.push({ data }, { data, origlen: bytes.length }, { data, origlen: 0 }, { data, origlen: 0xffffffff })
      }
      await expectSame(records, CHOICES)
    },
  )

  test.each(commonFrames().map((bytes, i) => [i, bytes] as const))(
    'common frame %i, each byte of its headers changed',
    async (_, bytes) => {
      const records: PcapRecord[] = []
      for (let at = 12; at < Math.min(bytes.length, 80); at++) {
        for (const value of [
          0, 1, 4, 5, 6, 7, 8, 17, 0x20, 0x40, 0x45, 0x46, 0x4f, 0x50, 0x55, 0x60, 0x80, 0x81, 0x86, 0xdd, 0xf0, 0xff,
        ]) {
          const data = bytes.slice()
          data[at] = value
          records.push({ data })
        }
      }
      await expectSame(records, CHOICES)
    },
  )

  test.each(ALL_LINKTYPES)('what looks common, of link type %i', async (linktype) => {
    await expectSame(
      commonFrames().map((data) => ({ data })),
      CHOICES,
      linktype,
    )
  })

  test('for any frames, those that are nearly common above all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRecord, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(...CHOICES),
        async (records, choice) => {
          await expectSame(records, [choice])
        },
      ),
      { numRuns: 1500 },
    )
  })
})

/** Ethernet, IPv4 or IPv6, TCP or UDP; and the same with something in between. */
function commonFrames(): Uint8Array[] {
  const options = hex('020405b4 0402 080a 00000001 00000002 01 030307')
  const segments = [
    [6, tcp({}, hex('01020304'))],
    [6, tcp({ options }, hex('0102'))],
    [17, udp({}, hex('0102030405'))],
    [17, udp({ length: 0 }, hex('01'))],
    [
      17,
      udp({ destinationPort: 4789 }, concat(hex('08000000 00002a00'), ethernet(0x0800, ipv4({ protocol: 6 }, tcp())))),
    ],
  ] as const
  return segments.flatMap(([protocol, segment]) => [
    ethernet(0x0800, ipv4({ protocol }, segment)),
    ethernet(0x86dd, ipv6({ nextHeader: protocol }, segment)),
    // Padded to the shortest Ethernet frame, and beyond.
    concat(ethernet(0x0800, ipv4({ protocol }, segment)), new Uint8Array(20)),
    concat(ethernet(0x86dd, ipv6({ nextHeader: protocol }, segment)), new Uint8Array(6)),
    ethernet(0x8100, vlan({ vid: 7, type: 0x0800 }, ipv4({ protocol }, segment))),
    ethernet(0x0800, ipv4({ protocol, options: hex('94040000') }, segment)),
    ethernet(0x86dd, ipv6({ nextHeader: 60 }, extension(protocol, hex('0000 00000000'), segment))),
  ])
}

const byte = fc.integer({ min: 0, max: 255 })
/** A length field: the true one unless it lies. */
const anyLie = fc.option(fc.oneof(fc.nat(70), fc.nat(0xffff)), { freq: 3, nil: undefined })
const anySegment = fc.oneof(
  fc
    .record({
      sourcePort: fc.nat(0xffff),
      destinationPort: fc.constantFrom(0, 53, 443, 2152, 3544, 4789, 6081, 8472, 65535),
      dataOffset: fc.option(fc.nat(15), { freq: 3, nil: undefined }),
      options: fc.integer({ min: 0, max: 10 }).map((words) => new Uint8Array(words * 4)),
      payload: fc.uint8Array({ maxLength: 30 }),
    })
    .map(
      ({ payload, dataOffset, ...fields }) =>
        [6, tcp({ ...fields, ...(dataOffset !== undefined && { dataOffset }) }, payload)] as const,
    ),
  fc
    .record({
      sourcePort: fc.nat(0xffff),
      destinationPort: fc.constantFrom(0, 53, 443, 2152, 3544, 4789, 6081, 8472, 65535),
      length: anyLie,
      payload: fc.uint8Array({ maxLength: 40 }),
    })
    .map(
      ({ payload, length, ...ports }) =>
        [17, udp({ ...ports, ...(length !== undefined && { length }) }, payload)] as const,
    ),
  fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 40 })),
)
const anyPacket = fc
  .record({
    segment: anySegment,
    isV6: fc.boolean(),
    version: fc.option(fc.nat(15), { freq: 12, nil: undefined }),
    ihl: fc.option(fc.nat(15), { freq: 8, nil: undefined }),
    length: anyLie,
    options: fc.constantFrom(0, 0, 0, 0, 4, 40).map((bytes) => new Uint8Array(bytes)),
    fragmentOffset: fc.constantFrom(0, 0, 0, 0, 0, 8, 1480, 0x1fff << 3),
    moreFragments: fc.boolean(),
    between: fc.constantFrom('nothing', 'nothing', 'nothing', 'fragment', 'extension'),
  })
  .map(
    ({ segment: [protocol, segment], isV6, version, ihl, length, options, fragmentOffset, moreFragments, between }) => {
      const wrong = version === undefined ? {} : { version }
      if (!isV6) {
        const lies = { ...(ihl !== undefined && { ihl }), ...(length !== undefined && { totalLength: length }) }
        return [0x0800, ipv4({ protocol, options, fragmentOffset, moreFragments, ...wrong, ...lies }, segment)] as const
      }
      const lies = length === undefined ? {} : { payloadLength: length }
      const header = (nextHeader: number, payload: Uint8Array) =>
        [0x86dd, ipv6({ nextHeader, ...wrong, ...lies }, payload)] as const
      if (between === 'fragment') {
        return header(
          44,
          fragment({ nextHeader: protocol, offset: fragmentOffset & 0xfff8, more: moreFragments }, segment),
        )
      }
      return between === 'extension'
        ? header(60, extension(protocol, hex('0000 00000000'), segment))
        : header(protocol, segment)
    },
  )
const nearlyCommon = fc
  .record({
    packet: anyPacket,
    tags: fc.array(fc.record({ vid: fc.nat(4095), type: fc.constantFrom(0x8100, 0x88a8) }), { maxLength: 2 }),
    isTagged: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    padding: fc.constantFrom(0, 0, 6, 20),
  })
  .map(({ packet: [etherType, packet], tags, isTagged, padding }) => {
    let [type, payload] = [etherType as number, concat(packet, new Uint8Array(padding))]
    for (const tag of isTagged ? tags : []) [type, payload] = [tag.type, vlan({ vid: tag.vid, type }, payload)]
    return ethernet(type, payload)
  })
const anyBytes = fc.oneof(
  { weight: 6, arbitrary: nearlyCommon },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...sampleFrames.filter(({ linktype }) => linktype === LINKTYPE_ETHERNET))
      .map(({ bytes }) => bytes),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }) },
)
/** Now and then with a few bytes changed, cut, or longer on the wire than here; or shorter, which no wire makes. */
const anyRecord: fc.Arbitrary<PcapRecord> = fc
  .record({
    bytes: anyBytes,
    changes: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(70), byte), { maxLength: 3 }) },
    ),
    cut: fc.option(fc.nat(120), { freq: 3 }),
    origlen: fc.option(fc.oneof(fc.nat(200), fc.constantFrom(0x7fffffff, 0xffffffff)), { freq: 3 }),
  })
  .map(({ bytes, changes, cut, origlen }) => {
    const data = bytes.slice(0, cut ?? bytes.length)
    for (const [at, value] of changes) if (at < data.length) data[at] = value
    return { data, origlen: origlen ?? bytes.length }
  })
