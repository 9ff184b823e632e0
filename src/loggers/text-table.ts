/** Rows of cells → aligned lines for a terminal of a given width: the first column to the left, numbers to the right. */
import stringWidth from 'fast-string-width'

/** Characters of which each takes one column: what names and addresses are made of almost always. */
const NARROW = /^[\x20-\x7eµ→↔…]*$/

/** Terminal columns that a text takes. Names may hold wide (CJK, emoji) and combining characters, which are composed first. */
export function displayWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text.normalize())
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}

const GAP = '  '
const INDENT = '  '

/**
 * Gives the header line, then the lines of each row, without line ends. A first cell too wide to stand beside its numbers
 * gets a line of its own above them: no name is ever cut, and the numbers stay in their columns. Where even the header's first
 * cell is too wide, it has its own line too.
 *
 * `rows` is iterated twice, first to measure: making two million rows of text again is cheaper than keeping them.
 */
export function* tableLines(
  header: readonly string[],
  rows: () => Iterable<readonly string[]>,
  width: number,
): Generator<string> {
  const widths = header.map(displayWidth)
  widths[0]! -= INDENT.length
  for (const row of rows()) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column]!, displayWidth(cell))
  }
  const numbersWidth = widths.slice(1).reduce((sum, column) => sum + GAP.length + column, 0)
  const title = displayWidth(header[0]!) - INDENT.length
  const room = Math.max(0, width - INDENT.length - numbersWidth)
  const isNarrow = room < Math.min(title, widths[0]!)
  const first = Math.min(widths[0]!, isNarrow ? room : Math.max(title, room))
  const numbers = (row: readonly string[]) =>
    row
      .slice(1)
      .map((cell, index) => GAP + padStart(cell, widths[index + 1]!))
      .join('')

  if (isNarrow) yield header[0]!
  yield (padEnd(isNarrow ? '' : header[0]!, INDENT.length + first) + numbers(header)).trimEnd()
  for (const row of rows()) {
    const fits = displayWidth(row[0]!) <= first
    if (!fits) yield INDENT + row[0]!
    yield (INDENT + padEnd(fits ? row[0]! : '', first) + numbers(row)).trimEnd()
  }
}
