/** The order of keys, value by value. key-order.ts puts rows into it without making the values. */
import type { KeyValue } from './records.ts'

/** The order of keys in a table: column by column, text by its UTF-16 units, nothing last. */
export function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return 0
}

/** Numbers descending, text ascending, nothing last. */
export function compareForSort(a: KeyValue, b: KeyValue): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a
  return compareValues(a, b)
}

/** Numbers ascending, then text by its UTF-16 units (the same everywhere, unlike a locale's order), nothing last. */
function compareValues(a: KeyValue, b: KeyValue): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : 1
}
