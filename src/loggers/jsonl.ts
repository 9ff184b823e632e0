/**
 * Records → JSON Lines: one object a line, `"type":"row"` each, and `"type":"capture"` last, whenever its record came.
 * Windows without traffic have no line.
 */
import type { Analysis, AnalysisRecord, CaptureRecord } from '../engine/records.ts'
import { captureObject, createRowFields, jsonNs, otherFields, SCHEMA_VERSION } from './json-fields.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { formatSeconds } from './time-text.ts'

export function createJsonlLogger(analysis: Analysis, _options: LoggerOptions): Logger {
  const rowFields = createRowFields(analysis)
  let capture: CaptureRecord | null = null

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (record.type === 'capture') capture = record
    if (record.type !== 'span') return
    const { startNs, endNs, rows, other } = record
    const seconds = startNs === null || endNs === null ? null : formatSeconds(endNs - startNs)
    const start = `{"type":"row","schema_version":${SCHEMA_VERSION},"window_start_ns":${jsonNs(startNs)},"window_seconds":${seconds},`
    for (const row of rows) yield `${start}${rowFields(row)}}\n`
    if (other !== null) yield `${start}${otherFields(other)}}\n`
  }

  return {
    begin: () => '',
    record: (record) => inPieces(recordLines(record)),
    end: () =>
      capture === null
        ? ''
        : `${JSON.stringify({ type: 'capture', schema_version: SCHEMA_VERSION, ...captureObject(capture) })}\n`,
  }
}
