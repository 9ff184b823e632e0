/**
 * Frames that were read → how many rows (a flow in a step of time) they make at the most, in a few operations a batch: of one
 * step there are no more rows than it had frames, and no more than there are flows.
 */
export class WaitingRows {
  readonly #stepNs: bigint
  /** Of the steps before the present one. */
  #before = 0
  #step: bigint | null = null
  #frames = 0
  #flows = 0

  constructor(stepNs: bigint) {
    this.#stepNs = stepNs
  }

  get rows(): number {
    return this.#before + Math.min(this.#frames, this.#flows)
  }

  /** So many frames, the last of which has this time; the others are between it and the last one before them. */
  add(frames: number, newestNs: bigint | null, flows: number): void {
    const step = newestNs === null ? this.#step : newestNs / this.#stepNs
    if (step !== this.#step) {
      const between = this.#step === null ? 0 : Math.abs(Number(step! - this.#step)) - 1
      // They may be of the last step, of this one, or of any between.
      this.#before += Math.min(this.#frames + frames, flows) + Math.min(frames, flows * between)
      this.#frames = 0
      this.#step = step
    }
    this.#frames += frames
    this.#flows = flows
  }

  forget(): void {
    this.#before = 0
    this.#frames = 0
  }
}
