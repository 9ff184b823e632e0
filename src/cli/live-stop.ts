/** How a running capture is asked to end, so that what was on the wire when it was asked is still in it. */
import type { LiveSource } from '../node/capture-child.ts'
import { onEnter } from './enter-key.ts'
import { setLongTimer } from './long-timer.ts'

export interface StopOptions {
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  readonly durationMs: number | undefined
  /** How long frames are under way between the wire and us. */
  readonly lagMs: number
}

export interface LiveStop {
  /** ENTER stops it too. */
  readonly byEnter: boolean
  /** Nothing more will be asked for. */
  release(): void
}

export function stopLive(live: LiveSource, { signal, durationMs, lagMs }: StopOptions): LiveStop {
  let asked = false
  const stop = () => {
    if (asked) return
    asked = true
    setLongTimer(lagMs, () => live.stop())
  }
  const endEnter = onEnter(stop)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  // The terminal is gone.
  process.on('SIGHUP', stop)
  if (durationMs !== undefined) setLongTimer(durationMs, stop)
  return {
    byEnter: endEnter !== null,
    release() {
      process.off('SIGHUP', stop)
      endEnter?.()
    },
  }
}
