/** Names through the module's marks, against the same readers given every payload of the capture. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Parser, type ParserOptions } from '../../src/capture/parser.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import { ALWAYS, type Sighting } from '../../src/names/name-book.ts'
import { openFile } from '../../src/node/open-source.ts'
import { NameScanner } from '../../src/pipeline/name-scanner.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { pcap } from '../support/build-capture.ts'
import { capturesFolder } from '../support/captures.ts'
import { compileModule, corpusFiles, corpusMissing } from '../support/corpus.ts'
import { readNames } from '../support/read-names.ts'
import { udpFrame } from '../support/udp-frame.ts'

const folder = temporaryFolder()

async function scan(file: string, inner = false, selection: Partial<ParserOptions> = {}): Promise<Sighting[]> {
  const parser = new Parser(await compileModule(), { keyFields: 0, inner, names: true, ...selection })
  const scanner = new NameScanner(parser, inner)
  const stream = parser.open(await openFile(file))
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    await scanner.scan({ stream, start: 0, end: batch.count })
  }
  scanner.readBlocks()
  await parser.close(stream)
  return scanner.take()
}

function textOf({ address, name, source }: Sighting): string {
  return `${source} ${formatAddress(Uint8Array.from(address, (character) => character.charCodeAt(0)))} ${name}`
}

async function expectAll(file: string): Promise<number> {
  const marked = new Set((await scan(file)).map(textOf).filter((text) => !text.startsWith('pcapng ')))
  const all = new Set((await readNames(file)).filter((text) => !NAMELESS.test(text)))
  expect([...marked].sort(), file).toEqual([...all].sort())
  return all.size
}

/** What canHaveName leaves out. */
const NAMELESS = /^\w+ (0\.|22[4-9]\.|23\d\.|255\.255\.255\.255|ff..:|:: )|^(?!pcapng )\w+ (127\.|::1 )/

test('nothing is missed in the captures of the project', async () => {
  let names = 0
  for (const file of readdirSync(capturesFolder)) {
    if (/\.(pcap|pcapng)$/.test(file)) names += await expectAll(capturesFolder + file)
  }
  expect(names).toBeGreaterThan(10)
})

test.skipIf(corpusMissing)(
  'nothing is missed in the captures of other projects',
  async () => {
    let names = 0
    for (const file of corpusFiles().filter((_file, i) => i % 4 === 0)) names += await expectAll(file)
    expect(names).toBeGreaterThan(100)
  },
  300_000,
)

describe('frames that do not count', () => {
  const SELECTIONS: readonly (readonly [string, Partial<ParserOptions>])[] = [
    ['none of them', { sinceNs: 2n ** 62n }],
    ['those with TCP', { filter: compileFilter('ip proto 6') }],
    ['every second one or so', { filter: compileFilter('len & 1 = 0') }],
  ]

  test.each(SELECTIONS)('tell names all the same: %s count', async (_name, selection) => {
    for (const file of ['office.pcapng', 'office.pcap', 'pcapng-other-blocks.pcapng']) {
      const whole = (await scan(capturesFolder + file)).map(textOf)
      expect((await scan(capturesFolder + file, false, selection)).map(textOf), file).toEqual(whole)
    }
  })

  test('also where more than a batch of them come one after the other', async () => {
    const frames = Array.from({ length: 9000 }, (_, i) => ({
      seconds: 1 + i,
      data: dns(answer(`host-${i}.example`, [[198, 51, i >> 8, i & 255]])),
    }))
    // The last one counts, so that a batch has both.
    const file = join(folder, 'many-answers.pcap')
    writeFileSync(file, pcap(frames))
    const whole = (await scan(file)).map(textOf)
    expect(whole.length).toBe(9000)
    for (const sinceNs of [2n ** 62n, 9_000_000_000_000n, 4_500_000_000_000n]) {
      expect((await scan(file, false, { sinceNs })).map(textOf)).toEqual(whole)
    }
  })
})

/** An answer of DNS: one question, and its addresses. */
function answer(name: string, addresses: readonly (readonly number[])[], id = 1, ttl = 60): Buffer {
  const encoded = Buffer.concat(name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])))
  const header = [id >> 8, id & 255, 0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0]
  const records = addresses.flatMap((address) => [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, ttl, 0, 4, ...address])
  return Buffer.from([...header, ...encoded, 0, 0, 1, 0, 1, ...records])
}

