/**
 * The wall clock and the timestamps of frames → the time before which a running capture is over: no frame of it is still to
 * come. Capture tools hand frames on with a delay, so that is always some time ago.
 */

export interface CaptureClockOptions {
  /** The longest delay of a frame on its way to us, as long as nobody is behind. */
  readonly lagMs: number
  /**
   * The capture's clock is this machine's. Otherwise (another host, a pipe) its offset is taken from the frames: the one with
   * the least delay says how far the clocks are apart.
   */
  readonly localClock: boolean
  /** Nanoseconds since 1970. */
  readonly now: () => bigint
}

const NS_PER_MS = 1_000_000n
/** Asked later than this after the last time, this process was held up: then what has come meanwhile is not read yet. */
const HELD_UP_NS = 150n * NS_PER_MS
/** A tool that was behind may be silent for so long, on a busy machine, and still be behind. */
const SILENCE_NS = 500n * NS_PER_MS
/** Frames that are late by more were not held up: a clock was set back. */
const FURTHEST_BEHIND_NS = 10_000n * NS_PER_MS
/** Clocks drift apart (50 ppm are 4 s a day), so an offset holds for one to two of these. */
const OFFSET_AGE_NS = 60_000n * NS_PER_MS

export class CaptureClock {
  readonly #options: CaptureClockOptions
  readonly #lagNs: bigint
  /** Nothing is over before this: the start of the capture, or the first frame of somebody else's. */
  #beginNs: bigint | null
  #askedNs: bigint
  /** Time of the last frame that was read, and when it was read. */
  #newestNs: bigint | null = null
  #readNs = 0n
  #overNs: bigint | null = null
  /** Least delay in the present minute and in the one before. */
  #leastDelayNs: bigint | null = null
  #leastDelayBeforeNs: bigint | null = null
  #offsetSinceNs: bigint

  constructor(options: CaptureClockOptions) {
    this.#options = options
    this.#lagNs = BigInt(options.lagMs) * NS_PER_MS
    const now = options.now()
    this.#askedNs = now
    this.#offsetSinceNs = now
    this.#beginNs = options.localClock ? now : null
  }

  /** Now, by the clock that stamps the frames; null as long as no frame has told it. */
  get nowNs(): bigint | null {
    return this.#onCaptureClock(this.#options.now())
  }

  /** Frames were read; the last one has this time. */
  saw(newestNs: bigint): void {
    this.#newestNs = newestNs
    this.#readNs = this.#options.now()
    this.#beginNs ??= newestNs
    if (!this.#options.localClock) this.#noteDelay(newestNs)
  }

  /**
   * To be asked several times a second; never goes back. Null until something is over.
   *
   * Windows must not be closed on frames that wait to be read, be it in our pipe (we were held up) or behind it (the capture
   * tool was). In the first case the moment of the last question counts, in the second the frames that come in.
   */
  overBefore(): bigint | null {
    const now = this.#options.now()
    const readTo = now - this.#askedNs > HELD_UP_NS ? this.#askedNs : now
    this.#askedNs = now
    const wall = this.#onCaptureClock(readTo)
    if (wall === null) return null
    const over = (this.#isBehind(now) ? this.#newestNs! : wall) - this.#lagNs
    const least = this.#overNs ?? this.#beginNs
    if (least !== null && over >= least) this.#overNs = over
    return this.#overNs
  }

  /** Frames come later than the lag. Those that are late already are no reason not to wait for the next ones. */
  #isBehind(now: bigint): boolean {
    const newest = this.#newestNs
    if (newest === null || now - this.#readNs > SILENCE_NS) return false
    if (newest >= this.#onCaptureClock(this.#readNs)! - this.#lagNs) return false
    return this.#overNs === null || newest >= this.#overNs - FURTHEST_BEHIND_NS
  }

  #onCaptureClock(ns: bigint): bigint | null {
    if (this.#options.localClock) return ns
    const delays = [this.#leastDelayNs, this.#leastDelayBeforeNs].filter((delay) => delay !== null)
    return delays.length === 0 ? null : ns - delays.reduce((a, b) => (b < a ? b : a))
  }

  #noteDelay(newestNs: bigint): void {
    const now = this.#options.now()
    const delay = now - newestNs
    if (now - this.#offsetSinceNs > OFFSET_AGE_NS) {
      this.#leastDelayBeforeNs = this.#leastDelayNs
      this.#leastDelayNs = null
      this.#offsetSinceNs = now
    }
    if (this.#leastDelayNs === null || delay < this.#leastDelayNs) this.#leastDelayNs = delay
  }
}
