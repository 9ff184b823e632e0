/** When several threads are worth it. That they give the same bytes is told by test/commands/analyze-jobs.test.ts. */
import { expect, test } from 'vitest'
import { threadsPay } from '../../src/node/range-pool.ts'

/** Segments of the benchmark's captures, as they were measured. */
const BIG = { bytes: 16 << 20, frames: 25_000, rows: 9000 }
const SMALL = { bytes: 16 << 20, frames: 179_600, rows: 75_000 }
const MANY_FLOWS = { bytes: 16 << 20, frames: 99_000, rows: 99_000 }

test.each([
  ['few large frames', BIG, 2, true],
  ['many small frames of many flows', SMALL, 2, false],
  ['the same, with a third thread', SMALL, 3, true],
  ['a flow for every frame', MANY_FLOWS, 2, false],
  ['the same, with three more threads', MANY_FLOWS, 5, true],
  ['nothing was read', { bytes: 0, frames: 0, rows: 0 }, 8, true],
])('%s', (_what, work, jobs, pays) => {
  expect(threadsPay(jobs, work)).toBe(pays)
})
