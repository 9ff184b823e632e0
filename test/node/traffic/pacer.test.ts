import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacer } from '../../../src/node/traffic/pacer.ts'

/** Instants in ms, from gaps. */
const instants = (gaps: readonly number[]) => {
  let at = 0
  return gaps.map((gap) => {
    at += gap
    return at
  })
}

const rates = fc.double({ min: 0.1, max: 1e6, noNaN: true })

test('asked often enough, it gives what the rate makes of the whole time, however it is cut', () => {
  const gaps = fc.array(fc.double({ min: 0, max: 249, noNaN: true }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(rates, gaps, (rate, some) => {
      const times = instants(some)
      const pacer = createPacer(rate)
      const sent = times.reduce((sum, time) => sum + pacer.due(time), 0)
      expect(sent).toBe(Math.floor((times.at(-1)! * rate) / 1000))
    }),
  )
})

test('no burst is longer than a quarter of a second of the rate, and the total never above it', () => {
  const gaps = fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(rates, gaps, (rate, some) => {
      const times = instants(some)
      const pacer = createPacer(rate)
      let sent = 0
      for (const time of times) {
        const now = pacer.due(time)
        expect(now).toBeGreaterThanOrEqual(0)
        expect(now).toBeLessThanOrEqual(Math.ceil(rate / 4))
        sent += now
        expect(sent).toBeLessThanOrEqual((time * rate) / 1000)
      }
    }),
  )
})

test('after a stall the rate goes on as before', () => {
  const pacer = createPacer(1000)
  expect(pacer.due(100)).toBe(100)
  expect(pacer.due(5100)).toBe(250)
  expect(pacer.due(5110)).toBe(10)
})
