/** Several measures of the same groups → one, their columns side by side; null when there are none. */
import type { Measures } from './measures.ts'

export function joinMeasures(parts: readonly (Measures | null | undefined)[]): Measures | null {
  const present = parts.filter((part) => part != null)
  if (present.length <= 1) return present[0] ?? null
  const places = present.flatMap((part) => part.columns.map((_, column) => ({ part, column })))
  return {
    columns: present.flatMap(({ columns }) => columns),
    value(group, place) {
      const { part, column } = places[place]!
      return part.value(group, column)
    },
    total(place) {
      const { part, column } = places[place]!
      return part.total?.(column) ?? null
    },
  }
}
