/** Rows of a result → text, CSV, TSV, JSON, JSON Lines or Markdown. */
import type { DuckDBValue } from '@duckdb/node-api'
import { CSV } from '../../loggers/csv.ts'
import { createLineWriter } from '../../loggers/delimited.ts'
import { type Dialect, guardDialect } from '../../loggers/dialect.ts'
import { jsonText } from '../../loggers/json-text.ts'
import { escapeMd, tableRow } from '../../loggers/md.ts'
import { TSV } from '../../loggers/tsv.ts'
import { ResultTable, type TableOptions } from './result-table.ts'
import type { ResultColumn, ValueTexts } from './result-values.ts'

export const TEXT_FORMATS = ['text', 'csv', 'tsv', 'json', 'jsonl', 'md'] as const
export const RESULT_FORMATS = [...TEXT_FORMATS, 'parquet'] as const
export type ResultFormat = (typeof RESULT_FORMATS)[number]
export type TextFormat = (typeof TEXT_FORMATS)[number]

export interface ResultOptions extends TableOptions {
  readonly header: boolean
  readonly excelSafe: boolean
  readonly forTerminal: boolean
}

export interface ResultWriter {
  begin(): string
  add(rows: readonly (readonly DuckDBValue[])[]): string
  end(): string
}

export function createResultWriter(
  format: TextFormat,
  columns: readonly ResultColumn[],
  texts: ValueTexts,
  options: ResultOptions,
): ResultWriter {
  if (format === 'text') return new ResultTable(columns, texts, options)
  if (format === 'md') return markdown(columns, texts)
  if (format === 'csv' || format === 'tsv') return delimited(columns, texts, format === 'csv' ? CSV : TSV, options)
  return json(columns, texts, format === 'jsonl')
}

const ENDINGS: Readonly<Record<string, ResultFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  md: 'md',
  parquet: 'parquet',
}

/** The format that a file's ending names. */
export function resultFormatFromPath(path: string): ResultFormat {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending]! : 'text'
}

function delimited(
  columns: readonly ResultColumn[],
  texts: ValueTexts,
  dialect: Dialect,
  options: ResultOptions,
): ResultWriter {
  const line = createLineWriter(guardDialect(dialect, options))
  // A negative number is no formula.
  const fieldOf = (value: DuckDBValue, { type, isNumber }: ResultColumn) => {
    const text = texts.textOf(value, type)
    return isNumber && String(Number(text)) === text ? Number(text) : text
  }
  return {
    begin: () => (options.header ? line(columns.map(({ name }) => name)) : ''),
    add: (rows) => rows.map((row) => line(row.map((value, i) => fieldOf(value, columns[i]!)))).join(''),
    end: () => '',
  }
}

function json(columns: readonly ResultColumn[], texts: ValueTexts, isLines: boolean): ResultWriter {
  const names = uniqueNames(columns.map(({ name }) => name)).map((name) => `${jsonText(name)}:`)
  let count = 0
  const objectOf = (row: readonly DuckDBValue[]) =>
    `{${row.map((value, i) => names[i] + jsonText(texts.jsonOf(value, columns[i]!.type))).join(',')}}`
  return {
    begin: () => (isLines ? '' : '['),
    add: (rows) =>
      rows.map((row) => (isLines ? `${objectOf(row)}\n` : `${count++ === 0 ? '\n' : ',\n'}${objectOf(row)}`)).join(''),
    end: () => (isLines ? '' : count === 0 ? ']\n' : '\n]\n'),
  }
}

/** `a`, `a:1`, `a:2`: an object has a name once. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let i = 1; taken.has(unique); i++) unique = `${name}:${i}`
    taken.add(unique)
    return unique
  })
}

function markdown(columns: readonly ResultColumn[], texts: ValueTexts): ResultWriter {
  const cell = (value: DuckDBValue, { type }: ResultColumn) =>
    escapeMd((texts.textOf(value, type) ?? '').replace(/[\r\n]+/g, ' '))
  return {
    begin: () =>
      tableRow(columns.map(({ name }) => escapeMd(name.replace(/[\r\n]+/g, ' ')))) +
      tableRow(columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))),
    add: (rows) => rows.map((row) => tableRow(row.map((value, i) => cell(value, columns[i]!)))).join(''),
    end: () => '',
  }
}
