import { describe, expect, test } from 'vitest'
import type { Source } from '../../src/capture/source.ts'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { parseBy } from '../../src/engine/by.ts'
import type { AnalysisRecord, CaptureRecord, Counts, SpanRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type AnalyzeOptions, analyze, describeAnalysis } from '../../src/pipeline/analyze.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { pcap } from '../support/build-capture.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { growWithEveryCount } from '../support/growing-memory.ts'
import { memorySource } from '../support/read-capture.ts'
import { sampleCapture, sampleRecords } from '../support/sample-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const base = { grouping: parseBy('pair'), names: createEndpointNamer() }

async function analyzed(sources: readonly (() => Source)[], options: Partial<AnalyzeOptions> = {}) {
  const problems: InputProblem[] = []
  const inputs = sources.map((open, i) => ({
    name: `input ${i}`,
    repeatable: true,
    size: null,
    open: async () => open(),
  }))
  const records: AnalysisRecord[] = []
  for await (const record of analyze(loadCaptureModule(), inputs, { ...base, ...options }, problems))
    records.push(record)
  return { records, problems }
}

const isSpan = (record: AnalysisRecord): record is SpanRecord => record.type === 'span'
const captureOf = (records: readonly AnalysisRecord[]) =>
  records.find((record): record is CaptureRecord => record.type === 'capture')!

function sumOf(counts: readonly Counts[]): Counts {
  return counts.reduce((sum, { packets, bytes }) => ({ packets: sum.packets + packets, bytes: sum.bytes + bytes }), {
    packets: 0,
    bytes: 0,
  })
}

describe('order of records', () => {
  test('the capture is first before one span, last after windows', async () => {
    const types = async (options: Partial<AnalyzeOptions>) =>
      (await analyzed([() => memorySource(sampleCapture)], options)).records.map(({ type }) => type)
    expect(await types({})).toEqual(['capture', 'span'])
    expect(await types({ windowNs: 5_000_000_000n })).toEqual(['span', 'span', 'idle', 'span', 'capture'])
  })

  test('a capture without frames has its record; no capture has none', async () => {
    expect((await analyzed([() => memorySource(pcap([]))])).records[0]).toMatchObject({
      type: 'capture',
      frames: 0,
      firstNs: null,
    })
    const none = await analyzed([() => memorySource(new Uint8Array(0))])
    expect([none.records, none.problems.map(({ kind }) => kind)]).toEqual([[], ['foreign']])
  })

  test('describeAnalysis says what loggers must know before', () => {
    expect(describeAnalysis(base)).toEqual({
      columns: base.grouping.columns,
      windowNs: null,
      basis: 'frame',
      bidirectional: false,
    })
    expect(describeAnalysis({ ...base, grouping: parseBy('host'), windowNs: 5n, basis: 'ip' })).toMatchObject({
      windowNs: 5n,
      basis: 'ip',
      bidirectional: true,
    })
  })
})

describe('what ends early', () => {
  /** Gives the first bytes, then does what `then` does. */
  const broken = (length: number, then: () => Promise<number>) => () => {
    const source = memorySource(sampleCapture.subarray(0, length))
    return {
      ...source,
      size: sampleCapture.length,
      read: async (into: Uint8Array) => (await source.read(into)) || then(),
    }
  }

  test('a read error in the middle: what was before it is shown, the other inputs whole', async () => {
    const fail = broken(24 + 116, () =>
      Promise.reject(new SourceUnavailable('cannot read input 0: the device reports a read error')),
    )
    const { records, problems } = await analyzed([fail, () => memorySource(sampleCapture)])
    expect(captureOf(records)).toMatchObject({ frames: 7, bytes: 2560 })
    expect(problems).toMatchObject([{ kind: 'unavailable', partial: true }])
  })

  test('an aborted signal: the frames so far, and the half of one is no damage', async () => {
    const controller = new AbortController()
    const hang = broken(24 + 116 + 30, () => {
      controller.abort()
      return new Promise<number>(() => {})
    })
    const never = () => memorySource(sampleCapture)
    const { records, problems } = await analyzed([hang], { signal: controller.signal })
    expect([captureOf(records).frames, problems]).toEqual([1, []])
    const later = await analyzed([never, never], { signal: AbortSignal.abort() })
    expect(later).toEqual({ records: [], problems: [] })
  })

  test('a limit counts frames in range, whatever is read ahead', async () => {
    const sinceNs = BigInt(sampleRecords[0]!.seconds! + 1) * 1_000_000_000n
    const { records } = await analyzed([() => memorySource(sampleCapture)], { sinceNs, limit: 1 })
    expect(captureOf(records)).toMatchObject({
      frames: 3,
      accounting: { shown: { packets: 1 }, filtered: { packets: 2 } },
    })
  })
})

