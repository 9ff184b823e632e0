/**
 * Percentiles by nearest rank: of N values in ascending order the one at place ceil(p / 100 × N), counted from 1. It is always
 * one of the values, and what most tools for bandwidth bills mean by "95th percentile".
 *
 * Windows without traffic are values of zero that nobody stores: there may be more of them than memory has bytes, so ranks are
 * 64-bit integers.
 */

/** The place, from 1 to `count`; `count` is positive and `percent` a whole number from 1 to 100. */
export function nearestRank(percent: number, count: bigint): bigint {
  return (BigInt(percent) * count + 99n) / 100n
}

/**
 * The place among the `stored` values, from 0, that the percentile of those and `all - stored` zeros has; null when it is one
 * of the zeros. There are less than 2^53 stored ones.
 */
export function storedPlace(percent: number, stored: number, all: bigint): number | null {
  const zeros = all - BigInt(stored)
  const place = nearestRank(percent, all) - zeros - 1n
  return place < 0n ? null : Number(place)
}
