import { expect, test } from 'vitest'
import { beginSpan } from '../../../src/node/traffic/span.ts'

test('ends by itself, and time stands still then', async () => {
  const span = beginSpan(50)
  expect(span.stop.aborted).toBe(false)
  await span.sleep(60_000)
  expect(span.stop.aborted).toBe(true)
  expect(span.elapsedMs()).toBe(50)
})

test('ends with the interrupt, before it or after', async () => {
  const interrupt = new AbortController()
  const span = beginSpan(60_000, interrupt.signal)
  setTimeout(() => interrupt.abort(), 20)
  await span.sleep(60_000)
  expect(span.stop.aborted).toBe(true)
  expect(span.elapsedMs()).toBeLessThan(10_000)
  expect(beginSpan(60_000, interrupt.signal).stop.aborted).toBe(true)
})
