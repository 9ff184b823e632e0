/** Rows → their order by a count, descending. With millions of rows a comparison function would take seconds. */

/** Up to this product every pair of a value and a place has a double of its own, and can be divided again. */
const MOST_PACKED = 2 ** 50
/** Values below are sorted by their digits to the base 2048, three at most. */
const MOST_BY_DIGITS = 2 ** 31
const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
/** With fewer rows the sums over all digits cost more than sorting. */
const MANY = 1 << 9

/** Sorts rows by the whole number that `all` has for each: at the row's place, and `by` behind it. */
export function sortByNumber(rows: Uint32Array, all: Float64Array, by: number): void {
  let most = 0
  for (let i = 0; i < rows.length; i++) most = Math.max(most, all[rows[i]! + by]!)
  if (rows.length >= MANY && most < MOST_BY_DIGITS) sortByDigits(rows, all, by, most)
  else if (most * rows.length + rows.length < MOST_PACKED) sortPacked(rows, all, by)
  else rows.sort((a, b) => all[b + by]! - all[a + by]!)
}

/** Least digit first; each pass keeps the order of those before it. */
function sortByDigits(rows: Uint32Array, all: Float64Array, by: number, most: number): void {
  const { length } = rows
  const ends = new Uint32Array(DIGITS)
  let from: Uint32Array = rows
  let to: Uint32Array = new Uint32Array(length)
  for (let shift = 0; shift === 0 || most >>> shift > 0; shift += DIGIT_BITS) {
    ends.fill(0)
    for (let i = 0; i < length; i++) ends[(all[from[i]! + by]! >>> shift) & (DIGITS - 1)]!++
    // Where the rows of each digit end, the largest first.
    for (let digit = DIGITS - 2; digit >= 0; digit--) ends[digit]! += ends[digit + 1]!
    for (let i = length - 1; i >= 0; i--) {
      const row = from[i]!
      to[--ends[(all[row + by]! >>> shift) & (DIGITS - 1)]!] = row
    }
    const sorted = to
    to = from
    from = sorted
  }
  if (from !== rows) rows.set(from)
}

/** Without a comparison function the engine sorts doubles natively. */
function sortPacked(rows: Uint32Array, all: Float64Array, by: number): void {
  const { length } = rows
  if (length < 2) return
  const keys = new Float64Array(length)
  for (let i = 0; i < length; i++) keys[i] = all[rows[i]! + by]! * length + i
  keys.sort()
  const before = rows.slice()
  for (let i = 0; i < length; i++) {
    const key = keys[length - 1 - i]!
    rows[i] = before[key - Math.floor(key / length) * length]!
  }
}
