/** A progress bar on stderr for long work: nothing when stderr is no terminal, and nothing in the first second. */
import type { SingleBar } from 'cli-progress'

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
  const total = Math.ceil(totalBytes / MIB)
  let state: 'waiting' | 'shown' | 'stopped' = 'waiting'
  let bar: SingleBar | undefined
  const show = async () => {
    const created = await createBar()
    // The work may have ended meanwhile.
    if (state === 'stopped') return
    bar = created
    bar.start(total, 0)
  }
  return {
    update(bytes) {
      if (state === 'waiting' && Date.now() - startedAt > SHOW_AFTER_MS) {
        state = 'shown'
        void show()
      }
      bar?.update(Math.floor(bytes / MIB))
    },
    stop() {
      bar?.stop()
      bar = undefined
      state = 'stopped'
    },
  }
}

/** Loaded here, because most work is short. */
async function createBar(): Promise<SingleBar> {
  const { SingleBar } = await import('cli-progress')
  return new SingleBar({
    format: 'reading [{bar}] {percentage} %  {value}/{total} MiB  {eta_formatted} left',
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  })
}
