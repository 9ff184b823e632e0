/** The formats of a diff: one file each, and one line here. */
import type { DiffReport } from '../engine/diff-rows.ts'
import { CSV } from './csv.ts'
import { diffDelimited } from './diff-csv.ts'
import { diffJson, diffJsonl } from './diff-json.ts'
import { diffMd } from './diff-md.ts'
import { diffText } from './diff-text.ts'
import type { LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { TSV } from './tsv.ts'

const CREATE = {
  text: diffText,
  csv: (report: DiffReport, options: LoggerOptions) => diffDelimited(report, options, CSV),
  tsv: (report: DiffReport, options: LoggerOptions) => diffDelimited(report, options, TSV),
  json: diffJson,
  jsonl: diffJsonl,
  md: diffMd,
} as const satisfies Record<string, (report: DiffReport, options: LoggerOptions) => Iterable<string>>

export type DiffFormat = keyof typeof CREATE

export const DIFF_FORMATS = Object.keys(CREATE) as readonly DiffFormat[]

/** In pieces of about 64 KiB. */
export function createDiffText(format: DiffFormat, report: DiffReport, options: LoggerOptions): Iterable<string> {
  return inPieces(CREATE[format](report, options))
}
