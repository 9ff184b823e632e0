/** Bytes over a time to bits per second. */

const BITS_PER_BYTE = 8
const NS_PER_SECOND = 1e9

/** bytes × 8 / seconds, rounded to 3 decimals unless that is nothing while something was seen; null when the time has no length. */
export function bitsPerSecond(bytes: number, durationNs: bigint): number | null {
  return rateOver(durationNs)(bytes)
}

/** The same for many counts over one time. */
export function rateOver(durationNs: bigint): (bytes: number) => number | null {
  if (durationNs <= 0n) return () => null
  const ns = Number(durationNs)
  return (bytes) => {
    const rate = (bytes * BITS_PER_BYTE * NS_PER_SECOND) / ns
    return Math.round(rate * 1000) / 1000 || rate
  }
}
