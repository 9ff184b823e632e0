/**
 * Records → tab-separated values. The media type (IANA text/tab-separated-values) has no quoting and forbids tabs in
 * values, so they are escaped as PostgreSQL's COPY and Zeek's readers know it: `\t`, `\n`, `\r` and `\\`. Every row is one
 * line and every tab is a border, which is what `cut` and `awk -F'\t'` count on.
 */
import type { Analysis } from '../engine/records.ts'
import { createDelimitedLogger } from './delimited.ts'
import type { Dialect } from './dialect.ts'
import type { Logger, LoggerOptions } from './logger.ts'

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

export const TSV: Dialect = {
  delimiter: '\t',
  quote: '',
  encode: (text) => text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!),
}

export function createTsvLogger(analysis: Analysis, options: LoggerOptions): Logger {
  return createDelimitedLogger(analysis, options, TSV)
}
