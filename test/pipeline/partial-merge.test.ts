/** Files counted in parts, each as bytes from somewhere else, and merged: the records that one reader of all of them gives. */
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Parser } from '../../src/capture/parser.ts'
import { parseBy } from '../../src/engine/by.ts'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { NameBook } from '../../src/names/name-book.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import type { AnalyzeOptions } from '../../src/pipeline/analyze.ts'
import { decodeCounts, encodeCounts } from '../../src/pipeline/partial.ts'
import { countPart } from '../../src/pipeline/partial-counter.ts'
import { countParts, type PartCounters } from '../../src/pipeline/partial-merge.ts'
import type { RangeSetup } from '../../src/pipeline/range-counter.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { captureFiles } from '../support/captures.ts'

const SECOND = 1_000_000_000n
const own = fileURLToPath(new URL('../pcaps/', import.meta.url))
const files = captureFiles().map((name) => `${own}${name}`)
/** A part is a module of its own, so a file of a thousand is a test of patience. */
const short = files.filter((name) => statSync(name).size < 30_000)

interface Elsewhere extends PartCounters<Uint8Array> {
  parts: number
  readonly reasons: string[]
}

function elsewhere(): Elsewhere {
  const module = loadCaptureModule()
  return {
    parts: 0,
    reasons: [],
    async count(input, part, setup: RangeSetup) {
      const source = await input.open()
      const { facts, counts } = await countPart(module, setup, source, part)
      await source.close()
      this.parts++
      return { facts, handle: encodeCounts([counts], new Parser(module, setup.parser).rowLength) }
    },
    load: async (bytes) => decodeCounts(bytes)[0]!,
    readHere(reason) {
      this.reasons.push(reason)
    },
  }
}

/** Compares both; why it was not shared, if it was not, and how many parts there were. */
async function expectSame(
  names: readonly string[],
  options: Partial<AnalyzeOptions>,
  partBytes = 2800,
): Promise<Elsewhere> {
  const withBook = () => {
    if (options.book === undefined) return options
    const book = new NameBook()
    return { ...options, book, names: createEndpointNamer({ book }) }
  }
  const alone = await analyzeFiles(names, { segmentBytes: 700, ...withBook() })
  const counters = elsewhere()
  const countFrames = countParts(counters, {
    maxFlows: options.maxFlows ?? 1e7,
    partBytes,
    ...(options.heldRowBudget !== undefined && { heldRowBudget: options.heldRowBudget }),
  })
  const shared = await analyzeFiles(names, { segmentBytes: 700, ...withBook(), countFrames })
  expect(shared, names.join(' ')).toEqual(alone)
  return counters
}

const questions: [string, Partial<AnalyzeOptions>][] = [
  ['the whole', {}],
  ['flows of interfaces', { grouping: parseBy('flow,interface,vlan,mac') }],
  ['windows', { windowNs: SECOND }],
  ['windows of the clock', { windowNs: 5n * SECOND, align: 'clock', grouping: parseBy('host') }],
  ['windows that are written early', { windowNs: SECOND / 10n, heldRowBudget: 200 }],
  ['sliding windows', { windowNs: 4n * SECOND, stepNs: SECOND }],
  ['a filter', { filter: compileFilter('ip or ip6'), windowNs: SECOND }],
  ['a part of the time', { sinceNs: 1_500_000_000n * SECOND, windowNs: SECOND }],
  ['flows that are evicted', { windowNs: SECOND, maxFlows: 6 }],
  ['names', { book: new NameBook() }],
  ['names in windows', { book: new NameBook(), windowNs: SECOND }],
  ['names of flows with tunnels', { book: new NameBook(), inner: true, windowNs: SECOND, heldRowBudget: 100 }],
]

describe('any two to five of the captures here', () => {
  test.each(questions)('%s', async (_name, options) => {
    const sound =
      options.filter === undefined
        ? short
        : short.filter((name) => !/link-type|ieee|radiotap|hdlc|usb|broken/.test(name))
    let parts = 0
    let shared = 0
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...sound), { minLength: 2, maxLength: 5 }), async (names) => {
        const counters = await expectSame(names, options)
        parts += counters.parts
        if (counters.reasons.length === 0) shared++
      }),
      { numRuns: 8 },
    )
    expect(parts).toBeGreaterThan(12)
    if (options.maxFlows === undefined) expect(shared).toBeGreaterThan(0)
  })
})

test('all captures here at once, counts by interface', async () => {
  const { parts } = await expectSame(files, { grouping: parseBy('pair,interface') }, 28_000)
  expect(parts).toBeGreaterThan(files.length)
})
