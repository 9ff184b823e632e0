/** A clock that a test moves, and pauses that end when it has moved far enough. */
import { setImmediate as turn } from 'node:timers/promises'

export interface FakeTime {
  readonly now: () => bigint
  readonly pause: (ms: number) => Promise<void>
  /** Moves on, step by step, so that whatever waits gets its turn at about its time. */
  advance(ms: number, stepMs?: number): Promise<void>
}

const NS_PER_MS = 1_000_000n
/** Turns of the event loop that a read of a small file takes, and some. */
const TURNS = 6

export function createFakeTime(startNs = 0n): FakeTime {
  let ns = startNs
  let waiting: { readonly until: bigint; readonly resolve: () => void }[] = []
  const settle = async () => {
    for (let i = 0; i < TURNS; i++) await turn()
  }
  return {
    now: () => ns,
    pause: (ms) => new Promise((resolve) => waiting.push({ until: ns + BigInt(ms) * NS_PER_MS, resolve })),
    async advance(ms, stepMs = 50) {
      await settle()
      for (let left = ms; left > 0; left -= stepMs) {
        ns += BigInt(Math.min(left, stepMs)) * NS_PER_MS
        const due = waiting.filter(({ until }) => until <= ns)
        waiting = waiting.filter(({ until }) => until > ns)
        for (const { resolve } of due) resolve()
        await settle()
      }
    },
  }
}
