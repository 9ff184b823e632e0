/** The formats there are: one file each, and one line here. */
import type { Analysis } from '../engine/records.ts'
import { createCsvLogger } from './csv.ts'
import { createJsonLogger } from './json.ts'
import { createJsonlLogger } from './jsonl.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { createMdLogger } from './md.ts'
import { createTextLogger } from './text.ts'
import { createTsvLogger } from './tsv.ts'
import { createZeekLogger } from './zeek.ts'

const CREATE = {
  text: createTextLogger,
  csv: createCsvLogger,
  tsv: createTsvLogger,
  json: createJsonLogger,
  jsonl: createJsonlLogger,
  md: createMdLogger,
  zeek: createZeekLogger,
} as const satisfies Record<LogFormat, (analysis: Analysis, options: LoggerOptions) => Logger>

/** text, csv, tsv, json, jsonl, md, zeek (conn.log: rows by conversation, with its columns). */
export type LogFormat = 'text' | 'csv' | 'tsv' | 'json' | 'jsonl' | 'md' | 'zeek'

/** All of them. */
export const LOG_FORMATS = Object.keys(CREATE) as readonly LogFormat[]

/** What turns the records of an analysis into text of a format; `analysis` says which columns they have. Throws for no data. */
export function createLogger(format: LogFormat, analysis: Analysis, options: LoggerOptions = {}): Logger {
  return CREATE[format](analysis, options)
}
