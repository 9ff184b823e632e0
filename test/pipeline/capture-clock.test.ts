import { describe, expect, test } from 'vitest'
import { CaptureClock } from '../../src/pipeline/capture-clock.ts'

/** Milliseconds in and out; the clock begins at 10 000. */
function createClock({ lagMs = 300, localClock = true } = {}) {
  let nowMs = 10_000
  const ns = (ms: number) => BigInt(ms) * 1_000_000n
  const clock = new CaptureClock({ lagMs, localClock, now: () => ns(nowMs) })
  const askAt = (ms: number) => {
    nowMs = ms
    const over = clock.overBefore()
    return over === null ? null : Number(over / 1_000_000n)
  }
  /** Asks every 50 ms until then; gives the last answer. */
  const askUntil = (end: number) => {
    while (nowMs + 50 < end) askAt(nowMs + 50)
    return askAt(end)
  }
  const sawAt = (ms: number, newestMs: number) => {
    nowMs = ms
    clock.saw(ns(newestMs))
  }
  const now = () => (clock.nowNs === null ? null : Number(clock.nowNs / 1_000_000n))
  return { askAt, askUntil, sawAt, now }
}

describe('a capture of this machine', () => {
  test('is over up to the lag before now, but never before it began', () => {
    const { askAt, askUntil } = createClock()
    expect(askUntil(10_250)).toBeNull()
    expect(askAt(10_300)).toBe(10_000)
    expect(askUntil(12_345)).toBe(12_045)
  })

  test('frames of a common delay change nothing', () => {
    const { askUntil, sawAt } = createClock()
    askUntil(11_000)
    sawAt(11_030, 10_780)
    expect(askUntil(11_050)).toBe(10_750)
  })

  test('held up: it is over up to what was read before, then up to what is read', () => {
    const { askAt, askUntil, sawAt } = createClock()
    askUntil(11_000)
    // Two seconds of frames wait in the pipe.
    expect(askAt(13_000)).toBe(10_700)
    sawAt(13_040, 11_500)
    expect(askAt(13_050)).toBe(11_200)
    sawAt(13_090, 12_900)
    expect(askAt(13_100)).toBe(12_800)
  })

  test('held up on a quiet network: the next answer is that of the wall clock again', () => {
    const { askAt, askUntil } = createClock()
    askUntil(11_000)
    expect([askAt(15_000), askAt(15_050)]).toEqual([10_700, 14_750])
  })

  test('a tool that is behind is waited for, silent moments and late frames notwithstanding', () => {
    const { askAt, askUntil, sawAt } = createClock()
    expect(askUntil(20_000)).toBe(19_700)
    // A second behind, suddenly: the first of these are late, the rest is not.
    for (let ms = 20_010; ms < 23_000; ms += 300) {
      sawAt(ms, ms - 1000)
      for (const later of [20, 70, 120, 170, 220, 270]) {
        expect(askAt(ms + later)).toBe(Math.max(19_700, ms - 1000 - 300))
      }
    }
    // Nothing more comes.
    expect(askUntil(24_000)).toBe(23_700)
  })

  test('set back: nothing that was over comes again, and frames from long ago do not stop it', () => {
    const { askAt, askUntil, sawAt } = createClock()
    expect(askUntil(20_000)).toBe(19_700)
    sawAt(15_000, 14_900)
    expect(askAt(15_000)).toBe(19_700)
    expect(askAt(20_050)).toBe(19_700)
    sawAt(20_090, 5000)
    expect(askAt(20_100)).toBe(19_800)
  })
})

describe("somebody else's capture", () => {
  test('begins with its first frame, whose delay tells the offset of the clocks', () => {
    const { askAt, askUntil, sawAt } = createClock({ lagMs: 500, localClock: false })
    expect(askUntil(12_000)).toBeNull()
    // Its clock is 7 s behind ours.
    sawAt(12_000, 5000)
    expect(askUntil(12_450)).toBeNull()
    expect(askAt(12_500)).toBe(5000)
    sawAt(12_600, 5500)
    expect(askUntil(13_000)).toBe(5500)
  })

  test('has a present of its own', () => {
    const { askAt, sawAt, now } = createClock({ lagMs: 500, localClock: false })
    expect(now()).toBeNull()
    sawAt(12_000, 5000)
    askAt(12_700)
    expect(now()).toBe(5700)
    const here = createClock()
    here.askAt(11_000)
    expect(here.now()).toBe(11_000)
  })

  test('the frame with the least delay counts', () => {
    const { askUntil, sawAt } = createClock({ lagMs: 500, localClock: false })
    sawAt(12_000, 4800)
    sawAt(12_100, 5100)
    sawAt(12_200, 5000)
    expect(askUntil(13_000)).toBe(5500)
  })

  test('a clock that falls behind by a millisecond a second for an hour makes no frame late', () => {
    const { askUntil, sawAt } = createClock({ lagMs: 500, localClock: false })
    let over = 0
    for (let second = 0; second < 3600; second++) {
      const theirs = Math.floor(5000 + 999 * second)
      expect(theirs).toBeGreaterThanOrEqual(over)
      sawAt(12_000 + 1000 * second, theirs)
      over = askUntil(12_000 + 1000 * second + 999) ?? 0
    }
    // Nor does it lag behind more and more.
    expect(over).toBeGreaterThan(5000 + 999 * 3600 - 2000)
  })
})
