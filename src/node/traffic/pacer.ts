/** A rate and the time that went by → how many units (datagrams, bytes) to send now. */

export interface Pacer {
  /** Units that became due since the last call. */
  due(elapsedMs: number): number
}

/**
 * After a stall (a stopped process, a busy machine) at most this much of the schedule is made up for. Without the bound
 * two seconds asleep would become one burst at the speed of the machine, and a rate that was never asked for.
 */
const CATCH_UP_MS = 250

export function createPacer(unitsPerSecond: number): Pacer {
  const most = Math.ceil((unitsPerSecond * CATCH_UP_MS) / 1000)
  let scheduled = 0
  return {
    due(elapsedMs) {
      const units = Math.floor((elapsedMs * unitsPerSecond) / 1000) - scheduled
      if (units <= 0) return 0
      scheduled += units
      return Math.min(units, most)
    },
  }
}
