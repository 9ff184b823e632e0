/**
 * Records → Parquet, one row for each row of each window; the facts of the capture and the accounting are metadata of the file.
 * Loaded when somebody asks for it (create-logger.ts).
 */
import type { RankedGroups } from '../../engine/ranked-groups.ts'
import type { Analysis, AnalysisRecord, CaptureRecord, SpanRecord } from '../../engine/records.ts'
import { captureObject, SCHEMA_VERSION } from '../json-fields.ts'
import { jsonText } from '../json-text.ts'
import type { Logger } from '../logger.ts'
import { type FileFacts, ParquetTable } from './parquet-table.ts'
import { type WindowRow, WindowRows, windowColumns } from './window-columns.ts'

const ROWS_TOGETHER = 64

/** `version` is that of netkit. */
export function createParquetLogger(analysis: Analysis, version: string): Logger {
  const table = createWindowTable(analysis, version)
  const rows = new WindowRows(table, analysis)
  let capture: CaptureRecord | null = null

  function* spanBytes(span: SpanRecord): Generator<Uint8Array> {
    rows.begin(span)
    for (const row of span.ranked === undefined ? span.rows : rowsOf(span.ranked)) {
      if (rows.add(row)) yield table.takeGroup()
    }
    if (span.other !== null && rows.addOther(span.other)) yield table.takeGroup()
  }

  return {
    begin: () => '',
    record: () => [],
    recordBytes(record: AnalysisRecord) {
      if (record.type === 'capture') capture = record
      return record.type === 'span' ? spanBytes(record) : []
    },
    end: () => '',
    *endBytes() {
      yield table.finish({
        ...windowFacts(analysis, version),
        ...(capture !== null && { 'netkit.capture': jsonText(captureObject(capture)) }),
      })
    },
  }
}

export function createWindowTable(analysis: Analysis, version: string): ParquetTable {
  return new ParquetTable(windowColumns(analysis), `netkit version ${version}`)
}

/** What every file of windows says of itself. */
export function windowFacts({ columns, windowNs, basis, bidirectional, extras }: Analysis, version: string): FileFacts {
  return {
    'netkit.kind': 'windows',
    'netkit.schema_version': String(SCHEMA_VERSION),
    'netkit.version': version,
    'netkit.analysis': jsonText({
      columns,
      window_ns: windowNs === null ? null : String(windowNs),
      basis,
      bidirectional,
      extras: (extras ?? []).map(({ name }) => name),
    }),
  }
}

function* rowsOf(ranked: RankedGroups): Generator<WindowRow> {
  for (let start = 0; start < ranked.length; start += ROWS_TOGETHER) {
    const end = Math.min(ranked.length, start + ROWS_TOGETHER)
    ranked.touch(start, end)
    for (let i = start; i < end; i++) {
      yield {
        key: ranked.key(i),
        packets: ranked.packets(i),
        bytes: ranked.bytes(i),
        bitsPerSecond: ranked.bitsPerSecond(i),
        sent: ranked.hasSent ? { packets: ranked.sentPackets(i), bytes: ranked.sentBytes(i) } : undefined,
        extras: ranked.hasExtras ? ranked.extras(i) : undefined,
      }
    }
  }
}
