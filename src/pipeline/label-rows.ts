/**
 * Records → the same records, whose rows have further columns that follow from their keys. Looked up behind the engine, so for the
 * rows that are printed and no others.
 */
import type { AnalysisRecord, Row, SpanRecord } from '../engine/records.ts'
import type { RowLabels } from './row-labels.ts'

export async function* labelRows(
  records: AsyncIterable<AnalysisRecord>,
  labels: readonly RowLabels[],
): AsyncGenerator<AnalysisRecord> {
  for await (const record of records) {
    if (record.type === 'span')
      yield { ...record, rows: record.rows.map((row) => labelRow(row, labels)) } satisfies SpanRecord
    else yield record
  }
}

/** The row with the further columns of the labels, if there are any. */
export function labelRow(row: Row, labels: readonly RowLabels[]): Row {
  if (labels.length === 0) return row
  return { ...row, extras: [...(row.extras ?? []), ...labels.flatMap((label) => label.values(row))] }
}
