/** Buckets ⇄ nanoseconds: a time that people chose stays that time when the buckets are others. */
import { floorDivide } from '../engine/bucket-clock.ts'
import type { ReportTime } from './report-data.ts'
import type { BucketRange } from './series.ts'

/** [start, end). */
export interface TimeSpan {
  readonly startNs: bigint
  readonly endNs: bigint
}

export function spanOfRange({ origin_ns, step_ns }: ReportTime, { start, end }: BucketRange): TimeSpan {
  const origin = BigInt(origin_ns)
  const step = BigInt(step_ns)
  return { startNs: origin + BigInt(start) * step, endNs: origin + BigInt(end) * step }
}

/** The buckets that have a part of the span; null where none has, and where all have. */
export function rangeOfSpan({ origin_ns, step_ns, buckets }: ReportTime, span: TimeSpan): BucketRange | null {
  const origin = BigInt(origin_ns)
  const step = BigInt(step_ns)
  const within = (bucket: bigint) => Number(bucket < 0n ? 0n : bucket > buckets ? BigInt(buckets) : bucket)
  const start = within(floorDivide(span.startNs - origin, step))
  const end = within(-floorDivide(origin - span.endNs, step))
  return start >= end || (start === 0 && end === buckets) ? null : { start, end }
}
