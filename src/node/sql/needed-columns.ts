/**
 * A query → the tables and columns that it reads, as DuckDB's own planner sees it: the tables stand for themselves as functions of
 * which nothing is known but their columns, and EXPLAIN tells what would be asked of them.
 */

import { type Database, type DuckDb, sqlName } from './duckdb.ts'
import type { NeededColumns } from './fill-tables.ts'
import { QueryError, queryErrorOf } from './query-error.ts'
import { refuseStatement } from './run-query.ts'
import type { SqlTable, TableName } from './tables.ts'

const PREFIX = 'netkit_'

/** A node of EXPLAIN (FORMAT JSON). */
interface PlanNode {
  readonly extra_info?: { readonly Function?: string; readonly Projections?: string | readonly string[] }
  readonly children?: readonly PlanNode[]
}

export interface Needs {
  readonly columns: NeededColumns
  /** Nothing else is read. Otherwise a table that is not among them may not be there, lest it seem empty. */
  readonly isWhole: boolean
}

/** `viewOf`: the text of a view's query over what stands for the table. */
export interface TableShapes {
  readonly tables: readonly SqlTable[]
  viewOf(table: SqlTable, from: string): string
}

/**
 * What one query needs. Throws a QueryError when the query is wrong. Several statements, and what cannot be explained, need all
 * columns of every table whose name they hold.
 */
export async function neededColumns(
  duckdb: DuckDb,
  { connection }: Database,
  { tables, viewOf }: TableShapes,
  { query, allowFiles }: { readonly query: string; readonly allowFiles: boolean },
): Promise<Needs> {
  const { api } = duckdb
  let isExecuted = false
  for (const table of tables) {
    const name = `${PREFIX}${table.name}`
    connection.registerTableFunction(
      api.DuckDBTableFunction.create({
        name,
        supportsProjectionPushdown: true,
        bindFunction(info) {
          for (const { name: column, type } of table.columns) info.addResultColumn(column, api[type])
        },
        initFunction(info) {
          isExecuted = true
          info.setInitData({})
        },
        mainFunction(_info, chunk) {
          chunk.rowCount = 0
        },
      }),
    )
    await connection.run(`CREATE VIEW ${sqlName(table.name)} AS ${viewOf(table, `${name}()`)}`)
  }
  try {
    const statements = await extract()
    if (statements.count > 1) return namedTables(tables, query)
    const prepared = await statements.prepare(0)
    refuseStatement(duckdb, prepared, query, { allowFiles })
    if (prepared.statementType !== api.StatementType.SELECT) return namedTables(tables, query)
    const plan = await explain(query)
    // PIVOT asks for values while it is planned, and the plan is made for those.
    return plan === null || isExecuted ? namedTables(tables, query) : columnsIn(plan)
  } catch (error) {
    throw queryErrorOf(error)
  } finally {
    for (const { name } of tables) await connection.run(`DROP VIEW ${sqlName(name)}`)
  }

  async function extract() {
    try {
      return await connection.extractStatements(query)
    } catch (error) {
      // For no statement it has no words, be it blank or a comment.
      if (/native callback/.test((error as Error).message)) throw new QueryError('the query is empty', 'query')
      throw error
    }
  }

  async function explain(text: string): Promise<PlanNode[] | null> {
    try {
      const reader = await connection.runAndReadAll(`EXPLAIN (FORMAT JSON) ${text}`)
      return JSON.parse(String(reader.getRows()[0]![1])) as PlanNode[]
    } catch {
      return null
    }
  }
}

function columnsIn(plan: readonly PlanNode[]): Needs {
  const columns = new Map<TableName, Set<string>>()
  const visit = ({ extra_info: info, children = [] }: PlanNode): void => {
    const name = info?.Function?.toLowerCase()
    if (name?.startsWith(PREFIX)) {
      const table = name.slice(PREFIX.length) as TableName
      const needed = columns.get(table) ?? new Set()
      const projected = info?.Projections ?? []
      for (const column of typeof projected === 'string' ? [projected] : projected) needed.add(column)
      columns.set(table, needed)
    }
    for (const child of children) visit(child)
  }
  for (const node of plan) visit(node)
  return { columns, isWhole: true }
}

function namedTables(tables: readonly SqlTable[], query: string): Needs {
  const words = new Set(query.toLowerCase().match(/\w+/g))
  const named = tables.filter(({ name }) => words.has(name))
  const all = (table: SqlTable) => new Set(table.columns.map(({ name }) => name))
  return { columns: new Map(named.map((table) => [table.name, all(table)])), isWhole: false }
}
