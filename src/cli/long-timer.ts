/** Timers of any length: Node's own end after 1 ms when they are longer than 24.8 days. */

const LONGEST_MS = 2 ** 31 - 1

/** Calls `act` once, after so many milliseconds. Does not keep the process alive. */
export function setLongTimer(ms: number, act: () => void): void {
  const left = ms - LONGEST_MS
  if (left > 0) setTimeout(() => setLongTimer(left, act), LONGEST_MS).unref()
  else setTimeout(act, ms).unref()
}
