/** The tables of `netkit sql` as help: every column with its type, what it is, and an example, of the captures where some are named. */
import { printable } from '../loggers/printable.ts'
import { displayWidth, padEnd } from '../loggers/text-table.ts'
import { formatCount } from '../loggers/units.ts'
import type { Session } from '../node/sql/answer.ts'
import { sqlName } from '../node/sql/duckdb.ts'
import { createValueTexts } from '../node/sql/result-values.ts'
import type { SqlTable } from '../node/sql/tables.ts'

interface Line {
  readonly name: string
  readonly type: string
  readonly example: string
  readonly about: string
}

/** Longer examples are cut: they are there to be recognised. */
const MOST_EXAMPLE = 36

/** Without captures: the examples that the tables bring along. */
export function describeTables(tables: readonly SqlTable[]): string {
  return tables
    .map(({ name, about, columns }) => `${name}: ${about}\n${linesOf(columns.map((column) => ({ ...column })))}`)
    .join('\n')
}

/** With captures: how many rows there are, and the first value of every column. */
export async function describeFilled({ duckdb, database, tables, parquet }: Session): Promise<string> {
  const { connection } = database
  const texts = createValueTexts(duckdb)
  const parts: string[] = []
  for (const name of [...tables.map((table) => table.name), ...parquet.others.map((other) => other.name)]) {
    const table = tables.find((one) => one.name === name)
    const shape = await connection.runAndReadAll(`DESCRIBE ${sqlName(name)}`)
    const columns = shape.getRows().map(([column, type]) => ({ name: String(column), type: String(type) }))
    const picks = columns.map(({ name: column }) => `any_value(${sqlName(column)})`)
    const reader = await connection.runAndReadAll(`SELECT count(*), ${picks.join(', ')} FROM ${sqlName(name)}`)
    const [count, ...values] = reader.getRows()[0]!
    const types = reader.columnTypes()
    const lines = columns.map(({ name: column, type }, i) => ({
      name: column,
      type,
      example: texts.textOf(values[i]!, types[i + 1]!) ?? 'NULL',
      about: table?.columns.find((one) => one.name === column)?.about ?? '',
    }))
    parts.push(
      `${name}: ${table?.about ?? 'of Parquet files'}; ${formatCount(Number(count), 'row')}\n${linesOf(lines)}`,
    )
  }
  return parts.join('\n')
}

function linesOf(lines: readonly Line[]): string {
  const shown = lines.map((line) => ({
    ...line,
    example: shorten(printable(line.example)),
    name: printable(line.name),
  }))
  const width = (key: 'name' | 'type' | 'example') => Math.max(...shown.map((line) => displayWidth(line[key])))
  const [name, type, example] = [width('name'), width('type'), width('example')]
  return shown
    .map((line) =>
      `  ${padEnd(line.name, name)}  ${padEnd(line.type, type)}  ${padEnd(line.example, example)}  ${line.about}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

function shorten(text: string): string {
  return text.length > MOST_EXAMPLE ? `${text.slice(0, MOST_EXAMPLE - 1)}…` : text
}
