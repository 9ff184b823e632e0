/** The shape of traffic is what the windows that analyze shows add up to, on every capture, whatever reads it. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { bitsPerSecond } from '../../src/engine/rate.ts'
import type { AnalysisRecord, CaptureRecord, SpanRecord } from '../../src/engine/records.ts'
import type { ShapeOptions } from '../../src/engine/shape-columns.ts'
import type { AnalyzeOptions } from '../../src/pipeline/analyze.ts'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { pcap } from '../support/build-capture.ts'
import { rangesHere } from '../support/ranges-here.ts'
import { udpFrame } from '../support/udp-frame.ts'

const own = fileURLToPath(new URL('../pcaps/', import.meta.url))
const files = readdirSync(own)
  .filter((name) => /\.(pcap|pcapng)$/.test(name))
  .map((name) => join(own, name))

const SECOND = 1_000_000_000n
const BURST = SECOND / 100n
const BOTH: ShapeOptions = { windowNs: SECOND, burstNs: BURST, link: { bitsPerSecond: 1e6, above: 0.5 } }

const spansOf = (records: readonly AnalysisRecord[]) =>
  records.filter((record): record is SpanRecord => record.type === 'span')
const captureOf = (records: readonly AnalysisRecord[]) =>
  records.find((record): record is CaptureRecord => record.type === 'capture')

/** Rates by key in each window that had frames, and how many windows there were. */
async function windowsOf(file: string, options: Partial<AnalyzeOptions>) {
  const { records } = await analyzeFiles([file], options)
  const rates = new Map<string, number[]>()
  let windows = 0
  let idle = 0
  for (const record of records) {
    if (record.type === 'idle') idle += Number(record.windows)
    if (record.type !== 'span') continue
    windows++
    const total = bitsPerSecond(record.total.bytes, record.endNs! - record.startNs!)!
    for (const [key, rate] of [
      ['total', total] as const,
      ...record.rows.map((row) => [row.key.join(), row.bitsPerSecond!] as const),
    ]) {
      if (!rates.has(key)) rates.set(key, [])
      rates.get(key)!.push(rate)
    }
  }
  return { rates, count: windows + idle, idle }
}

/** Of `count` windows, those without a rate being zero. */
function statsOf(rates: readonly number[], count: number) {
  const sorted = rates.toSorted((a, b) => a - b)
  const rank = (percent: number) => sorted[Math.ceil((percent * count) / 100) - 1 - (count - sorted.length)] ?? 0
  const mean = sorted.reduce((sum, rate) => sum + rate, 0) / count
  return [sorted.length < count ? 0 : sorted[0], expect.closeTo(mean, 2), sorted.at(-1), rank(50), rank(95), rank(99)]
}

function peakOf(rates: readonly number[], count: number) {
  return [Math.max(...rates), rates.filter((rate) => rate > 500_000).length / count]
}

describe.each([
  ['start', ['pair', 'host', 'service', 'flow']],
  ['clock', ['host']],
] as const)('windows that begin at the %s', (align, words) => {
  test.each([...words])('on the captures of the project, by %s', async (by) => {
    let rows = 0
    for (const file of files) {
      const common = { grouping: parseBy(by), align }
      const windows = await windowsOf(file, { ...common, windowNs: SECOND })
      const bursts = await windowsOf(file, { ...common, windowNs: BURST })
      const { records } = await analyzeFiles([file], { ...common, shape: BOTH })
      const [span] = spansOf(records)
      const expected = (key: string) => [
        ...statsOf(windows.rates.get(key)!, windows.count),
        ...peakOf(bursts.rates.get(key)!, bursts.count),
      ]
      for (const { key, extras } of span?.rows ?? []) {
        expect(extras, `${file} ${key}`).toEqual(expected(key.join()))
        rows++
      }
      expect(span?.rows.length ?? 0).toBe(Math.max(0, windows.rates.size - 1))
      const { shape } = captureOf(records)!
      expect([shape!.windows!.count, shape!.windows!.idle, shape!.bursts!.idle]).toEqual([
        windows.count,
        windows.idle,
        bursts.idle,
      ])
      if (windows.count > 0) expect(span!.totalExtras).toEqual(expected('total'))
    }
    expect(rows).toBeGreaterThan(100)
  })
})

describe('1, 2, 3 and 7 jobs agree', () => {
  test.each([
    ['statistics', { shape: { windowNs: SECOND, burstNs: null, link: null } }],
    ['of values in bins', { shape: { windowNs: SECOND / 10n, burstNs: null, link: null, values: { mostValues: 20 } } }],
    [
      'of windows that are released early',
      { shape: { windowNs: SECOND / 10n, burstNs: null, link: null }, heldRowBudget: 30 },
    ],
    [
      'of flows that are evicted',
      { shape: { windowNs: SECOND, burstNs: null, link: BOTH.link }, maxFlows: 6, grouping: parseBy('host') },
    ],
  ])('%s', async (_name, options) => {
    let counted = 0
    for (const file of files) {
      const alone = await analyzeFiles([file], { ...options, segmentBytes: 700 })
      for (const jobs of [2, 3, 7]) {
        const ranges = rangesHere(jobs)
        const together = await analyzeFiles([file], { ...options, segmentBytes: 700, startRanges: ranges.start })
        expect(together, `${file}, ${jobs} jobs`).toEqual(alone)
        counted += ranges.counted
      }
    }
    expect(counted).toBeGreaterThan(500)
  })
})

