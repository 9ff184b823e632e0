/** The order of times: steps back inside a file, and long silences of the whole capture. Times are two words, high unsigned. */
import type { Place } from './finding.ts'
import { isNoTime, nsBetween, placeOf, Sightings } from './sightings.ts'

/** A silence of an hour is worth a word. */
export const LONG_GAP_NS = 3_600_000_000_000

export class TimeOrder {
  /** Frames that are older than the one before them in their file. */
  readonly backwards = new Sightings()
  largestStepBackNs = 0
  readonly gaps = new Sightings()
  largestGapNs = 0
  largestGap: Place | null = null
  /** The time before, of each file that is open. */
  readonly #before = new WeakMap<object, Uint32Array>()
  /** The latest time of all. */
  #hasLatest = false
  #high = 0
  #low = 0

  /** Words of the last time of a file, to be handed to {@link add}; the file is any object that stands for it. */
  before(file: object): Uint32Array {
    const known = this.#before.get(file)
    if (known !== undefined) return known
    // No time is before all others.
    const words = Uint32Array.of(0, 0x8000_0000)
    this.#before.set(file, words)
    return words
  }

  add(before: Uint32Array, frame: number, high: number, low: number): void {
    if (isNoTime(high, low)) return
    const sinceBefore = nsBetween(before[1]!, before[0]!, high, low)
    if (sinceBefore < 0) {
      this.backwards.note(frame, high, low)
      if (-sinceBefore > this.largestStepBackNs) this.largestStepBackNs = -sinceBefore
    }
    before[0] = low
    before[1] = high
    if (!this.#hasLatest) this.#hasLatest = true
    else {
      const sinceLatest = nsBetween(this.#high, this.#low, high, low)
      if (sinceLatest <= 0) return
      if (sinceLatest >= LONG_GAP_NS) this.#noteGap(sinceLatest, frame, high, low)
    }
    this.#high = high
    this.#low = low
  }

  #noteGap(ns: number, frame: number, high: number, low: number): void {
    this.gaps.note(frame, high, low)
    if (ns <= this.largestGapNs) return
    this.largestGapNs = ns
    this.largestGap = placeOf(frame, high, low)
  }
}
