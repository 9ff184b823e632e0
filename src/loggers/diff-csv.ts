/** What changed between two captures → one table of all sections, as CSV or TSV: a column for each key column of any of them. */
import type { DiffReport } from '../engine/diff-rows.ts'
import { createLineWriter } from './delimited.ts'
import { type Dialect, guardDialect } from './dialect.ts'
import { DIFF_COLUMNS, diffValues, keyColumnsOf } from './diff-fields.ts'
import type { LoggerOptions } from './logger.ts'

export function* diffDelimited(report: DiffReport, options: LoggerOptions, dialect: Dialect): Generator<string> {
  const line = createLineWriter(guardDialect(dialect, options))
  const keys = keyColumnsOf(report)
  if (options.header !== false) yield line(['by', 'status', ...keys, ...DIFF_COLUMNS])
  for (const { by, analysis, rows } of report.sections) {
    const places = keys.map((column) => analysis.columns.indexOf(column))
    for (const row of rows) {
      yield line([by, row.status, ...places.map((place) => row.key[place] ?? null), ...diffValues(row)])
    }
  }
}