test('rows, totals and accounting are those without a shape, where every frame is in a window', async () => {
  for (const file of files) {
    const plain = await analyzeFiles([file], {})
    if ((captureOf(plain.records)?.accounting.shown.packets ?? 0) === 0) continue
    const { records } = await analyzeFiles([file], { shape: BOTH })
    const untimed = captureOf(records)!.accounting.untimed.packets
    if (untimed > 0) continue
    const strip = (span: SpanRecord) => ({
      ...span,
      totalExtras: undefined,
      rows: span.rows.map(({ extras: _, ...row }) => row),
    })
    expect(spansOf(records).map(strip), file).toEqual(spansOf(plain.records).map(strip))
    expect(captureOf(records)!.accounting).toEqual(captureOf(plain.records)!.accounting)
  }
})

test('frames are accounted for where flows were evicted, too', async () => {
  for (const file of files) {
    for (const options of [
      { shape: BOTH, maxFlows: 6 },
      { shape: BOTH, maxFlows: 6, heldRowBudget: 60, segmentBytes: 700 },
    ]) {
      const { records } = await analyzeFiles([file], options)
      const capture = captureOf(records)
      if (capture === undefined) continue
      const { whole, shown, undecoded, filtered, evicted, late, untimed } = capture.accounting
      const parts = [shown, undecoded, filtered, evicted, late, untimed]
      expect(
        parts.reduce((sum, { packets }) => sum + packets, 0),
        file,
      ).toBe(whole.packets)
      const [span] = spansOf(records)
      const inRows = span?.rows.reduce((sum, { packets }) => sum + packets, 0) ?? 0
      expect(inRows).toBe(shown.packets + undecoded.packets + evicted.packets)
    }
  }
})

test('with windows the whole span is given beside them, the same as without', async () => {
  const shape: ShapeOptions = { windowNs: SECOND, burstNs: null, link: null }
  for (const file of files) {
    const spans: SpanRecord[] = []
    const onWhole = { rows: 'all' as const, take: (span: SpanRecord) => spans.push({ ...span, rows: span.rows }) }
    const { records } = await analyzeFiles([file], { shape, windowNs: SECOND, onWhole })
    const shown = await analyzeFiles([file], { windowNs: SECOND })
    expect(spansOf(records)).toEqual(spansOf(shown.records))
    const alone = await analyzeFiles([file], { shape, onWhole })
    expect(spans[0], file).toEqual(spans[1])
    expect(spans[1]).toEqual(spansOf(alone.records)[0])
  }
})

test('what is evicted while windows wait to be taken stays with its row', async () => {
  const packetsByKey = (records: readonly AnalysisRecord[]) => {
    const packets = new Map<string, number>()
    for (const { rows } of spansOf(records)) {
      for (const { key, packets: own } of rows) packets.set(key.join(), (packets.get(key.join()) ?? 0) + own)
    }
    return packets
  }
  let evictions = 0
  for (const file of files) {
    const whole = packetsByKey((await analyzeFiles([file], {})).records)
    const onEvicted = () => evictions++
    const tight = { windowNs: SECOND / 100n, heldRowBudget: 30, segmentBytes: 700, maxFlows: 6, onEvicted }
    for (const [key, packets] of packetsByKey((await analyzeFiles([file], tight)).records)) {
      if (key.includes('(evicted)')) continue
      expect(packets, `${file} ${key}`).toBeLessThanOrEqual(whole.get(key) ?? 0)
    }
  }
  expect(evictions).toBeGreaterThan(3)
})

test('flows that are too many: rows that are left have their shape, the row of the others has none', async () => {
  const frame = (seconds: number, sourcePort: number, payload: number) => ({
    seconds,
    data: udpFrame({ sourcePort, payload: Buffer.alloc(payload) }),
  })
  // Ten seconds, each with the same two large flows and 300 small ones of its own.
  const seconds = Array.from({ length: 10 }, (_, second) => [
    ...[1000, 1001].map((port) => frame(second, port, 1000)),
    ...Array.from({ length: 300 }, (_, i) => frame(second, 2000 + 300 * second + i, 10)),
  ])
  const file = writeFile(temporaryFolder(), 'many.pcap', pcap(seconds.flat()))
  const told: unknown[] = []
  const { records } = await analyzeFiles([file], {
    grouping: parseBy('flow'),
    shape: { windowNs: SECOND, burstNs: null, link: null },
    maxFlows: 400,
    segmentBytes: 20_000,
    onEvicted: (flows) => told.push(flows > 1000),
    onInexact: ({ exact, unknown }) => told.push(exact, unknown),
  })
  expect(told).toEqual([true, true, 1])
  const [span] = spansOf(records)
  const extrasOf = (key: string | number) => span!.rows.find((row) => row.key.includes(key))!.extras
  for (const port of [1000, 1001]) expect(extrasOf(port)).toEqual(Array(6).fill(8 * 1042))
  expect(extrasOf('(evicted)')).toEqual(Array(6).fill(null))
  expect(captureOf(records)!.shape!.totals).toEqual(Array(6).fill(8 * (2 * 1042 + 300 * 52)))
})
