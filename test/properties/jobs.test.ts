/** A capture cut into ranges gives what it gives in one piece, to the last digit, whatever is in it. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import type { AnalyzeOptions } from '../../src/pipeline/analyze.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { rangesHere } from '../support/ranges-here.ts'

const JOBS = [2, 3, 7]
const SECOND = 1_000_000_000n
const own = fileURLToPath(new URL('../pcaps/', import.meta.url))
const ownFiles = readdirSync(own)
  .filter((name) => /\.(pcap|pcapng)$/.test(name))
  .map((name) => join(own, name))

/** Expects the records of one reader from every number of jobs; returns how many ranges were counted. */
async function expectSame(file: string, options: Partial<AnalyzeOptions>, jobs = JOBS): Promise<number> {
  const alone = await analyzeFiles([file], options)
  let counted = 0
  for (const count of jobs) {
    const ranges = rangesHere(count)
    expect(await analyzeFiles([file], { ...options, startRanges: ranges.start }), `${file}, ${count} jobs`).toEqual(
      alone,
    )
    counted += ranges.counted
  }
  return counted
}

describe('1, 2, 3 and 7 jobs agree', () => {
  test.each([
    ['the whole', {}],
    ['windows', { windowNs: SECOND }],
    ['windows that are written early', { windowNs: SECOND / 10n, heldRowBudget: 30 }],
    ['hosts in sliding windows', { windowNs: 4n * SECOND, stepNs: SECOND, grouping: parseBy('host,interface') }],
    ['flows that are evicted', { windowNs: SECOND, heldRowBudget: 60, maxFlows: 6 }],
    ['flows that are evicted from the whole', { maxFlows: 6, grouping: parseBy('host') }],
    ['flows with tunnels', { inner: true, grouping: parseBy('flow,vlan,mac') }],
  ])('on the captures of the project: %s', async (_name, options) => {
    let counted = 0
    for (const file of ownFiles) counted += await expectSame(file, { ...options, segmentBytes: 700 })
    expect(counted).toBeGreaterThan(500)
  })

  test.each(['tcp or port 53 or arp', 'greater 200 and not ip6'])('with a filter: %s', async (expression) => {
    const options = { filter: compileFilter(expression), windowNs: SECOND, segmentBytes: 700 }
    let counted = 0
    // Of other link types than those that have protocols there is no answer, and with any number of jobs an error.
    for (const file of ownFiles.filter((name) => !name.endsWith('link-type-unknown.pcap'))) {
      counted += await expectSame(file, options)
    }
    expect(counted).toBeGreaterThan(500)
  })

  test('on the captures of the project, in ranges of any length', async () => {
    const anyFile = fc.constantFrom(...ownFiles)
    const anyTurn = fc.array(fc.nat(2), { minLength: 1, maxLength: 20 })
    const property = fc.asyncProperty(
      anyFile,
      fc.integer({ min: 16, max: 5000 }),
      anyTurn,
      async (file, segmentBytes, turns) => {
        const options = { segmentBytes, windowNs: SECOND, heldRowBudget: 50 }
        const ranges = rangesHere(3, (index) => turns[index % turns.length]!)
        const cut = await analyzeFiles([file], { ...options, startRanges: ranges.start })
        expect(cut).toEqual(await analyzeFiles([file], options))
      },
    )
    await fc.assert(property, { numRuns: 150 })
  })

  test.skipIf(corpusMissing !== null)('on the reference captures, sound or not', { timeout: 300_000 }, async () => {
    let counted = 0
    for (const file of corpusFiles()) {
      counted += await expectSame(file, { windowNs: SECOND, heldRowBudget: 200, segmentBytes: 5000 })
    }
    expect(counted).toBeGreaterThan(3000)
  })
})
if (corpusMissing !== null) console.log(`jobs on the reference captures: skipped, ${corpusMissing}`)

describe('captures that are made to fool the search for a record', () => {
  const folder = temporaryFolder()
  const header = Buffer.from('d4c3b2a1020004000000000000000000000004000100 0000'.replaceAll(' ', ''), 'hex')

  /** A record of an Ethernet frame with a UDP datagram from host `host`, that carries `payload`. */
  function record(seconds: number, host: number, payload: Uint8Array): Buffer {
    const frame = Buffer.alloc(42)
    frame.writeUInt16BE(0x0800, 12)
    frame.writeUInt8(0x45, 14)
    frame.writeUInt16BE(28 + payload.length, 16)
    frame.set([64, 17], 22)
    frame.set([10, 0, 0, host, 10, 0, 0, 99], 26)
    frame.writeUInt16BE(8 + payload.length, 38)
    const head = Buffer.alloc(16)
    head.writeUInt32LE(seconds, 0)
    head.writeUInt32LE(42 + payload.length, 8)
    head.writeUInt32LE(42 + payload.length, 12)
    return Buffer.concat([head, frame, payload])
  }

  const inner = Buffer.concat(Array.from({ length: 300 }, (_, i) => record(1000 + i, 66, Buffer.alloc(i % 40))))

  test.each([
    ['payloads that are whole captures', () => Buffer.concat([header, inner])],
    ['payloads of records only', () => inner],
    ['payloads of records that end with the payload’s own record', () => inner.subarray(0, inner.length - 57)],
  ])('%s', async (_name, payload) => {
    const records = Array.from({ length: 60 }, (_, i) => record(1000 + i, i % 7, payload()))
    const file = join(folder, 'fool.pcap')
    writeFileSync(file, Buffer.concat([header, ...records]))
    for (const segmentBytes of [1000, 10_000, 50_000]) {
      expect(await expectSame(file, { segmentBytes, windowNs: SECOND })).toBeGreaterThan(0)
    }
  })

  test('pcapng blocks inside of packets, and sections in the middle', async () => {
    const office = join(own, 'office.pcapng')
    const { readFileSync } = await import('node:fs')
    const whole = readFileSync(office)
    const epb = (payload: Buffer) => {
      const padded = Buffer.alloc(Math.ceil(payload.length / 4) * 4)
      padded.set(payload)
      const block = Buffer.alloc(28)
      block.writeUInt32LE(6, 0)
      block.writeUInt32LE(32 + padded.length, 4)
      block.writeUInt32LE(payload.length, 20)
      block.writeUInt32LE(payload.length, 24)
      const trailer = Buffer.alloc(4)
      trailer.writeUInt32LE(32 + padded.length, 0)
      return Buffer.concat([block, padded, trailer])
    }
    const inside = Buffer.concat(Array.from({ length: 8 }, () => epb(whole.subarray(0, 60_000))))
    const file = join(folder, 'fool.pcapng')
    for (const bytes of [Buffer.concat([whole, inside, whole, inside]), Buffer.concat([whole, whole, whole])]) {
      writeFileSync(file, bytes)
      for (const segmentBytes of [1000, 30_000]) {
        expect(await expectSame(file, { segmentBytes, windowNs: SECOND })).toBeGreaterThan(0)
      }
    }
  })
})
