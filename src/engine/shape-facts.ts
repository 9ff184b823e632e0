/** What is said of the shape of a whole capture, beside the numbers of its rows. */
import type { ExtraColumn } from './records.ts'
import type { LinkLevel } from './shape-columns.ts'

/** The span of the highest rate. */
export interface BusiestSpan {
  /** Its start, nanoseconds since 1970-01-01 UTC. */
  readonly startNs: bigint
  /** The rate in it. */
  readonly bitsPerSecond: number
}

/** Spans of one length, from the first frame's to the last one's. */
export interface SpanFacts {
  /** Length of each. */
  readonly lengthNs: bigint
  /** How many there are. */
  readonly count: number
  /** Of those, the ones without any frame. They are in every number as zeros. */
  readonly idle: number
  /** The first one of the highest rate; null when there is none. */
  readonly busiest: BusiestSpan | null
}

/** How rates vary over the whole capture. */
export interface ShapeFacts {
  /** Those that the statistics are over. */
  readonly windows: SpanFacts | null
  /** Those that the peak is over. */
  readonly bursts: SpanFacts | null
  /** The link that rates are held against; null without. */
  readonly link: LinkLevel | null
  /** Columns of the statistics. */
  readonly columns: readonly ExtraColumn[]
  /** By column, of everything, each frame once; null when no frame has a time. */
  readonly totals: readonly (number | null)[]
  /** Percentiles are exact; otherwise there were too many values, and they are within 1 %. */
  readonly exact: boolean
  /** Rows whose numbers are not known: flows of theirs were evicted, or there was no room for their values. */
  readonly unknown: number
}
