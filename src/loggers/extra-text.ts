/** A value of an extra column → how a person reads it. */
import type { ExtraColumn } from '../engine/records.ts'
import { printable } from './printable.ts'
import { formatBytes, formatRate, formatShare, type Units } from './units.ts'

export type ExtraValue = number | string | null | undefined

/** What stands where there is no value. */
const NONE = '-'

export function formatExtra(value: ExtraValue, kind: ExtraColumn['kind'], units: Units): string {
  if (value === null || value === undefined || value === '') return NONE
  if (typeof value === 'string') return printable(value)
  switch (kind) {
    case 'rate':
      return formatRate(value, units)
    case 'bytes':
      return formatBytes(value, units)
    case 'share':
      return formatShare(value, 1)
    case 'milliseconds':
      return `${formatMilliseconds(value)} ms`
    default:
      return String(value)
  }
}

/** Three digits that count, down to the microsecond: `0.042`, `3.14`, `31.4`, `314`. */
function formatMilliseconds(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}
