/** Seconds that pass, as a bar on stderr. Nothing when stderr is no terminal. */
import { SingleBar } from 'cli-progress'

export interface Countdown {
  /** Takes the bar off the screen. */
  stop(): void
}

export function startCountdown(what: string, durationMs: number): Countdown {
  if (!process.stderr.isTTY) return { stop() {} }
  const bar = new SingleBar({
    format: `${what} [{bar}] {value}/{total} s`,
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  })
  const startedAt = performance.now()
  const total = Math.ceil(durationMs / 1000)
  bar.start(total, 0)
  const tick = setInterval(() => bar.update(Math.min(total, Math.floor((performance.now() - startedAt) / 1000))), 250)
  return {
    stop() {
      clearInterval(tick)
      bar.stop()
    },
  }
}
