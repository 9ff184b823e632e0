/** Bytes over a time to bits per second. */

const BITS_PER_BYTE = 8
const NS_PER_SECOND = 1e9

/** bytes × 8 / seconds, rounded to 3 decimals; null when the time has no length. */
export function bitsPerSecond(bytes: number, durationNs: bigint): number | null {
  if (durationNs <= 0n) return null
  return Math.round((bytes * BITS_PER_BYTE * NS_PER_SECOND * 1000) / Number(durationNs)) / 1000
}
