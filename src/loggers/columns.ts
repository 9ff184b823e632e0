/** Rows of cells → aligned lines of words, each column to the left. For numbers under headings see text-table.ts. */
import { displayWidth, padEnd } from './text-table.ts'

const GAP = '  '

export function columnLines(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, column) => padEnd(cell, widths[column]!))
      .join(GAP)
      .trimEnd(),
  )
}
