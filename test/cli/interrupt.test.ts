import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { interruptSignal } from '../../src/cli/interrupt.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const before = SIGNALS.map((signal) => process.listeners(signal))

beforeEach(() => {
  for (const signal of SIGNALS) process.removeAllListeners(signal)
})

afterEach(() => {
  vi.restoreAllMocks()
  for (const [i, signal] of SIGNALS.entries()) {
    process.removeAllListeners(signal)
    for (const listener of before[i]!) process.on(signal, listener)
  }
})

test.each(SIGNALS)('%s aborts; a second signal of either kind leaves with 130', async (first) => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  const signal = interruptSignal()
  expect(signal.aborted).toBe(false)
  process.kill(process.pid, first)
  await vi.waitFor(() => expect(signal.aborted).toBe(true))
  expect(exit).not.toHaveBeenCalled()
  process.kill(process.pid, 'SIGTERM')
  await vi.waitFor(() => expect(exit).toHaveBeenCalledExactlyOnceWith(130))
})

test('hundreds may listen without a warning of a leak', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  const signal = interruptSignal()
  for (let i = 0; i < 300; i++) signal.addEventListener('abort', () => {})
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})
