/** A length of time and Ctrl-C → the span that all streams of traffic share: they begin and end together. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Span {
  /** Milliseconds since the beginning, never more than the length. */
  elapsedMs(): number
  readonly durationMs: number
  /** Aborted when the time is over, or earlier by the user. */
  readonly stop: AbortSignal
  /** Resolves after `ms`, or when the span ends; at once for a time that has passed. */
  sleep(ms: number): Promise<void>
  /** Ends it now. */
  end(): void
}

/** Begins now. */
export function beginSpan(durationMs: number, interrupt?: AbortSignal): Span {
  const startedAt = performance.now()
  const controller = new AbortController()
  // Every stream listens, and Node would warn of a leak from the eleventh on.
  setMaxListeners(0, controller.signal)
  const end = () => {
    clearTimeout(timer)
    interrupt?.removeEventListener('abort', end)
    controller.abort()
  }
  const timer = setTimeout(end, durationMs)
  if (interrupt?.aborted) end()
  else interrupt?.addEventListener('abort', end)
  return {
    elapsedMs: () => Math.min(durationMs, performance.now() - startedAt),
    durationMs,
    stop: controller.signal,
    // Node 24 warns of negative timeouts.
    sleep: (ms) => sleep(Math.max(0, ms), undefined, { signal: controller.signal }).catch(() => {}),
    end,
  }
}
