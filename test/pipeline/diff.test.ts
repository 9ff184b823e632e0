import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { compareRows } from '../../src/engine/diff-rows.ts'
import type { SpanRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { findInputs } from '../../src/node/inputs.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type DiffOptions, diffCaptures } from '../../src/pipeline/diff.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'

const grouped = (...words: string[]) => words.map((by) => ({ by, grouping: parseBy(by) }))

async function diff(a: string, b: string, options: Partial<DiffOptions> = {}) {
  const problems: InputProblem[] = []
  const sideOf = async (name: string) => ({
    inputs: await findInputs([capturesFolder + name]),
    problems,
    options: { names: createEndpointNamer() },
  })
  const all = { groupings: grouped('host', 'service', 'pair'), top: null, ...options }
  return { report: await diffCaptures(loadCaptureModule(), [await sideOf(a), await sideOf(b)], all), problems }
}

async function wholeOf(name: string, by: string): Promise<SpanRecord> {
  const { records } = await analyzeFiles([capturesFolder + name], { grouping: parseBy(by) })
  return records.find((record) => record.type === 'span')!
}

describe('each section is the comparison of two analyses', () => {
  test.each([
    ['office.pcap', 'vlan.pcapng'],
    ['office.pcapng', 'office-snaplen-96.pcap'],
    ['arp.pcap', 'fragments.pcapng'],
    ['time-gap-of-a-century.pcap', 'one-frame.pcap'],
    ['no-frames.pcap', 'office.pcap'],
  ])('%s and %s', async (a, b) => {
    const words = ['host', 'service', 'pair', 'conversation', 'src/24', 'vlan,mac']
    const { report } = await diff(a, b, { groupings: grouped(...words) })
    expect(report!.sections.map(({ by }) => by)).toEqual(words)
    for (const { by, rows, counts } of report!.sections) {
      const [spanA, spanB] = [await wholeOf(a, by), await wholeOf(b, by)]
      expect(rows, by).toEqual(compareRows(spanA.rows, spanB.rows, parseBy(by).columns))
      expect(counts.gone + counts.changed + counts.same).toBe(spanA.rows.length)
      expect(counts.new + counts.changed + counts.same).toBe(spanB.rows.length)
    }
    const { total } = await wholeOf(a, 'pair')
    expect(report!.a).toMatchObject({ files: [capturesFolder + a], ...total })
  })
})

test('a capture has no difference to itself', async () => {
  for (const name of captureFiles().filter((file) => !file.includes('/') && file.endsWith('pcapng'))) {
    const { report } = await diff(name, name)
    for (const { rows } of report!.sections) expect(rows.filter(({ status }) => status !== 'same')).toEqual([])
  }
})

test('top cuts the rows, not the counts', async () => {
  const { report } = await diff('office.pcap', 'vlan.pcapng', { top: 1 })
  expect(report!.sections.map(({ rows }) => rows.length)).toEqual([1, 1, 1])
  expect(report!.sections[0]!.counts).toEqual({ new: 10, gone: 19, changed: 1, same: 0 })
})

test('one that is no capture leaves nothing to compare', async () => {
  const { report, problems } = await diff('office.pcap', 'broken/text.pcap')
  expect(report).toBeNull()
  expect(problems.map(({ kind }) => kind)).toEqual(['foreign'])
})

test('damage leaves what could be read, and is told', async () => {
  const { report, problems } = await diff('broken/pcap-cut-packet.pcap', 'office.pcap')
  expect(report!.a.packets).toBeGreaterThan(0)
  expect(problems.map(({ kind }) => kind)).toEqual(['cut'])
})
