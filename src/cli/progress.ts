/** A progress bar on stderr for long work: nothing when stderr is no terminal, and nothing in the first second. */
import { SingleBar } from 'cli-progress'

export interface Progress {
  update(bytes: number): void
  /** Takes the bar off the screen; it does not come back. */
  stop(): void
}

const SHOW_AFTER_MS = 1000
const MIB = 1 << 20

/** `totalBytes`: what the inputs have, null when nobody knows (then there is no bar). */
export function createProgress(totalBytes: number | null): Progress {
  if (totalBytes === null || !process.stderr.isTTY) return { update() {}, stop() {} }
  const startedAt = Date.now()
  const bar = new SingleBar({
    format: 'reading [{bar}] {percentage} %  {value}/{total} MiB  {eta_formatted} left',
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  })
  let state: 'waiting' | 'shown' | 'stopped' = 'waiting'
  return {
    update(bytes) {
      if (state === 'waiting' && Date.now() - startedAt > SHOW_AFTER_MS) {
        bar.start(Math.ceil(totalBytes / MIB), 0)
        state = 'shown'
      }
      if (state === 'shown') bar.update(Math.floor(bytes / MIB))
    },
    stop() {
      if (state === 'shown') bar.stop()
      state = 'stopped'
    },
  }
}
