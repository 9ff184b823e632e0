/**
 * Rows of spans → lines of fields. One row type a file: idle and capture records print nothing.
 *
 * csv-stringify defines the dialect, but takes about 10 µs a row where joining takes 2 (measured on a million rows). So a row
 * goes through it when text from outside could need quoting, and is joined otherwise; a test holds the two to the same bytes.
 * Rows that were not made into objects are written as bytes (row-lines.ts), of texts that came through the same.
 */
import { stringify } from '#csv-stringify'
import type { RankedGroups } from '../engine/ranked-groups.ts'
import type { Analysis, AnalysisRecord, Counts, OtherRow, Row, SpanRecord } from '../engine/records.ts'
import { type Dialect, guardDialect } from './dialect.ts'
import { encode as utf8 } from './line-buffer.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { DIRECTION_COLUMNS, RowLines } from './row-lines.ts'
import { formatSeconds, formatTime } from './time-text.ts'

type Field = string | number | null

const OTHER = '(other)'

/** The names of the fields, in order: the public interface of the csv and tsv formats. */
export function fieldNames(analysis: Analysis): readonly string[] {
  const columns = analysis.columns.filter((column) => column !== 'protocol_number')
  const directions = analysis.bidirectional ? DIRECTION_COLUMNS : []
  const extras = (analysis.extras ?? []).map(({ name }) => name)
  return ['window_start', 'window_seconds', ...columns, 'packets', 'bytes', 'bits_per_second', ...directions, ...extras]
}

export function createDelimitedLogger(analysis: Analysis, options: LoggerOptions, base: Dialect): Logger {
  const dialect = guardDialect(base, options)
  const line = createLineWriter(dialect)
  const rowLines = new RowLines(analysis.columns, {
    before: () => dialect.delimiter,
    end: '\n',
    none: '',
    quote: '',
    without: ['protocol_number'],
    encode: createFieldEncoder(dialect),
    encodeCount: String,
  })
  return {
    begin: () => (options.header === false ? '' : line(fieldNames(analysis))),
    record: (record) => inPieces(recordLines(record)),
    recordBytes(record) {
      if (record.type !== 'span' || record.ranked === undefined || analysis.extras !== undefined) return null
      return spanBytes(record, record.ranked)
    },
    end: () => '',
  }

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (record.type !== 'span') return
    for (const row of record.rows) yield line([...spanFields(record), ...rowFields(row, analysis)])
    if (record.other !== null) yield line([...spanFields(record), ...otherFields(record.other, analysis)])
  }

  function* spanBytes(span: SpanRecord, ranked: RankedGroups): Generator<Uint8Array> {
    yield* rowLines.pieces(ranked, line(spanFields(span)).slice(0, -1))
    if (span.other !== null) yield utf8(line([...spanFields(span), ...otherFields(span.other, analysis)]))
  }
}

/** One value, as it stands in a line. As the second field: csv-stringify also cares for what stands first in a file. */
export function createFieldEncoder(dialect: Dialect): (value: string | number) => string {
  const line = createLineWriter(dialect)
  return (value) => line([null, value]).slice(1, -1)
}

/** One record → one line with its `\n`. Exported for the test that compares it with csv-stringify alone. */
export function createLineWriter(options: Dialect): (fields: readonly Field[]) => string {
  const { delimiter, quote, quotedMatch, encode } = options
  const dialect = { delimiter, quote, record_delimiter: '\n', ...(quotedMatch && { quoted_match: quotedMatch }) }
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

function spanFields({ startNs, endNs }: SpanRecord): readonly Field[] {
  return [
    startNs === null ? null : formatTime(startNs),
    startNs === null || endNs === null ? null : formatSeconds(endNs - startNs),
  ]
}

function rowFields(row: Row, { columns, bidirectional, extras = [] }: Analysis): readonly Field[] {
  const key = columns.flatMap((column, i) => (column === 'protocol_number' ? [] : [row.key[i] ?? null]))
  const directions = bidirectional ? directionFields(row, row.sent) : []
  const further = extras.map((_, i) => row.extras?.[i] ?? null)
  return [...key, row.packets, row.bytes, row.bitsPerSecond, ...directions, ...further]
}

function otherFields({ packets, bytes, bitsPerSecond }: OtherRow, analysis: Analysis): readonly Field[] {
  const named = analysis.columns.filter((column) => column !== 'protocol_number')
  const key = named.map((_, i) => (i === 0 ? OTHER : null))
  const directions = analysis.bidirectional ? [null, null, null, null] : []
  return [...key, packets, bytes, bitsPerSecond, ...directions, ...(analysis.extras ?? []).map(() => null)]
}

function directionFields(whole: Counts, sent: Counts | undefined): readonly Field[] {
  if (sent === undefined) return [null, null, null, null]
  return [sent.packets, sent.bytes, whole.packets - sent.packets, whole.bytes - sent.bytes]
}
