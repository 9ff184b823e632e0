/**
 * The accounting holds: what the parser has counted is the sum of where it went, and the rows are what was shown; on every
 * capture, sound or damaged, with and without --salvage, in windows and without.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { AnalysisRecord, CaptureRecord, Counts } from '../../src/engine/records.ts'
import type { AnalyzeOptions } from '../../src/pipeline/analyze.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { captureFiles, capturesFolder } from '../support/captures.ts'
import { corpusFiles, corpusMissing } from '../support/corpus.ts'
import { captureBytes, garbage, insertAt, randomNumbers } from '../support/salvage.ts'

const SECOND = 1_000_000_000n
const NOTHING: Counts = { packets: 0, bytes: 0 }

const questions: Readonly<Record<string, Partial<AnalyzeOptions>>> = {
  whole: {},
  'windows that are written early': { windowNs: SECOND / 10n, heldRowBudget: 20, segmentBytes: 1000 },
  'IP bytes by host': { basis: 'ip', grouping: parseBy('host') },
  'a part of the time': { sinceNs: 1_704_067_200_000_003_000n, windowNs: SECOND },
}

function sumOf(parts: readonly Counts[]): Counts {
  return parts.reduce((a, b) => ({ packets: a.packets + b.packets, bytes: a.bytes + b.bytes }), NOTHING)
}

/** Totals of all windows, which do not overlap. */
function rowsOf(records: readonly AnalysisRecord[]): Counts {
  return sumOf(records.flatMap((record) => (record.type === 'span' ? [record.total] : [])))
}

async function expectBalance(
  file: string,
  options: Partial<AnalyzeOptions>,
  about: string,
): Promise<CaptureRecord | null> {
  const { records, problems } = await analyzeFiles([file], options)
  const capture = records.find((record) => record.type === 'capture')
  if (capture === undefined) {
    expect(problems, about).not.toEqual([])
    return null
  }
  const { whole, shown, filtered, undecoded, late, untimed, evicted, unreadableBytes } = capture.accounting
  expect(sumOf([shown, filtered, undecoded, late, untimed, evicted]), about).toEqual(whole)
  expect(sumOf([shown, undecoded, evicted]), about).toEqual(rowsOf(records))
  expect(whole.packets, about).toBe(capture.frames)
  if (options.basis === undefined) expect(whole.bytes, about).toBe(capture.bytes)
  expect(sumOf(capture.linktypes).packets, about).toBe(capture.frames)
  for (const part of [shown, filtered, undecoded, late, untimed, evicted]) {
    expect(part.packets, about).toBeGreaterThanOrEqual(0)
    expect(part.bytes, about).toBeGreaterThanOrEqual(0)
  }
  if (options.salvage) {
    const places = capture.salvage ?? []
    if (places.length < 100)
      expect(
        places.reduce((bytes, place) => bytes + place.bytes, 0),
        about,
      ).toBe(unreadableBytes)
    expect(places.length > 0, about).toBe(problems.some(({ salvage }) => salvage !== undefined))
    for (const { framesBefore, framesAfter } of places) {
      expect(framesBefore + framesAfter, about).toBeLessThanOrEqual(capture.frames)
    }
  } else expect(capture.salvage).toBe(null)
  return capture
}

describe('every capture', () => {
  for (const [name, options] of Object.entries(questions)) {
    for (const salvage of [false, true]) {
      test(`of the project: ${name}${salvage ? ', salvaging' : ''}`, async () => {
        for (const file of captureFiles()) await expectBalance(capturesFolder + file, { ...options, salvage }, file)
      })
    }
  }

  test.skipIf(corpusMissing !== null)('of the corpus', { timeout: 300_000 }, async () => {
    let counted = 0
    for (const file of corpusFiles()) {
      for (const salvage of [false, true]) {
        for (const options of [{}, questions['windows that are written early']]) {
          if ((await expectBalance(file, { ...options, salvage }, file)) !== null) counted++
        }
      }
    }
    expect(counted).toBeGreaterThan(2000)
  })
})

type Damage = (bytes: Buffer, random: (below: number) => number) => Buffer

const damages: Readonly<Record<string, Damage>> = {
  cut: (bytes, random) => bytes.subarray(0, random(bytes.length)),
  'flipped bits': (bytes, random) => {
    const copy = Buffer.from(bytes)
    for (let i = 0; i < 4; i++) copy[random(copy.length)]! ^= 1 << random(8)
    return copy
  },
  'inserted garbage': (bytes, random) => insertAt(bytes, random(bytes.length), garbage(1 + random(900), random)),
  'zeroed words': (bytes, random) => {
    const copy = Buffer.from(bytes)
    for (let i = 0; i < 3; i++) {
      const at = random(copy.length)
      copy.fill(0, at, Math.min(copy.length, at + 4 * (1 + random(20))))
    }
    return copy
  },
  'a part left out': (bytes, random) => {
    const at = random(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(500))])
  },
}

describe('damaged variants', () => {
  const folder = temporaryFolder()
  const names = [
    'raw.pcap',
    'pcap-ns-big-endian.pcap',
    'vlan.pcapng',
    'pcapng-two-sections.pcapng',
    'pcapng-interfaces.pcapng',
  ]
  const VARIANTS = 12

  test.each(Object.entries(damages))('%s', async (kind, damage) => {
    const file = join(folder, `${kind.replaceAll(' ', '-')}.capture`)
    let lost = 0
    for (const [index, name] of names.entries()) {
      const bytes = captureBytes(capturesFolder + name)
      for (let variant = 0; variant < VARIANTS; variant++) {
        writeFileSync(file, damage(bytes, randomNumbers(1 + index * VARIANTS + variant)))
        const about = `${kind}, ${name}, variant ${variant}`
        for (const options of Object.values(questions)) {
          const plain = await expectBalance(file, options, about)
          const salvaged = await expectBalance(file, { ...options, salvage: true }, about)
          lost += (plain?.frames ?? 0) < (salvaged?.frames ?? 0) ? 1 : 0
        }
      }
    }
    // Behind a cut there is nothing.
    if (kind === 'cut') expect(lost).toBe(0)
    else expect(lost).toBeGreaterThan(5)
  })
})
if (corpusMissing !== null) console.log(`the accounting on the reference captures: skipped, ${corpusMissing}`)
