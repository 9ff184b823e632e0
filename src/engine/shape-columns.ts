/** What is asked about the shape of traffic → the columns that rows get for it. */
import type { GroupValuesOptions } from './group-values.ts'
import type { ExtraColumn } from './records.ts'

/** What a link can carry, and when it counts as full. */
export interface LinkLevel {
  /** Bits per second that the link can carry. */
  readonly bitsPerSecond: number
  /** The part of that above which time counts, from 0 to 1. */
  readonly above: number
}

export interface ShapeOptions {
  /** Statistics over windows of this length; null for none. */
  readonly windowNs: bigint | null
  /** The peak over spans of this length; null for none. A window is a whole number of them. One of the two is not null. */
  readonly burstNs: bigint | null
  readonly link: LinkLevel | null
  /** Bounds of memory, see there. */
  readonly values?: GroupValuesOptions
}

export type ShapeMetric = 'min' | 'mean' | 'max' | 'p50' | 'p95' | 'p99' | 'peak' | 'above'

const WINDOW_METRICS = ['min', 'mean', 'max', 'p50', 'p95', 'p99'] as const satisfies ShapeMetric[]

/** Length of the buckets that the shape is made of. Throws an Error in the user's terms when there is none. */
export function shapeGrain({ windowNs, burstNs }: ShapeOptions): bigint {
  if (windowNs !== null && burstNs !== null && windowNs % burstNs !== 0n) {
    throw new Error('A window is not a whole number of bursts')
  }
  const grainNs = burstNs ?? windowNs
  if (grainNs === null) throw new Error('The shape of traffic needs a window or a burst')
  return grainNs
}

/** In the order of their columns. */
export function shapeMetrics({ windowNs, burstNs, link }: ShapeOptions): readonly ShapeMetric[] {
  return [
    ...(windowNs === null ? [] : WINDOW_METRICS),
    ...(burstNs === null ? [] : (['peak'] as const)),
    ...(link === null ? [] : (['above'] as const)),
  ]
}

export function shapeColumns(options: ShapeOptions): readonly ExtraColumn[] {
  return shapeMetrics(options).map(columnOf)
}

function columnOf(metric: ShapeMetric): ExtraColumn {
  return metric === 'above'
    ? { name: 'time_above_share', title: 'above', kind: 'share' }
    : { name: `${metric}_bits_per_second`, title: metric, kind: 'rate' }
}
