/**
 * The time of a recording while it is played: runs with the real clock, faster or slower, stands while it is paused, and can
 * be set to any moment.
 */
export class ReplayClock {
  readonly #now: () => bigint
  #speed: number
  #paused = false
  /** A moment of the recording and the real time that it belongs to; null before the recording began. */
  #anchorNs: bigint | null = null
  #anchoredAt = 0n

  /** `now`: nanoseconds of the real clock. `speed`: seconds of the recording in a real second. */
  constructor(now: () => bigint, speed = 1) {
    this.#now = now
    this.#speed = speed
  }

  /** The moment of the recording, in nanoseconds since 1970; null before {@link moveTo}. */
  get positionNs(): bigint | null {
    if (this.#anchorNs === null || this.#paused) return this.#anchorNs
    return this.#anchorNs + BigInt(Math.round(Number(this.#now() - this.#anchoredAt) * this.#speed))
  }

  get speed(): number {
    return this.#speed
  }

  get paused(): boolean {
    return this.#paused
  }

  moveTo(ns: bigint): void {
    this.#anchorNs = ns
    this.#anchoredAt = this.#now()
  }

  setSpeed(speed: number): void {
    this.#settle()
    this.#speed = speed
  }

  setPaused(paused: boolean): void {
    this.#settle()
    this.#paused = paused
  }

  #settle(): void {
    const position = this.positionNs
    if (position !== null) this.moveTo(position)
  }
}
