/** The tables as a query sees them: all columns, those that are not filled as NULLs, and beside them the rows of Parquet files. */
import { type Database, sqlName } from './duckdb.ts'
import type { Needs } from './needed-columns.ts'
import { type ParquetTables, readParquet, rowsOf } from './parquet-inputs.ts'
import { STORE } from './table-writer.ts'
import { type SqlTable, storedColumns } from './tables.ts'

/** Windows of Parquet files have columns that say what a row stands for; so have those beside them. */
const ROW_KIND = `, false AS "is_other", 1::BIGINT AS "rows"`

/** The query of a view: `from` has all columns of the table. */
export function viewOf(parquet: ParquetTables): (table: SqlTable, from: string) => string {
  return ({ name, columns }, from) => {
    const list = columns.map((column) => sqlName(column.name)).join(', ')
    const files = name === 'windows' || name === 'packets' ? parquet[name] : []
    if (files.length === 0) return `SELECT ${list} FROM ${from}`
    const kind = name === 'windows' ? ROW_KIND : ''
    return `SELECT ${list}${kind} FROM ${from} UNION ALL BY NAME ${rowsOf(name as 'windows' | 'packets', files)}`
  }
}

/** Creates the views of tables of their own, which are there whatever is needed. */
export async function createParquetViews({ connection }: Database, { others }: ParquetTables): Promise<void> {
  for (const { name, files } of others) {
    await connection.run(`CREATE VIEW ${sqlName(name)} AS SELECT * FROM ${readParquet(files)}`)
  }
}

/** Creates the views over what fillTables has stored. A table that nobody needs has no rows, or is not there. */
export async function createViews(
  { connection }: Database,
  tables: readonly SqlTable[],
  needs: Needs,
  parquet: ParquetTables,
): Promise<void> {
  const view = viewOf(parquet)
  for (const table of tables) {
    const columns = needs.columns.get(table.name)
    if (columns === undefined && !needs.isWhole) continue
    const from = columns === undefined ? nothingOf(table) : storedAs(table, columns)
    await connection.run(`CREATE VIEW ${sqlName(table.name)} AS ${view(table, `(${from})`)}`)
  }
}

function storedAs(table: SqlTable, needed: ReadonlySet<string>): string {
  const stored = new Set(storedColumns(table, needed).map(({ name }) => name))
  const list = table.columns.map(({ name, type, made }) => {
    const value = made === undefined ? sqlName(name) : made.by
    const isThere = made === undefined ? stored.has(name) : made.of.every((part) => stored.has(part))
    return `${isThere ? value : `NULL::${type}`} AS ${sqlName(name)}`
  })
  return `SELECT ${list.join(', ')} FROM ${STORE}.${sqlName(table.name)}`
}

function nothingOf({ columns }: SqlTable): string {
  const list = columns.map(({ name, type }) => `NULL::${type} AS ${sqlName(name)}`)
  return `SELECT ${list.join(', ')} WHERE false`
}
