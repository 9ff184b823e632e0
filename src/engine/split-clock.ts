/**
 * Times to buckets that whole windows of both kinds are made of: those that begin at the first frame, and those that begin at round
 * times of the clock. Each step of the clock is cut in two where a window from the first frame on begins:
 *
 *     clock        |-----------|-----------|-----------|
 *     first frame     ^--------|--^--------|--^--------|-
 *     buckets      |0 |1       |2 |3       |4 |5       |
 *
 * So counts by bucket answer windows of any length that is a multiple of the step, from either beginning.
 */
import { BucketClock, floorDivide } from './bucket-clock.ts'

const EARLIEST = -(2n ** 63n) + 1n
const LATEST = 2n ** 63n - 1n

export class SplitClock extends BucketClock {
  #stepNs: bigint
  /** From a round time to where windows of the first frame begin. */
  #phaseNs = 0n
  /** Where the latest window from the first frame on begins that a frame was in. */
  #latestNs: bigint | null = null
  /** No frame was more than one window (of the step then) before another that came earlier. */
  isInOrder = true

  constructor(stepNs: bigint) {
    super(stepNs, null)
    this.#stepNs = stepNs
  }

  get splitNs(): bigint {
    return this.#stepNs
  }

  override moveTo(time: bigint): void {
    if (this.originNs === null) {
      this.originNs = time
      this.#phaseNs = this.#phase()
    }
    const window = this.locate(time)
    if (this.#latestNs === null || window > this.#latestNs) this.#latestNs = window
    else if (window < this.#latestNs - this.#stepNs) this.isInOrder = false
  }

  /** Stands in the bucket of a time that is no frame's. Returns where the window from the first frame on begins that it is in. */
  locate(time: bigint): bigint {
    const round = floorDivide(time, this.#stepNs)
    const startNs = round * this.#stepNs
    const cutNs = startNs + this.#phaseNs
    const isBehindCut = time >= cutNs
    this.bucket = 2n * round + (isBehindCut ? 1n : 0n)
    const first = isBehindCut ? cutNs : startNs
    const last = (isBehindCut ? startNs + this.#stepNs : cutNs) - 1n
    this.firstNs = first < EARLIEST ? EARLIEST : first
    this.lastNs = last > LATEST ? LATEST : last
    return isBehindCut ? cutNs : cutNs - this.#stepNs
  }

  override startOf(bucket: bigint): bigint {
    const round = floorDivide(bucket, 2n)
    return round * this.#stepNs + (bucket - 2n * round === 1n ? this.#phaseNs : 0n)
  }

  /** Longer steps from here on: a multiple of those before. The clock is to stand nowhere. */
  coarsen(stepNs: bigint): void {
    this.#stepNs = stepNs
    this.#phaseNs = this.#phase()
    if (this.#latestNs === null || this.originNs === null) return
    this.#latestNs = this.originNs + floorDivide(this.#latestNs - this.originNs, stepNs) * stepNs
  }

  #phase(): bigint {
    const originNs = this.originNs ?? 0n
    return originNs - floorDivide(originNs, this.#stepNs) * this.#stepNs
  }
}