async function scanFrames(...frames: readonly (readonly [seconds: number, frame: Uint8Array])[]) {
  const file = join(folder, 'frames.pcap')
  writeFileSync(file, pcap(frames.map(([seconds, data]) => ({ seconds, data }))))
  return (await scan(file)).map((sighting) => `${textOf(sighting)} ${sighting.ns / 1_000_000_000n}`)
}

const SERVER = [198, 51, 100, 7]
const dns = (payload: Uint8Array) => udpFrame({ sourcePort: 53, destinationPort: 40_000, payload })

describe('answers of DNS', () => {
  test('that are given again within a second are read once, whatever their id and lifetime', async () => {
    const [one, again] = [answer('a.example', [SERVER]), answer('a.example', [SERVER], 2, 9)]
    expect(await scanFrames([1, dns(one)], [1, dns(again)])).toEqual(['dns 198.51.100.7 a.example 1'])
  })

  test('of another name, or with another address, are news', async () => {
    expect(
      await scanFrames(
        [1, dns(answer('a.example', [SERVER]))],
        [1, dns(answer('b.example', [SERVER]))],
        [1, dns(answer('b.example', [[198, 51, 100, 8]]))],
      ),
    ).toEqual(['dns 198.51.100.7 a.example 1', 'dns 198.51.100.7 b.example 1', 'dns 198.51.100.8 b.example 1'])
  })

  test('after a second are read again: the address may have been called otherwise since', async () => {
    const [a, b] = [dns(answer('a.example', [SERVER])), dns(answer('b.example', [SERVER]))]
    expect(await scanFrames([1, a], [2, b], [3, a], [4, a])).toEqual([
      'dns 198.51.100.7 a.example 1',
      'dns 198.51.100.7 b.example 2',
      'dns 198.51.100.7 a.example 3',
    ])
  })

  test('in frames with tags, and from a cut capture', async () => {
    const payload = answer('a.example', [SERVER])
    const tagged = udpFrame({ sourcePort: 53, destinationPort: 40_000, payload, vlans: [10, 20] })
    expect(await scanFrames([1, tagged])).toEqual(['dns 198.51.100.7 a.example 1'])
    for (let length = 0; length < tagged.length; length++) await scanFrames([1, tagged.subarray(0, length)])
  })
})

test('a request of HTTP whose head takes several segments', async () => {
  // Hello and head over several segments stand in tcp-names.test.ts; here it is the marks.
  const head = `GET / HTTP/1.1\r\nCookie: ${'x'.repeat(3000)}\r\nHost: www.example.com\r\n\r\n`
  const frames = [0, 1400, 2800].map((at) => tcpFrame(1 + at, Buffer.from(head.slice(at, at + 1400))))
  expect(await scanFrames(...frames.map((frame) => [1, frame] as const))).toEqual(['http 192.0.2.2 www.example.com 1'])
})

function tcpFrame(sequence: number, payload: Uint8Array): Buffer {
  const frame = udpFrame({ sourcePort: 40_000, destinationPort: 8080, payload: Buffer.alloc(12 + payload.length) })
  const tcp = Buffer.alloc(20)
  tcp.writeUInt16BE(40_000, 0)
  tcp.writeUInt16BE(8080, 2)
  tcp.writeUInt32BE(sequence, 4)
  tcp[12] = 0x50
  frame[23] = 6
  tcp.copy(frame, 34)
  Buffer.from(payload).copy(frame, 54)
  return frame
}

test('blocks of names hold for the whole capture', async () => {
  const sightings = await scan(`${capturesFolder}pcapng-other-blocks.pcapng`)
  const blocks = sightings.filter(({ source }) => source === 'pcapng')
  for (const { ns } of blocks) expect(ns).toBe(ALWAYS)
  // tshark -z hosts, 4.0
  expect(blocks.map(textOf)).toMatchInlineSnapshot(`
    [
      "pcapng 192.0.2.1 desk.example",
      "pcapng 198.51.100.2 dns.example",
      "pcapng 2001:db8:2::2 cdn.example",
    ]
  `)
})
