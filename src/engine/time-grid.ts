/**
 * A span of time to buckets of a round length that begin at round times of the clock (UTC): not too many for a plot, and each
 * can be told to somebody.
 */
import { floorDivide } from './bucket-clock.ts'

export interface TimeGrid {
  /** Where bucket 0 begins: at or before the first frame. */
  readonly originNs: bigint
  readonly stepNs: bigint
  /** At least one. */
  readonly buckets: number
}

const MICROSECOND = 1_000n
const SECOND = 1_000_000_000n
const MINUTE = 60n * SECOND
const HOUR = 60n * MINUTE
const DAY = 24n * HOUR

/** Lengths that a person counts in, the shortest first. Beyond the last, its multiples by 10 for ever. */
const LENGTHS: readonly bigint[] = [
  ...[1n, 10n, 100n, 1_000n, 10_000n, 100_000n].flatMap((size) =>
    [1n, 2n, 5n].map((times) => times * size * MICROSECOND),
  ),
  ...[1n, 2n, 5n, 10n, 20n, 30n].map((seconds) => seconds * SECOND),
  ...[1n, 2n, 5n, 10n, 20n, 30n].map((minutes) => minutes * MINUTE),
  ...[1n, 2n, 4n, 12n].map((hours) => hours * HOUR),
  DAY,
]

function* lengths(): Generator<bigint> {
  yield* LENGTHS
  for (let size = 10n * DAY; ; size *= 10n) yield size
}

/** Buckets over [firstNs, lastNs], both included, of the shortest length that needs `most` of them at most. */
export function chooseGrid(firstNs: bigint, lastNs: bigint, most: number): TimeGrid {
  for (const stepNs of lengths()) {
    const first = floorDivide(firstNs, stepNs)
    const buckets = Number(floorDivide(lastNs, stepNs) - first) + 1
    if (buckets <= most) return { originNs: first * stepNs, stepNs, buckets }
  }
  throw new Error('unreachable: lengths go on for ever')
}

/** The same time in the next longer buckets that whole ones make up. */
export function coarserGrid(grid: TimeGrid): TimeGrid {
  const { originNs, buckets } = grid
  const lastNs = originNs + BigInt(buckets) * grid.stepNs - 1n
  for (const stepNs of lengths()) {
    if (stepNs <= grid.stepNs || stepNs % grid.stepNs !== 0n) continue
    const first = floorDivide(originNs, stepNs)
    return { originNs: first * stepNs, stepNs, buckets: Number(floorDivide(lastNs, stepNs) - first) + 1 }
  }
  throw new Error('unreachable: lengths go on for ever')
}