test("the module's memory may grow while a batch is counted, window by window", async () => {
  // A page of each table holds 16384 flows. The last ten seconds have frames of earlier ones.
  const flows = 40_000
  const records = Array.from({ length: flows + 10_000 }, (_, i) => {
    const n = i < flows ? i : (i * 7919) % flows
    return { seconds: Math.floor(i / 1000), data: udpFrame({ src: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` }) }
  })
  const bytes = pcap(records)
  const windows = await analyzed([() => memorySource(bytes)], { windowNs: 1_000_000_000n })
  expect(windows.records.filter(isSpan).map(({ rows, total }) => [rows.length, total.packets])).toEqual(
    Array.from({ length: 50 }, () => [1000, 1000]),
  )
  const [whole] = (await analyzed([() => memorySource(bytes)])).records.filter(isSpan)
  expect([whole!.rows.length, whole!.total.packets]).toEqual([flows, records.length])
})

test('it may grow whenever frames are counted, of several inputs too', async () => {
  const sources = [() => memorySource(sampleCapture), () => memorySource(sampleCapture, () => 100)]
  const options = [{}, { windowNs: 1_000_000_000n }, { windowNs: 3_000_000_000n, stepNs: 1_000_000_000n }]
  const plain = await Promise.all(options.map((some) => analyzed(sources, some)))
  const times = growWithEveryCount()
  for (const [i, some] of options.entries()) expect(await analyzed(sources, some)).toEqual(plain[i])
  expect(times()).toBeGreaterThan(20)
})

test('progress tells stored bytes and frames, and only grows', async () => {
  const seen: [number, number][] = []
  const source = () => memorySource(sampleCapture, () => 100)
  await analyzed([source, source], { onProgress: (...step) => void seen.push(step) })
  expect(seen.at(-1)).toEqual([12, 2 * sampleCapture.length])
  for (const [i, step] of seen.slice(1).entries()) expect(step[0]).toBeGreaterThanOrEqual(seen[i]![0])
})

if (corpusMissing !== null) console.log(`analyze.test: the corpus is skipped, ${corpusMissing}`)

describe.skipIf(corpusMissing !== null)('every capture of the corpus', () => {
  test('windows add up to the whole, and every frame is accounted for', { timeout: 120_000 }, async () => {
    let captures = 0
    for (const file of corpusFiles()) {
      // Millions of records, which other tests read.
      if (/bomb|zero-records-4MiB/.test(file)) continue
      const whole = await analyzeFiles([file])
      const windows = await analyzeFiles([file], { windowNs: 5_000_000_000n })
      expect(windows.problems, file).toEqual(whole.problems)
      if (whole.records.length === 0) continue
      captures++
      const capture = captureOf(windows.records)
      const { shown, filtered, undecoded, late, untimed } = capture.accounting
      expect(sumOf([shown, filtered, undecoded, late, untimed]), file).toEqual({
        packets: capture.frames,
        bytes: capture.bytes,
      })
      const spans = windows.records.filter(isSpan)
      expect(sumOf([...spans.map(({ total }) => total), late, untimed]), file).toEqual(
        sumOf([capture].map(({ frames, bytes }) => ({ packets: frames, bytes }))),
      )
      for (const span of [...spans, ...whole.records.filter(isSpan)]) expect(sumOf(span.rows), file).toEqual(span.total)
      expect({ ...captureOf(whole.records), accounting: null }).toEqual({ ...capture, accounting: null })
    }
    expect(captures).toBeGreaterThan(400)
  })
})
