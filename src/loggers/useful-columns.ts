/**
 * Which of the columns beside key and counts a table for people has: not those of counts that are zero in all, nor of times that nobody
 * knows. One line below the table names them, so that nobody takes them for not asked.
 */
import type { ExtraColumn, SpanRecord } from '../engine/records.ts'

export interface UsefulColumns {
  /** Places in Analysis.extras. */
  readonly places: readonly number[]
  /** Headings of the others: all zero, and not known. */
  readonly zero: readonly string[]
  readonly unknown: readonly string[]
}

export function usefulColumns(
  extras: readonly ExtraColumn[],
  { totalExtras }: Pick<SpanRecord, 'totalExtras'>,
): UsefulColumns {
  const isZero = (place: number) => extras[place]!.kind === 'count' && totalExtras?.[place] === 0
  const isUnknown = (place: number) => extras[place]!.kind === 'milliseconds' && totalExtras?.[place] === null
  const all = [...extras.keys()]
  const titles = (places: readonly number[]) => places.map((place) => extras[place]!.title)
  return {
    places: all.filter((place) => !isZero(place) && !isUnknown(place)),
    zero: titles(all.filter(isZero)),
    unknown: titles(all.filter(isUnknown)),
  }
}

/** Null when every column is there. */
export function leftOutText({ zero, unknown }: UsefulColumns): string | null {
  const parts = [
    ...(zero.length > 0 ? [`all zero: ${zero.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`not known: ${unknown.join(', ')}`] : []),
  ]
  return parts.length === 0 ? null : parts.join('; ')
}
