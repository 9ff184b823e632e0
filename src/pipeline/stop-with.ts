/**
 * An input that ends when a signal says so, even while it waits for bytes that may never come (a quiet pipe).
 *
 * Ctrl-C in `tcpdump -w - | netkit analyze -` reaches both: what tcpdump still has to write must be read. So a pipe goes on
 * as long as bytes keep coming, within bounds; a file ends at once.
 */
import type { Source } from '../capture/source.ts'
import type { Input } from './inputs.ts'

/** Longest silence of a pipe after the signal, and longest time that it is listened to at all. */
const SILENCE_MS = 500
const FAREWELL_MS = 5000

export function stopWith(signal: AbortSignal, input: Input): Input {
  return { ...input, open: async () => stopSourceWith(signal, await input.open(), input.repeatable) }
}

function stopSourceWith(signal: AbortSignal, source: Source, atOnce: boolean): Source {
  let deadline = Number.POSITIVE_INFINITY
  /** Ends the read that is under way as if the input had ended. One is kept, not a promise that each read would hang on. */
  let giveUp = () => {}

  const patience = () => Math.max(0, Math.min(SILENCE_MS, deadline - Date.now()))
  const onAbort = () => {
    deadline = Date.now() + (atOnce ? 0 : FAREWELL_MS)
    // The read that is waiting now: later ones, if bytes keep coming, have a patience of their own.
    setTimeout(giveUp, patience())
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })

  return {
    get name() {
      return source.name
    },
    get size() {
      return source.size
    },
    get position() {
      return source.position
    },
    get compression() {
      return source.compression
    },
    get random() {
      return source.random ?? null
    },
    read(into) {
      if (signal.aborted && patience() === 0) return Promise.resolve(0)
      return new Promise((resolve, reject) => {
        giveUp = () => resolve(0)
        if (signal.aborted) setTimeout(giveUp, patience())
        source.read(into).then(resolve, reject)
      })
    },
    close() {
      signal.removeEventListener('abort', onAbort)
      return source.close()
    },
  }
}
