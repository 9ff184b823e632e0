/** Counts by bucket ⇄ those of a report, which name only buckets that have a packet. */
import type { CountSeries } from '../engine/group-series.ts'
import type { Counts } from '../engine/records.ts'
import type { TimeGrid } from '../engine/time-grid.ts'
import type { SeriesData } from './report-data.ts'

/** Ready to be added up: bucket `at[i]` has `packets[i]`. */
export interface Series {
  readonly at: Uint32Array
  readonly packets: Float64Array
  readonly bytes: Float64Array
}

/** Buckets [start, end). */
export interface BucketRange {
  readonly start: number
  readonly end: number
}

export function encodeSeries({ packets, bytes }: CountSeries): SeriesData {
  const gaps: number[] = []
  const some = { packets: [] as number[], bytes: [] as number[] }
  let before = 0
  for (let i = 0; i < packets.length; i++) {
    if (packets[i] === 0) continue
    gaps.push(i - before)
    before = i
    some.packets.push(packets[i]!)
    some.bytes.push(bytes[i]!)
  }
  return gaps.length === packets.length ? some : { gaps, ...some }
}

export function decodeSeries({ gaps, packets, bytes }: SeriesData): Series {
  const at = Uint32Array.from(packets, (_, i) => i)
  if (gaps !== undefined) {
    let bucket = 0
    for (let i = 0; i < at.length; i++) {
      bucket += gaps[i]!
      at[i] = bucket
    }
  }
  return { at, packets: Float64Array.from(packets), bytes: Float64Array.from(bytes) }
}

/** What the buckets of a range have. */
export function sumRange({ at, packets, bytes }: Series, { start, end }: BucketRange): Counts {
  const sum = { packets: 0, bytes: 0 }
  for (let i = firstFrom(at, start); i < at.length && at[i]! < end; i++) {
    sum.packets += packets[i]!
    sum.bytes += bytes[i]!
  }
  return sum
}

/** The first place of `at`, which ascends, that has `bucket` or a later one. */
function firstFrom(at: Uint32Array, bucket: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle]! < bucket) low = middle + 1
    else high = middle
  }
  return low
}

/** The same counts in longer buckets, which whole ones of the shorter make up. */
export function coarsen(series: CountSeries, from: TimeGrid, to: TimeGrid): CountSeries {
  const factor = Number(to.stepNs / from.stepNs)
  const shift = Number((from.originNs - to.originNs) / from.stepNs)
  const coarse = { packets: new Float64Array(to.buckets), bytes: new Float64Array(to.buckets) }
  for (let i = 0; i < from.buckets; i++) {
    const bucket = Math.floor((i + shift) / factor)
    coarse.packets[bucket]! += series.packets[i]!
    coarse.bytes[bucket]! += series.bytes[i]!
  }
  return coarse
}
