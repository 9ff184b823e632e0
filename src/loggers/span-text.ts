/** The bounds of a window → `2025-11-03 10:00:05 to 10:00:10 UTC`. */
import { formatClock, formatDate } from './time-text.ts'

/** Decimals that tell apart times which are multiples of these lengths: 0, 3 (ms), 6 (µs) or 9 (ns). */
export function decimalsFor(...lengths: readonly bigint[]): number {
  const fits = (unit: bigint) => lengths.every((length) => length % unit === 0n)
  if (fits(1_000_000_000n)) return 0
  if (fits(1_000_000n)) return 3
  return fits(1_000n) ? 6 : 9
}

/** A span within one day has its date once, and not at all where it is the one that the reader already knows. */
export function formatSpan(startNs: bigint, endNs: bigint, decimals: number, knownDate: string | null = null): string {
  const startDate = formatDate(startNs)
  const endDate = formatDate(endNs)
  const isKnown = startDate === knownDate && endDate === startDate
  const start = `${isKnown ? '' : `${startDate} `}${formatClock(startNs, decimals)}`
  const end = `${endDate === startDate ? '' : `${endDate} `}${formatClock(endNs, decimals)}`
  return `${start} to ${end} UTC`
}
