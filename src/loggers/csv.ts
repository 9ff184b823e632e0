/** Records → CSV, RFC 4180 with `\n` line ends: what holds a comma, a quote or a line break is quoted. UTF-8, no BOM. */
import type { Analysis } from '../engine/records.ts'
import { createDelimitedLogger } from './delimited.ts'
import type { Dialect } from './dialect.ts'
import type { Logger, LoggerOptions } from './logger.ts'

export const CSV: Dialect = { delimiter: ',', quote: '"', encode: (text) => text }

export function createCsvLogger(analysis: Analysis, options: LoggerOptions): Logger {
  return createDelimitedLogger(analysis, options, CSV)
}
