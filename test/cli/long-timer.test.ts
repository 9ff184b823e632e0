import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setLongTimer } from '../../src/cli/long-timer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const DAY_MS = 86_400_000

test.each([1, 1000, 24 * DAY_MS, 25 * DAY_MS, 100 * DAY_MS])('%i ms', (ms) => {
  let calls = 0
  setLongTimer(ms, () => calls++)
  vi.advanceTimersByTime(ms - 1)
  expect(calls).toBe(0)
  vi.advanceTimersByTime(1)
  expect(calls).toBe(1)
  vi.advanceTimersByTime(200 * DAY_MS)
  expect(calls).toBe(1)
})
