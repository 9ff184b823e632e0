import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { narrowed, openHistory } from '../../../src/node/history/open-history.ts'
import { temporaryFolder } from '../fixtures.ts'

const folder = temporaryFolder()
const history = join(folder, 'history')
mkdirSync(join(history, '.netkit'), { recursive: true })
mkdirSync(join(history, '2025-11-03'))
mkdirSync(join(folder, '2025-11-03'))

/** By GNU date: -d 2025-11-03 +%s. */
const DAY = { sinceNs: 1_762_128_000_000_000_000n, untilNs: 1_762_214_400_000_000_000n }

test('a history, its days, and what is none', async () => {
  expect(await openHistory(history)).toEqual({ folder: history, range: {} })
  expect(await openHistory(`${history}/2025-11-03`)).toEqual({ folder: history, range: DAY })
  expect(await openHistory(`${history}/2025-11-03/`)).toEqual({ folder: history, range: DAY })
  // A day that nothing was recorded on, or that is gone.
  expect((await openHistory(`${history}/2025-11-02`))?.range.untilNs).toBe(DAY.sinceNs)
  for (const path of [folder, join(folder, '2025-11-03'), join(history, '2025-13-03'), join(history, 'x'), '-', '']) {
    expect(await openHistory(path), path).toBeNull()
  }
})

test('a part of a day', () => {
  expect(narrowed(DAY, {})).toEqual(DAY)
  expect(narrowed({}, {})).toEqual({ sinceNs: undefined, untilNs: undefined })
  expect(narrowed(DAY, { sinceNs: 1n, untilNs: DAY.untilNs - 1n })).toEqual({ ...DAY, untilNs: DAY.untilNs - 1n })
  expect(narrowed(DAY, { sinceNs: DAY.sinceNs + 1n, untilNs: 2n ** 62n })).toEqual({
    ...DAY,
    sinceNs: DAY.sinceNs + 1n,
  })
})
