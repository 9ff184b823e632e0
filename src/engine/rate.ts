/** Bytes over a time to bits per second. */

const BITS_PER_BYTE = 8
const NS_PER_SECOND = 1e9

/** bytes × 8 / seconds, rounded to 3 decimals unless that is nothing while something was seen; null when the time has no length. */
export function bitsPerSecond(bytes: number, durationNs: bigint): number | null {
  if (durationNs <= 0n) return null
  const rate = (bytes * BITS_PER_BYTE * NS_PER_SECOND) / Number(durationNs)
  return Math.round(rate * 1000) / 1000 || rate
}
