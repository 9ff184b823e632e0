/** Ctrl-C: the first ends reading, and what was read is still answered; the second leaves at once. */
import { setMaxListeners } from 'node:events'
import { EXIT_INTERRUPTED_TWICE } from './exit-codes.ts'

/** A signal that SIGINT and SIGTERM abort. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  // Every open input listens, and Node would warn of a leak from the eleventh on.
  setMaxListeners(0, controller.signal)
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED_TWICE)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}
