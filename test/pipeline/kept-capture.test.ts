/** A capture that is kept says what the file says when it is read again. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { TooManyFlows } from '../../src/engine/flow-timeline.ts'
import type { AnalysisRecord } from '../../src/engine/records.ts'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { NameBook } from '../../src/names/name-book.ts'
import { findInputs } from '../../src/node/inputs.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import { type KeptCapture, keepCapture, type ReadOptions } from '../../src/pipeline/kept-capture.ts'
import { createReport, type ReportSource } from '../../src/report/create-report.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { pcap } from '../support/build-capture.ts'
import { capturesFolder } from '../support/captures.ts'
import { anyCapture, damagedCapture } from '../support/random-captures.ts'
import { reportSourceOf } from '../support/report-files.ts'
import { udpFrame } from '../support/udp-frame.ts'

const folder = temporaryFolder()
const own = fileURLToPath(new URL('../pcaps/', import.meta.url))
const ownFiles = readdirSync(own)
  .filter((name) => /\.(pcap|pcapng)$/.test(name))
  .map((name) => join(own, name))
const office = `${capturesFolder}office.pcap`
const SECOND = 1_000_000_000n

async function keep(file: string, options: Partial<ReadOptions> = {}) {
  const problems: InputProblem[] = []
  const all = { grouping: parseBy('flow,mac,interface'), ...options }
  const kept = await keepCapture(loadCaptureModule(), await findInputs([file]), all, problems)
  return { kept, problems }
}

async function again(file: string, by: string, windowNs: bigint | null, filter?: string) {
  const book = new NameBook()
  return analyzeFiles([file], {
    grouping: parseBy(by),
    windowNs,
    book,
    names: createEndpointNamer({ book }),
    ...(filter !== undefined && { filter: compileFilter(filter) }),
  })
}

/** Idle windows are not of a table. */
const plain = (records: Iterable<AnalysisRecord> | null) =>
  records === null
    ? null
    : JSON.parse(JSON.stringify([...records], (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))

async function expectSame(
  file: string,
  by: string,
  windowNs: bigint | null,
  kept: KeptCapture | null,
): Promise<boolean> {
  const { records } = await again(file, by, windowNs)
  if (kept === null) {
    expect(records).toEqual([])
    return false
  }
  const known = kept.records({ grouping: parseBy(by), windowNs, names: true })
  if (known === null) return false
  expect(plain(known), `${file} by ${by}, ${windowNs}`).toEqual(plain(records))
  return true
}

const BYS = ['pair', 'flow', 'conversation', 'host', 'service', 'src/24', 'direction', 'mac,interface', 'vlan']

describe('what is kept answers as the file does', () => {
  test('every grouping, of the captures of the project', async () => {
    let answers = 0
    for (const file of ownFiles) {
      const { kept } = await keep(file)
      for (const by of BYS) if (await expectSame(file, by, null, kept)) answers++
    }
    expect(answers).toBeGreaterThan(BYS.length * (ownFiles.length - 20))
  })

  test.each([SECOND / 1000n, SECOND / 2n, SECOND, 7n * SECOND, 3600n * SECOND])(
    'windows of %i ns',
    async (windowNs) => {
      let answers = 0
      for (const file of ownFiles) {
        const { kept } = await keep(file)
        if (await expectSame(file, 'conversation', windowNs, kept)) answers++
      }
      expect(answers).toBeGreaterThan(ownFiles.length * 0.8)
    },
  )

  test('however little memory there is', async () => {
    const { kept: whole } = await keep(office)
    const steps = new Set<bigint>()
    for (const mostCost of [20, 200, 2000, 20_000, 200_000]) {
      const { kept } = await keep(office, { mostCost })
      steps.add(kept!.stepNs)
      for (const windowNs of [null, kept!.stepNs, 3n * kept!.stepNs]) {
        expect(await expectSame(office, 'pair', windowNs, kept)).toBe(true)
      }
      expect(plain(kept!.records({ grouping: parseBy('host'), windowNs: null, names: false }))).toEqual(
        plain(whole!.records({ grouping: parseBy('host'), windowNs: null, names: false })),
      )
    }
    expect(steps.size).toBeGreaterThan(2)
  })

  test('frames in no order, of any times', async () => {
    const capture = join(folder, 'any.pcap')
    const record = fc.record({ at: fc.integer({ min: 1, max: 5_000_000 }), port: fc.nat(3) })
    const property = fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 60 }),
      fc.constantFrom(30, 100, 1000, 1_000_000),
      fc.constantFrom(1n, 10n, 250n).map((thousandths) => (thousandths * SECOND) / 1000n),
      async (records, mostCost, windowNs) => {
        const frames = records.map(({ at, port }) => ({
          seconds: Math.floor(at / 1000),
          fraction: 1000 * (at % 1000),
          data: udpFrame({ sourcePort: port }),
        }))
        writeFileSync(capture, pcap(frames))
        const { kept } = await keep(capture, { mostCost })
        const known = await expectSame(capture, 'flow', windowNs, kept)
        expect(known).toBe(windowNs % kept!.stepNs === 0n)
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  test('captures of any form, sound or damaged', async () => {
    const capture = join(folder, 'random')
    const property = fc.asyncProperty(
      fc.oneof(anyCapture, damagedCapture),
      fc.constantFrom('pair', 'host', 'interface'),
      fc.constantFrom(null, SECOND, 3600n * SECOND),
      async (bytes, by, windowNs) => {
        writeFileSync(capture, bytes)
        const { kept, problems } = await keep(capture)
        await expectSame(capture, by, windowNs, kept)
        expect(problems).toEqual((await again(capture, by, windowNs)).problems)
      },
    )
    await fc.assert(property, { numRuns: 80 })
  })

  test('with a filter, of what it takes', async () => {
    const { kept } = await keep(office, { filter: compileFilter('tcp port 443') })
    const { records } = await again(office, 'pair', null, 'tcp port 443')
    expect(plain(kept!.records({ grouping: parseBy('pair'), windowNs: null, names: true }))).toEqual(plain(records))
  })
})

describe('a report of what is kept', () => {
  const ORIGIN = {
    netkitVersion: '',
    command: null,
    inputs: null,
    sinceNs: undefined,
    untilNs: undefined,
    units: 'auto',
  } as const
  const dataOf = (source: Pick<ReportSource, 'capture' | 'timeline' | 'total' | 'tables'>) =>
    createReport({ ...source, ...ORIGIN, check: null })

  test('is that of netkit report', async () => {
    for (const file of [office, ...ownFiles.slice(0, 25)]) {
      const book = new NameBook()
      const wanted = await reportSourceOf([file], {
        by: 'src/24',
        book,
        names: createEndpointNamer({ book }),
        labelsOf: undefined,
      })
      const { kept } = await keep(file)
      if (wanted === null) expect(kept).toBeNull()
      else {
        const made = kept!.report({ by: 'src/24', names: true, top: 50, windowNs: null })
        expect(dataOf(made!), file).toEqual(dataOf(wanted))
      }
    }
  })

  test('has windows as its buckets where there are not too many', async () => {
    const { kept } = await keep(office)
    const stepOf = (windowNs: bigint) =>
      kept!.report({ by: 'pair', names: true, top: 5, windowNs })?.timeline?.grid.stepNs
    expect(stepOf(SECOND)).toBe(SECOND)
    expect(stepOf(SECOND / 1000n)).toBe(stepOf(SECOND / 500n))
    // Nor where they are not known.
    expect(stepOf(SECOND + 1n)).toBe(stepOf(SECOND / 500n))
  })
})

describe('what it does not know is to be read', () => {
  test('keys that flows are not told apart by', async () => {
    const { kept } = await keep(office, { grouping: parseBy('pair') })
    expect(kept!.records({ grouping: parseBy('mac'), windowNs: null, names: true })).toBeNull()
    expect(kept!.report({ by: 'interface', names: true, top: 5, windowNs: null })).toBeNull()
    expect(kept!.records({ grouping: parseBy('flow'), windowNs: null, names: true })).not.toBeNull()
  })

  test('windows of other lengths', async () => {
    const { kept } = await keep(office, { mostCost: 200 })
    const { stepNs } = kept!
    const windows = [stepNs / 2n, stepNs + 1n, stepNs].map((windowNs) =>
      kept!.records({ grouping: parseBy('pair'), windowNs, names: true }),
    )
    expect(windows.map((records) => records !== null)).toEqual([false, false, true])
  })

  test('more flows than there is room for', async () => {
    await expect(keep(office, { maxFlows: 10 })).rejects.toThrow(TooManyFlows)
  })

  test('what was ended', async () => {
    const { kept, problems } = await keep(office, { signal: AbortSignal.abort() })
    expect([kept, problems]).toEqual([null, []])
  })
})
