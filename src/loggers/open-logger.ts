/** The formats of the command line: those of create-logger.ts, and those whose code is loaded when they are asked for. */
import type { Analysis } from '../engine/records.ts'
import { createLogger, LOG_FORMATS, type LogFormat } from './create-logger.ts'
import type { Logger, LoggerOptions } from './logger.ts'

export type FileFormat = LogFormat | 'parquet'

export const FILE_FORMATS: readonly FileFormat[] = [...LOG_FORMATS, 'parquet']

export async function openLogger(format: FileFormat, analysis: Analysis, options: LoggerOptions = {}): Promise<Logger> {
  if (format !== 'parquet') return createLogger(format, analysis, options)
  const { createParquetLogger } = await import('./parquet/parquet.ts')
  return createParquetLogger(analysis, options.version ?? 'unknown')
}

const FORMAT_OF_ENDING: Readonly<Record<string, FileFormat>> = {
  txt: 'text',
  log: 'text',
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  md: 'md',
  parquet: 'parquet',
}

/** The format that a file's ending names, in any letter case; null when it names none. */
export function formatFromPath(path: string): FileFormat | null {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(FORMAT_OF_ENDING, ending) ? FORMAT_OF_ENDING[ending]! : null
}
