/** A turn for what else waits: messages (somebody wants to end it), timers, and what is drawn. */

/** Unnoticed by people, and a hundredth of the time at most. */
const TURN_MS = 25

/** Not setTimeout, which waits four milliseconds when it is called again and again (HTML, "timer initialization steps"). */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

/** Call the result often: it waits for a turn when there was none for long. */
export function createTurns(): () => Promise<void> | null {
  let last = performance.now()
  return () => {
    if (performance.now() - last < TURN_MS) return null
    return nextTurn().then(() => {
      last = performance.now()
    })
  }
}
