import { expect, test } from 'vitest'
import { ReplayClock } from '../../src/pipeline/replay-clock.ts'

const MOMENT = 1_762_164_005_000_000_000n

test('stands nowhere, then runs from where it was put, at its speed', () => {
  let now = 5_000n
  const clock = new ReplayClock(() => now, 4)
  expect(clock.positionNs).toBe(null)
  clock.moveTo(MOMENT)
  expect(clock.positionNs).toBe(MOMENT)
  now += 1_000_000_000n
  expect(clock.positionNs).toBe(MOMENT + 4_000_000_000n)
})

test('another speed counts from then on', () => {
  let now = 0n
  const clock = new ReplayClock(() => now)
  clock.moveTo(MOMENT)
  now = 10n
  clock.setSpeed(0.5)
  now = 20n
  expect(clock.positionNs).toBe(MOMENT + 15n)
  expect(clock.speed).toBe(0.5)
})

test('stands while it is paused, and can be moved then', () => {
  let now = 0n
  const clock = new ReplayClock(() => now)
  clock.moveTo(MOMENT)
  now = 10n
  clock.setPaused(true)
  now = 1000n
  expect(clock.positionNs).toBe(MOMENT + 10n)
  clock.moveTo(MOMENT + 500n)
  now = 2000n
  expect([clock.positionNs, clock.paused]).toEqual([MOMENT + 500n, true])
  clock.setPaused(false)
  now = 2001n
  expect(clock.positionNs).toBe(MOMENT + 501n)
})
