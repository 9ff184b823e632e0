/** Names in the records of whole analyses: who is called what in which window, and the same for any number of jobs. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { CaptureRecord, SpanRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { NameBook } from '../../src/names/name-book.ts'
import type { AnalyzeOptions } from '../../src/pipeline/analyze.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { pcap } from '../support/build-capture.ts'
import { capturesFolder } from '../support/captures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { rangesHere } from '../support/ranges-here.ts'
import { udpFrame } from '../support/udp-frame.ts'

const SECOND = 1_000_000_000n
const folder = temporaryFolder()

/** Each with a book of its own. */
function named(files: readonly string[], options: Partial<AnalyzeOptions> = {}) {
  const book = new NameBook()
  return analyzeFiles(files, { ...options, book, names: createEndpointNamer({ book }) })
}

/** An answer of DNS: the name, and the last octet of its address in 198.51.100.0/24. */
function answer(name: string, last: number): Buffer {
  const labels = Buffer.concat(name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])))
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, last]
  const payload = Buffer.from([0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1, ...record])
  return udpFrame({ src: '192.0.2.53', dst: '192.0.2.2', sourcePort: 53, destinationPort: 40_000, payload })
}

const talk = (last: number) => udpFrame({ src: `198.51.100.${last}`, dst: '192.0.2.2', payload: new Uint8Array(100) })

/** Name and source of a host, by window. */
async function namesByWindow(frames: readonly (readonly [seconds: number, data: Uint8Array])[], host: string) {
  const file = join(folder, 'frames.pcap')
  writeFileSync(file, pcap(frames.map(([seconds, data]) => ({ seconds, data }))))
  const { records } = await named([file], { windowNs: SECOND, grouping: parseBy('src') })
  const spans = records.filter((record): record is SpanRecord => record.type === 'span')
  return spans.map(({ rows }) => rows.find(({ key }) => key[0] === host)?.key.slice(1) ?? null)
}

describe('a window shows what was known at its end', () => {
  test('not the name that was seen later', async () => {
    expect(
      await namesByWindow(
        [
          [1, talk(7)],
          [2, talk(7)],
          [2, answer('a.example', 7)],
          [3, talk(7)],
          [3, answer('b.example', 7)],
          [4, talk(7)],
        ],
        '198.51.100.7',
      ),
    ).toEqual([
      ['Documentation', null],
      ['a.example', 'dns'],
      ['b.example', 'dns'],
      ['b.example', 'dns'],
    ])
  })

  test('the whole capture shows all of them', async () => {
    const { records } = await named([join(folder, 'frames.pcap')], { grouping: parseBy('src') })
    const capture = records.find((record): record is CaptureRecord => record.type === 'capture')!
    expect(capture.names).toEqual({
      listed: [
        { address: '198.51.100.7', name: 'a.example', source: 'dns', firstSeenNs: 2n * SECOND },
        { address: '198.51.100.7', name: 'b.example', source: 'dns', firstSeenNs: 3n * SECOND },
      ],
      more: 0,
    })
    const span = records.find((record): record is SpanRecord => record.type === 'span')!
    expect(span.rows.find(({ key }) => key[0] === '198.51.100.7')!.key).toEqual(['198.51.100.7', 'b.example', 'dns'])
  })

  test('rows are sorted by the names of their window', async () => {
    const file = join(folder, 'sorted.pcap')
    const frames = [answer('z.example', 1), answer('b.example', 2), talk(1), talk(2)]
    writeFileSync(file, pcap(frames.map((data) => ({ seconds: 1, data }))))
    const { records } = await named([file], { windowNs: SECOND, grouping: parseBy('src'), sort: 'src_name' })
    const span = records.find((record): record is SpanRecord => record.type === 'span')!
    expect(span.rows.map(({ key }) => key[1])).toEqual(['Documentation', 'b.example', 'z.example'])
  })
})

test('without a book nothing is read', async () => {
  const { records } = await analyzeFiles([`${capturesFolder}office.pcapng`])
  expect(records.find((record) => record.type === 'capture')).not.toHaveProperty('names')
})

async function expectSame(file: string, options: Partial<AnalyzeOptions>): Promise<number> {
  const alone = await named([file], options)
  let counted = 0
  for (const jobs of [2, 3]) {
    const ranges = rangesHere(jobs)
    expect(await named([file], { ...options, startRanges: ranges.start }), `${file}, ${jobs} jobs`).toEqual(alone)
    counted += ranges.counted
  }
  return counted
}

const MANY: readonly Partial<AnalyzeOptions>[] = [
  { segmentBytes: 3000 },
  { segmentBytes: 1000, windowNs: SECOND, heldRowBudget: 10 },
  { segmentBytes: 20_000, windowNs: SECOND / 4n, heldRowBudget: 10, inner: true, grouping: parseBy('host') },
]

describe('1, 2 and 3 jobs agree', () => {
  test('on the captures of the project', async () => {
    let counted = 0
    for (const file of readdirSync(capturesFolder)) {
      if (!/\.(pcap|pcapng)$/.test(file)) continue
      for (const options of MANY) counted += await expectSame(capturesFolder + file, options)
    }
    expect(counted).toBeGreaterThan(200)
  }, 120_000)

  test('names that go to and fro, in segments of any length', async () => {
    const file = join(folder, 'fro.pcap')
    const frames = Array.from({ length: 300 }, (_, i) => {
      const data = i % 3 === 0 ? answer(`n${(i * 7) % 4}.example`, i % 2) : talk(i % 2)
      // Neighbours are out of order now and then.
      return { seconds: 1 + Math.floor(i / 4) - (i % 11 === 0 ? 2 : 0), data }
    })
    writeFileSync(file, pcap(frames))
    for (const segmentBytes of [100, 333, 1000, 5000, 9999]) {
      await expectSame(file, { segmentBytes, windowNs: 2n * SECOND, heldRowBudget: 3, grouping: parseBy('host') })
    }
  })

  test.skipIf(corpusMissing)('on captures of other projects that are full of names', async () => {
    const files = [
      'PcapPlusPlus/DnsPackets.pcap',
      'PcapPlusPlus/examples/many-protocols.pcap',
      'PcapPlusPlus/example.pcap',
    ]
    for (const file of files) for (const options of MANY) await expectSame(corpusFile(file), options)
  })
})
