/** Ranked rows → the record of their span, whose rows become objects when they are first looked at. */
import type { RankedGroups } from './ranked-groups.ts'
import type { Counts, OtherRow, Row, SpanRecord } from './records.ts'

export interface RankedSpan {
  readonly startNs: bigint | null
  readonly endNs: bigint | null
  readonly ranked: RankedGroups
  readonly other: OtherRow | null
  readonly total: Counts
  readonly totalExtras?: SpanRecord['totalExtras']
}

export interface LazySpan {
  readonly record: SpanRecord
  /** Makes the rows now, unless they were made or were read as numbers: groups are about to change. */
  keep(): void
}

export function createSpan({ startNs, endNs, ranked, other, total, totalExtras }: RankedSpan): LazySpan {
  let rows: readonly Row[] | null = null
  let isRead = false
  const read = () => {
    isRead = true
    rows ??= ranked.rows()
    return rows
  }
  const record: SpanRecord = {
    type: 'span',
    startNs,
    endNs,
    get rows() {
      return read()
    },
    other,
    total,
    ...(totalExtras !== undefined && { totalExtras }),
  }
  // Not enumerable: a copy with other rows must not have it.
  Object.defineProperty(record, 'ranked', {
    get() {
      isRead = true
      return ranked
    },
  })
  return {
    record,
    keep() {
      if (!isRead) read()
    },
  }
}
