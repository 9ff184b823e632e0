import { expect, test } from 'vitest'
import { createTurns } from '../../src/browser/take-turn.ts'

test('others have their turn while somebody works, and not too often', async () => {
  const turn = createTurns()
  let others = 0
  const timer = setInterval(() => others++, 0)
  let turns = 0
  const end = performance.now() + 300
  while (performance.now() < end) {
    const waiting = turn()
    if (waiting === null) continue
    turns++
    await waiting
  }
  clearInterval(timer)
  expect(others).toBeGreaterThan(0)
  expect(turns).toBeGreaterThan(0)
  expect(turns).toBeLessThanOrEqual(12)
})
