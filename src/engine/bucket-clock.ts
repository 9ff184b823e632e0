/**
 * Times to bucket numbers: bucket `i` is the half-open span [origin + i × step, origin + (i + 1) × step).
 *
 * The clock stands in one bucket, and says which times are in it: whoever counts frames compares two 64-bit integers and
 * asks only for a frame that is in another bucket.
 */
import type { TimeSpan } from '../capture/counter.ts'
import { NO_TIME } from '../capture/frame-batch.ts'

const EARLIEST = NO_TIME + 1n
const LATEST = 2n ** 63n - 1n

export class BucketClock implements TimeSpan {
  readonly stepNs: bigint | null
  /** Where bucket 0 starts; null until the first frame sets it. */
  originNs: bigint | null
  /** Number of the bucket that the clock stands in. */
  bucket = 0n
  /** Its times, as far as 64 bits reach. No time at all while the clock stands nowhere. */
  firstNs = NO_TIME
  lastNs = NO_TIME

  /** Without a step everything is in bucket 0. Without an origin the first frame is the origin. */
  constructor(stepNs: bigint | null, originNs: bigint | null) {
    this.stepNs = stepNs
    this.originNs = originNs
  }

  /** Moves to the bucket that holds the given time, which is not {@link NO_TIME}. */
  moveTo(time: bigint): void {
    this.originNs ??= time
    if (this.stepNs === null) {
      this.firstNs = EARLIEST
      this.lastNs = LATEST
      return
    }
    this.bucket = floorDivide(time - this.originNs, this.stepNs)
    const start = this.startOf(this.bucket)
    const last = start + this.stepNs - 1n
    this.firstNs = start < EARLIEST ? EARLIEST : start
    this.lastNs = last > LATEST ? LATEST : last
  }

  /** The next frame asks, whatever its time. */
  forgetBucket(): void {
    this.firstNs = NO_TIME
    this.lastNs = NO_TIME
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
