/** Keys on the curve → the time that is chosen then. */
import type { BucketRange } from '../report/series.ts'

/** Part of the range that a key press moves, and that it grows or shrinks by. */
const MOVE = 0.1
const ZOOM = 0.25

/** Undefined for a key that does nothing here. */
export function rangeForKey(key: string, range: BucketRange | null, buckets: number): BucketRange | null | undefined {
  const { start, end } = range ?? { start: 0, end: buckets }
  const length = end - start
  const move = Math.max(1, Math.round(length * MOVE))
  const zoom = Math.max(1, Math.round(length * ZOOM))
  switch (key) {
    case 'ArrowLeft':
      return within(Math.max(0, start - move), length, buckets)
    case 'ArrowRight':
      return within(Math.min(buckets - length, start + move), length, buckets)
    case '+':
    case '=':
    case 'ArrowUp':
      return length <= 2
        ? { start, end: start + 1 }
        : within(start + Math.floor(zoom / 2), Math.max(1, length - zoom), buckets)
    case '-':
    case 'ArrowDown':
      return within(Math.max(0, start - Math.ceil(zoom / 2)), length + zoom, buckets)
    case 'Escape':
    case '0':
      return null
    default:
      return undefined
  }
}

function within(start: number, length: number, buckets: number): BucketRange | null {
  const end = Math.min(buckets, start + length)
  return start <= 0 && end >= buckets ? null : { start, end }
}
