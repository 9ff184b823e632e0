/**
 * Records → one JSON object, written while the records come: every row and every capture fact on a line of its own, so that
 * the file can be read, searched and compared by line. The capture stands before the rows when it is known before them.
 */
import type { Analysis, AnalysisRecord, CaptureRecord, SpanRecord } from '../engine/records.ts'
import { captureObject, createRowFields, jsonNs, otherFields, SCHEMA_VERSION } from './json-fields.ts'
import { jsonText } from './json-text.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { formatSeconds } from './time-text.ts'

export function createJsonLogger(analysis: Analysis, _options: LoggerOptions): Logger {
  const { windowNs } = analysis
  const rowFields = createRowFields(analysis)
  let capture: CaptureRecord | null = null
  let captureWritten = false
  let rowsOpen = false
  let rows = 0

  function* rowLines(span: SpanRecord): Generator<string> {
    const window = windowNs === null ? '' : `"window_start_ns":${jsonNs(span.startNs)},`
    for (const row of span.rows) yield rowLine(`${window}${rowFields(row)}`)
    if (span.other !== null) yield rowLine(`${window}${otherFields(span.other)}`)
  }

  function rowLine(fields: string): string {
    return `${rows++ === 0 ? '' : ','}\n    {${fields}}`
  }

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (record.type === 'capture') {
      capture = record
      if (rowsOpen) return
      captureWritten = true
      yield `,\n${captureText(record)}`
    } else if (record.type === 'span') {
      if (!rowsOpen) yield ',\n  "rows": ['
      rowsOpen = true
      yield* rowLines(record)
    }
  }

  return {
    begin: () =>
      [
        '{',
        `  "schema_version": ${SCHEMA_VERSION},`,
        `  "window_seconds": ${windowNs === null ? null : formatSeconds(windowNs)},`,
        `  "basis": ${JSON.stringify(analysis.basis)},`,
        `  "columns": ${JSON.stringify(analysis.columns)}`,
      ].join('\n'),
    record: (record) => inPieces(recordLines(record)),
    end() {
      const opened = rowsOpen ? '' : ',\n  "rows": ['
      const late = captureWritten ? '' : `,\n${captureText(capture)}`
      return `${opened}${rows === 0 ? '' : '\n  '}]${late}\n}\n`
    },
  }
}

/** The `capture` member; null when the analysis ended before its record. */
function captureText(capture: CaptureRecord | null): string {
  if (capture === null) return '  "capture": null'
  const members = Object.entries(captureObject(capture)).map(([name, value]) => `    "${name}": ${valueText(value)}`)
  return `  "capture": {\n${members.join(',\n')}\n  }`
}

/** Lists of objects get a line for each; everything else stays on one. */
function valueText(value: unknown): string {
  if (!Array.isArray(value) || typeof value[0] !== 'object') return jsonText(value)
  return `[\n${value.map((item) => `      ${jsonText(item)}`).join(',\n')}\n    ]`
}
