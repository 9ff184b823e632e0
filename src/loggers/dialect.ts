/** What sets csv and tsv apart, and what both may do with text from outside before it is written. */
import { excelSafe } from './excel-safe.ts'
import { printable } from './printable.ts'

export interface Dialect {
  readonly delimiter: ',' | '\t'
  /** Empty: values are never quoted, `encode` has to leave nothing that would need it. */
  readonly quote: '"' | ''
  /** Values that are quoted beside those that csv-stringify quotes anyway. */
  readonly quotedMatch?: RegExp
  encode(text: string): string
}

export interface Guards {
  readonly excelSafe?: boolean | undefined
  readonly forTerminal?: boolean | undefined
}

/**
 * The dialect with what LoggerOptions ask for. To csv-stringify a carriage return is no line break; to a spreadsheet it is, and
 * what follows it the start of a cell.
 */
export function guardDialect(dialect: Dialect, { excelSafe: isSafe = false, forTerminal = false }: Guards): Dialect {
  if (!isSafe && !forTerminal) return dialect
  const forReader = isSafe ? excelSafe : (text: string) => text
  const forEyes = forTerminal ? printable : (text: string) => text
  return {
    ...dialect,
    ...(isSafe && dialect.quote !== '' && { quotedMatch: /\r/ }),
    encode: (text) => forEyes(dialect.encode(forReader(text))),
  }
}
