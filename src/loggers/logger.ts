/** What turns the records of an analysis into output text. create-logger.ts has one for each format. */
import type { AnalysisRecord } from '../engine/records.ts'
import type { Units } from './units.ts'

/**
 * The output is `begin()`, then what `record` gives for each record, then `end()`, joined. The capture record may come
 * first (summary) or last (windows). Pieces are at most about 64 KiB; `record`'s are made while they are iterated.
 */
export interface Logger {
  /** What stands before the first record: a line of column names, a bracket, or nothing. */
  begin(): string
  /** The text of a record, in pieces that are made while they are iterated. */
  record(record: AnalysisRecord): Iterable<string>
  /**
   * The same as UTF-8, several times as fast, for a record that has its rows as numbers; null for another, and formats that
   * millions of rows are not written in do not have it. Pieces are some hundred KiB, made while they are iterated.
   */
  recordBytes?(record: AnalysisRecord): Iterable<Uint8Array> | null
  /** What stands behind the last record. */
  end(): string
  /** What comes behind it, of a format that is no text. */
  endBytes?(): Iterable<Uint8Array>
}

/** How a terminal shows weight. Given by the caller, because colour is its business. */
export interface Style {
  /** Text that stands out. */
  bold(text: string): string
  /** Text that stands back. */
  dim(text: string): string
}

/** How output looks; most of it is of some formats only. */
export interface LoggerOptions {
  /** Of text and md; machine formats always have base units. Default `Kbps`. */
  readonly units?: Units
  /** csv and tsv: the line with the column names. Default true. */
  readonly header?: boolean
  /** csv and tsv: text that a spreadsheet would take for a formula begins with an apostrophe. Default false. */
  readonly excelSafe?: boolean
  /** csv and tsv: text that would act on a terminal is made visible, as other formats always do. Default false. */
  readonly forTerminal?: boolean
  /** text and md: how many other names an address has beside the one that is shown. Default: none. */
  readonly otherNames?: ((address: string) => number) | undefined
  /** text: default is no style at all. */
  readonly style?: Style
  /** text: columns that the report of a whole capture may use. Default 80. */
  readonly width?: number
  /** text: windows are the last seconds of a running capture, and the end says what was dropped. */
  readonly live?: boolean
  /** parquet: the version of netkit that a file says it was written by. */
  readonly version?: string
  /** Sliding windows: the step, so that times show the decimals that tell one window from the next. */
  readonly stepNs?: bigint
}
