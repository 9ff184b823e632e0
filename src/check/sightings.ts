/** How often something was seen, and where first. Made for the path of every frame: no objects until somebody asks. */
import { NO_TIME_HIGH_WORD } from '../capture/frame-batch.ts'
import type { Place } from './finding.ts'

/** Words of a time, as the columns of a batch hold them; unsigned. */
export function placeOf(frame: number, high: number, low: number): Place {
  const timeNs = isNoTime(high, low) ? null : (BigInt(high | 0) << 32n) | BigInt(low)
  return { frame, timeNs }
}

export function isNoTime(high: number, low: number): boolean {
  return high === NO_TIME_HIGH_WORD && low === 0
}

/** Nanoseconds from one time to another, exact up to 104 days (2^53 ns). High words are unsigned in columns, signed in meaning. */
export function nsBetween(fromHigh: number, fromLow: number, toHigh: number, toLow: number): number {
  return ((toHigh | 0) - (fromHigh | 0)) * 0x1_0000_0000 + (toLow - fromLow)
}

export class Sightings {
  count = 0
  #frame = 0
  #high = 0
  #low = 0

  note(frame: number, high: number, low: number): void {
    if (this.count++ > 0) return
    this.#frame = frame
    this.#high = high
    this.#low = low
  }

  get first(): Place | null {
    return this.count === 0 ? null : placeOf(this.#frame, this.#high, this.#low)
  }
}
