/**
 * Rows of spans → lines of fields. One row type a file: idle and capture records print nothing.
 *
 * csv-stringify defines the dialect, but takes about 10 µs a row where joining takes 2 (measured on a million rows). So a row
 * goes through it when text from outside could need quoting, and is joined otherwise; a test holds the two to the same bytes.
 */
import { stringify } from 'csv-stringify/sync'
import type { Analysis, AnalysisRecord, Counts, KeyColumn, SpanRecord } from '../engine/records.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { formatSeconds, formatTime } from './time-text.ts'

/** What sets csv and tsv apart. */
export interface Dialect {
  readonly delimiter: ',' | '\t'
  /** Empty: values are never quoted, `encode` has to leave nothing that would need it. */
  readonly quote: '"' | ''
  encode(text: string): string
}

type Field = string | number | null

const OTHER = '(other)'

/** The names of the fields, in order: the public interface of the csv and tsv formats. */
export function fieldNames(analysis: Analysis): readonly string[] {
  const columns = analysis.columns.filter((column) => column !== 'protocol_number')
  const directions = analysis.bidirectional ? ['sent_packets', 'sent_bytes', 'received_packets', 'received_bytes'] : []
  return ['window_start', 'window_seconds', ...columns, 'packets', 'bytes', 'bits_per_second', ...directions]
}

export function createDelimitedLogger(analysis: Analysis, options: LoggerOptions, dialect: Dialect): Logger {
  const line = createLineWriter(dialect)
  return {
    begin: () => (options.header === false ? '' : line(fieldNames(analysis))),
    record: (record) => inPieces(recordLines(record)),
    end: () => '',
  }

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (record.type !== 'span') return
    for (const fields of spanFields(record, analysis)) yield line(fields)
  }
}

/** One record → one line with its `\n`. Exported for the test that compares it with csv-stringify alone. */
export function createLineWriter({ delimiter, quote, encode }: Dialect): (fields: readonly Field[]) => string {
  const dialect = { delimiter, quote, record_delimiter: '\n' }
  return (fields) => {
    let plain = true
    const texts = fields.map((field) => {
      if (field === null) return ''
      if (typeof field === 'number') return String(field)
      const text = encode(field)
      plain &&= !NEEDS_CARE.test(text)
      return text
    })
    return plain ? `${texts.join(delimiter)}\n` : stringify([texts], dialect)
  }
}

/** Anything but the characters of addresses, times and ordinary names. */
const NEEDS_CARE = /[^\p{L}\p{N} ._:()/-]/u

function* spanFields(span: SpanRecord, analysis: Analysis): Generator<readonly Field[]> {
  const { startNs, endNs, rows, other } = span
  const start = startNs === null ? null : formatTime(startNs)
  const seconds = startNs === null || endNs === null ? null : formatSeconds(endNs - startNs)
  const kept = analysis.columns.flatMap((column: KeyColumn, index) => (column === 'protocol_number' ? [] : [index]))
  for (const row of rows) {
    const key = kept.map((index) => row.key[index] ?? null)
    const counts = [row.packets, row.bytes, row.bitsPerSecond]
    yield [start, seconds, ...key, ...counts, ...(analysis.bidirectional ? directionFields(row, row.sent) : [])]
  }
  if (other !== null) {
    const key = kept.map((_, position) => (position === 0 ? OTHER : null))
    const unknown = analysis.bidirectional ? [null, null, null, null] : []
    yield [start, seconds, ...key, other.packets, other.bytes, other.bitsPerSecond, ...unknown]
  }
}

function directionFields(whole: Counts, sent: Counts | undefined): readonly Field[] {
  if (sent === undefined) return [null, null, null, null]
  return [sent.packets, sent.bytes, whole.packets - sent.packets, whole.bytes - sent.bytes]
}
