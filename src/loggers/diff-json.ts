/** What changed between two captures → one JSON object with a line for each row, or JSON Lines with the whole last. */
import type { DiffReport } from '../engine/diff-rows.ts'
import { reportObject, rowObject } from './diff-fields.ts'
import { SCHEMA_VERSION } from './json-fields.ts'
import { jsonText } from './json-text.ts'

export function* diffJson(report: DiffReport): Generator<string> {
  const { a, b, sections } = reportObject(report)
  yield `{\n  "schema_version": ${SCHEMA_VERSION},\n  "a": ${jsonText(a)},\n  "b": ${jsonText(b)},\n`
  yield `  "sections": ${jsonText(sections)},\n  "rows": [`
  let rows = 0
  for (const section of report.sections) {
    for (const row of section.rows) yield `${rows++ === 0 ? '' : ','}\n    ${jsonText(rowObject(section, row))}`
  }
  yield `${rows === 0 ? '' : '\n  '}]\n}\n`
}

export function* diffJsonl(report: DiffReport): Generator<string> {
  const version = { schema_version: SCHEMA_VERSION }
  for (const section of report.sections) {
    for (const row of section.rows) yield `${jsonText({ type: 'row', ...version, ...rowObject(section, row) })}\n`
  }
  yield `${jsonText({ type: 'diff', ...version, ...reportObject(report) })}\n`
}
