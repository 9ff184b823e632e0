/**
 * Frame times to bucket numbers: bucket `i` is the half-open span [origin + i × step, origin + (i + 1) × step).
 *
 * Exact for every 64-bit time without 64-bit arithmetic per frame. The clock stands in a *cell*, a part of one bucket of at
 * most 2^52 ns (52 days). A frame's distance from the cell's start, reckoned in doubles from the two words of its time, is
 * exact up to 2^53 and rounds monotonically above, so `0 <= distance < widthNs` is true exactly for the frames of the
 * cell. Only a frame outside it costs BigInt arithmetic, which finds its bucket and moves the cell there.
 */
import { NO_TIME } from '../capture/frame-batch.ts'

export const TWO_TO_32 = 4294967296

const CELL_BITS = 52n

export class BucketClock {
  readonly stepNs: bigint | null
  /** Where bucket 0 starts; null until the first frame sets it. */
  originNs: bigint | null

  /** Number of the bucket that the cell is in. */
  bucket = 0n
  /** Start of the cell, in nanoseconds since 1970. */
  cellNs = 0n
  /** The same in two words, the high one signed. */
  startHigh = 0
  startLow = 0
  /** Length of the cell; 0 while the clock stands nowhere. */
  widthNs = 0

  /** Without a step everything is in bucket 0. Without an origin the first frame is the origin. */
  constructor(stepNs: bigint | null, originNs: bigint | null) {
    this.stepNs = stepNs
    this.originNs = originNs
  }

  /** Moves to the cell that holds the given time, which is not {@link NO_TIME}. */
  moveTo(low: number, high: number): void {
    const time = (BigInt(high | 0) << 32n) | BigInt(low)
    this.originNs ??= time
    let start = this.originNs
    if (this.stepNs !== null) {
      this.bucket = floorDivide(time - this.originNs, this.stepNs)
      start += this.bucket * this.stepNs
    }
    // Shifts of negative BigInts round down, so this holds before the origin too.
    let cell = start + (((time - start) >> CELL_BITS) << CELL_BITS)
    let end = cell + (1n << CELL_BITS)
    if (this.stepNs !== null && end > start + this.stepNs) end = start + this.stepNs
    // No cell holds NO_TIME, so a frame without a time always leaves the fast path.
    if (cell <= NO_TIME) cell = NO_TIME + 1n
    this.cellNs = cell
    this.startHigh = Number(cell >> 32n)
    this.startLow = Number(cell & 0xffffffffn)
    this.widthNs = Number(end - cell)
  }

  /** The next frame takes the slow path, whatever its time. */
  forgetCell(): void {
    this.widthNs = 0
  }

  /** Start of a bucket. */
  startOf(bucket: bigint): bigint {
    return (this.originNs ?? 0n) + bucket * (this.stepNs ?? 0n)
  }
}

/** The quotient rounded towards minus infinity; `divisor` is positive. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient
}
