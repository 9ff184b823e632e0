/** What is said of the shape of a whole capture, beside the numbers of its rows. */
import type { ExtraColumn } from './records.ts'
import type { LinkLevel } from './shape-columns.ts'

export interface BusiestSpan {
  readonly startNs: bigint
  readonly bitsPerSecond: number
}

/** Spans of one length, from the first frame's to the last one's. */
export interface SpanFacts {
  readonly lengthNs: bigint
  readonly count: number
  /** Of those, the ones without any frame. They are in every number as zeros. */
  readonly idle: number
  /** The first one of the highest rate; null when there is none. */
  readonly busiest: BusiestSpan | null
}

export interface ShapeFacts {
  /** Those that the statistics are over. */
  readonly windows: SpanFacts | null
  /** Those that the peak is over. */
  readonly bursts: SpanFacts | null
  readonly link: LinkLevel | null
  readonly columns: readonly ExtraColumn[]
  /** By column, of everything, each frame once; null when no frame has a time. */
  readonly totals: readonly (number | null)[]
  /** Percentiles are exact; otherwise there were too many values, and they are within BIN_ERROR of value-bins.ts. */
  readonly exact: boolean
  /** Rows whose numbers are not known: flows of theirs were evicted, or there was no room for their values. */
  readonly unknown: number
}
