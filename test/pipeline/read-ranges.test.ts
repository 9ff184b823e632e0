/** When ranges are given up, and tried again: nobody sees it in the records. test/properties/jobs.test.ts has the rest. */
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RangeWork, StartRanges } from '../../src/pipeline/read-ranges.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { rangesHere } from '../support/ranges-here.ts'

const office = fileURLToPath(new URL('../pcaps/office.pcapng', import.meta.url))
/** Hundreds of segments: enough to try again behind 64 of them. */
const OPTIONS = { segmentBytes: 700, windowNs: 1_000_000_000n, heldRowBudget: 30 }

/** Ranges until `isWorthwhile` says no. `pools` are the works that it was asked about. */
function worthwhileRanges(isWorthwhile: (work: RangeWork, pool: number) => boolean) {
  const ranges = rangesHere(2)
  const pools: RangeWork[][] = []
  const start: StartRanges = (...given) => {
    const asked: RangeWork[] = []
    pools.push(asked)
    const number = pools.length
    return Object.assign(ranges.start(...given), {
      isWorthwhile(work: RangeWork) {
        asked.push({ ...work })
        return isWorthwhile(work, number)
      },
    })
  }
  return { start, pools }
}

test('one thread goes on, and others are tried again later', async () => {
  const alone = await analyzeFiles([office], OPTIONS)
  const { start, pools } = worthwhileRanges((_work, pool) => pool > 2)
  expect(await analyzeFiles([office], { ...OPTIONS, startRanges: start })).toEqual(alone)
  expect(pools.length).toBe(3)
  expect(pools.map(({ length }) => length)).toEqual([1, 1, expect.any(Number)])
  expect(pools[2]!.length).toBeGreaterThan(10)
})

test('what ranges came to is told: bytes and frames of all so far, and a row for each flow of a window', async () => {
  const { start, pools } = worthwhileRanges(() => true)
  await analyzeFiles([office], { ...OPTIONS, startRanges: start })
  const [works] = pools
  expect(works!.length).toBeGreaterThan(100)
  for (const [i, { bytes, frames, rows }] of works!.entries()) {
    const before = works![i - 1] ?? { bytes: 0, frames: 0, rows: 0 }
    expect(rows - before.rows).toBeLessThanOrEqual(frames - before.frames)
    // The smallest packet block.
    expect(bytes - before.bytes).toBeGreaterThanOrEqual(32 * (frames - before.frames))
  }
  expect(works!.at(-1)!.rows).toBeGreaterThan(0)
})

test('it may be given up after any range', async () => {
  const alone = await analyzeFiles([office], OPTIONS)
  const anyLengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 })
  const property = fc.asyncProperty(anyLengths, async (lengths) => {
    let left = 0
    let last = 0
    const { start } = worthwhileRanges((_work, pool) => {
      if (pool !== last) left = lengths[pool % lengths.length]!
      last = pool
      return --left > 0
    })
    expect(await analyzeFiles([office], { ...OPTIONS, startRanges: start })).toEqual(alone)
  })
  await fc.assert(property, { numRuns: 10 })
})
