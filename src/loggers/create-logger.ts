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
} as const satisfies Record<string, (analysis: Analysis, options: LoggerOptions) => Logger>

export type LogFormat = keyof typeof CREATE

export const LOG_FORMATS = Object.keys(CREATE) as readonly LogFormat[]

export function createLogger(format: LogFormat, analysis: Analysis, options: LoggerOptions = {}): Logger {
  return CREATE[format](analysis, options)
}

const FORMAT_OF_ENDING: Readonly<Record<string, LogFormat>> = {
  txt: 'text',
  log: 'text',
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  md: 'md',
}

/** The format that a file's ending names, in any letter case; null when it names none. */
export function formatFromPath(path: string): LogFormat | null {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(FORMAT_OF_ENDING, ending) ? FORMAT_OF_ENDING[ending]! : null
}
