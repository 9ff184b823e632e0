/** Ctrl-C: the first ends reading, and what was read is still answered; the second leaves at once. */
import { EXIT_INTERRUPTED_TWICE } from './exit-codes.ts'

/** A signal that SIGINT and SIGTERM abort. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED_TWICE)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}
