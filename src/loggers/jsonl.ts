/**
 * Records → JSON Lines: one object a line, `"type":"row"` each, and `"type":"capture"` last, whenever its record came.
 * Windows without traffic have no line.
 */
import type { RankedGroups } from '../engine/ranked-groups.ts'
import type { Analysis, AnalysisRecord, CaptureRecord, SpanRecord } from '../engine/records.ts'
import { captureObject, createRowFields, exactInteger, jsonNs, otherFields, SCHEMA_VERSION } from './json-fields.ts'
import { jsonText } from './json-text.ts'
import { encode as utf8 } from './line-buffer.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { RowLines } from './row-lines.ts'
import { formatSeconds } from './time-text.ts'

export function createJsonlLogger(analysis: Analysis, _options: LoggerOptions): Logger {
  const rowFields = createRowFields(analysis)
  let capture: CaptureRecord | null = null

  const rowLines = new RowLines(analysis.columns, {
    before: (column) => `${column === analysis.columns[0] ? '' : ','}${JSON.stringify(column)}:`,
    end: '}\n',
    none: 'null',
    quote: '"',
    without: [],
    encode: (value) => jsonText(value),
    encodeCount: (value) => JSON.stringify(exactInteger(value)),
  })

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (record.type === 'capture') capture = record
    if (record.type !== 'span') return
    const start = startOf(record)
    for (const row of record.rows) yield `${start}${rowFields(row)}}\n`
    if (record.other !== null) yield `${start}${otherFields(record.other)}}\n`
  }

  function* spanBytes(span: SpanRecord, ranked: RankedGroups): Generator<Uint8Array> {
    yield* rowLines.pieces(ranked, startOf(span))
    if (span.other !== null) yield utf8(`${startOf(span)}${otherFields(span.other)}}\n`)
  }

  return {
    begin: () => '',
    record: (record) => inPieces(recordLines(record)),
    recordBytes(record) {
      if (record.type !== 'span' || record.ranked === undefined || analysis.extras !== undefined) return null
      return spanBytes(record, record.ranked)
    },
    end: () =>
      capture === null
        ? ''
        : `${jsonText({ type: 'capture', schema_version: SCHEMA_VERSION, ...captureObject(capture) })}\n`,
  }
}

/** The members that all rows of a span begin with. */
function startOf({ startNs, endNs }: SpanRecord): string {
  const seconds = startNs === null || endNs === null ? null : formatSeconds(endNs - startNs)
  return `{"type":"row","schema_version":${SCHEMA_VERSION},"window_start_ns":${jsonNs(startNs)},"window_seconds":${seconds},`
}
