/** The records of an analysis → output text, in the format that was asked for. */
import type { Analysis, AnalysisRecord } from '../engine/records.ts'
import { createCsvLogger } from './csv.ts'
import { createJsonLogger } from './json.ts'
import { createJsonlLogger } from './jsonl.ts'
import { createMdLogger } from './md.ts'
import { createTextLogger } from './text.ts'
import { createTsvLogger } from './tsv.ts'
import type { Units } from './units.ts'

/**
 * The output is `begin()`, then what `record` gives for each record, then `end()`, joined. The capture record may come
 * first (summary) or last (windows). Pieces are at most about 64 KiB; `record`'s are made while they are iterated.
 */
export interface Logger {
  begin(): string
  record(record: AnalysisRecord): Iterable<string>
  end(): string
}

/** How a terminal shows weight. Given by the caller, because colour is its business. */
export interface Style {
  bold(text: string): string
  dim(text: string): string
}

export interface LoggerOptions {
  /** Of text and md; machine formats always have base units. Default `Kbps`. */
  readonly units?: Units
  /** csv and tsv: the line with the column names. Default true. */
  readonly header?: boolean
  /** text: default is no style at all. */
  readonly style?: Style
  /** text: columns that the report of a whole capture may use. Default 80. */
  readonly width?: number
  /** Sliding windows: the step, so that times show the decimals that tell one window from the next. */
  readonly stepNs?: bigint
}

const CREATE = {
  text: createTextLogger,
  csv: createCsvLogger,
  tsv: createTsvLogger,
  json: createJsonLogger,
  jsonl: createJsonlLogger,
  md: createMdLogger,
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
