/** Statements of a query, one after the other, and the rows of the last. Only those that ask run, and those that help to ask. */
import type { DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api'
import { type Database, type DuckDb, sqlText } from './duckdb.ts'
import { interrupted, QueryError, queryErrorOf } from './query-error.ts'

/** Writing and reading of other files, settings, and what runs a text that nobody has seen. */
const INTERRUPT_AGAIN_MS = 50

const REFUSED = 'sql answers questions: '

export interface RunOptions {
  /** COPY, ATTACH and the like may run. */
  readonly allowFiles: boolean
  readonly signal?: AbortSignal | undefined
}

/** The result of the last statement, to be read. Throws a QueryError. */
export async function runQuery(
  duckdb: DuckDb,
  { connection }: Database,
  query: string,
  options: RunOptions,
): Promise<DuckDBResult> {
  return interruptible({ connection }, options.signal, async () => {
    const statements = await connection.extractStatements(query)
    for (let i = 0; ; i++) {
      const prepared = await statements.prepare(i)
      refuseStatement(duckdb, prepared, query, options)
      if (i === statements.count - 1) return prepared.stream()
      await prepared.run()
    }
  })
}

/** The rows of one query as a Parquet file, written by DuckDB. */
export async function writeParquet(
  duckdb: DuckDb,
  { connection }: Database,
  query: string,
  path: string,
  options: RunOptions,
): Promise<void> {
  await interruptible({ connection }, options.signal, async () => {
    const statements = await connection.extractStatements(query)
    const prepared = await statements.prepare(0)
    if (statements.count > 1 || prepared.statementType !== duckdb.api.StatementType.SELECT) {
      throw new QueryError('--format parquet: takes one statement, a select', 'query')
    }
    const rows = await connection.run(`CREATE TEMP VIEW "netkit result" AS ${query}`).then(
      () => 'FROM temp.main."netkit result"',
      // DESCRIBE and the like are no views. A comment in the last line ends with it.
      () => `FROM (${query.trim().replace(/(;\s*)+$/, '')}\n)`,
    )
    await connection.run(`COPY (${rows}) TO ${sqlText(path)} (FORMAT parquet)`)
  })
}

/** Does something with the connection; the signal ends it. What fails becomes a QueryError. */
export async function interruptible<T>(
  { connection }: Pick<Database, 'connection'>,
  signal: AbortSignal | undefined,
  act: () => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw interrupted()
  let again: NodeJS.Timeout | undefined
  const interrupt = () => {
    connection.interrupt()
    // Between two statements nothing is there to be interrupted.
    again = setInterval(() => connection.interrupt(), INTERRUPT_AGAIN_MS)
  }
  signal?.addEventListener('abort', interrupt)
  try {
    return await act()
  } catch (error) {
    throw queryErrorOf(error)
  } finally {
    signal?.removeEventListener('abort', interrupt)
    clearInterval(again)
  }
}

/** Throws a QueryError for a statement that does something else than ask. */
export function refuseStatement(
  { api }: DuckDb,
  { statementType: type }: DuckDBPreparedStatement,
  query: string,
  { allowFiles }: Pick<RunOptions, 'allowFiles'>,
): void {
  const { StatementType: is } = api
  const asks: readonly number[] = [is.SELECT, is.EXPLAIN]
  const helps: readonly number[] = [is.CREATE, is.CREATE_FUNC, is.DROP, is.INSERT, is.UPDATE, is.DELETE, is.ALTER]
  const isSetting = type === is.SET || type === is.VARIABLE_SET
  if (allowFiles || asks.includes(type) || helps.includes(type) || isSetting) {
    if (type !== is.EXPLAIN || allowFiles || !/\b(copy|export|attach)\b/i.test(query)) return
  }
  const name = api.StatementType[type] ?? 'this'
  throw new QueryError(`${REFUSED}${name} is refused without --allow-files`, 'query')
}

const LOGS = /\b(enable_logging|enable_profiling)\b/i
/** A comment may hide what follows, and DuckDB takes more characters for spaces than \s has. */
const RUNS_TEXT = /\b(query|query_table|json_execute_serialized_sql)"?[\s\p{Cf}]*(\(|--|\/\*)/iu

/** Of DuckDB's functions one switches writing of logs on, and ends the process when it may not write them. Others run a text. */
export function refuseWords(query: string, { allowFiles }: Pick<RunOptions, 'allowFiles'>): void {
  if (allowFiles) return
  const what = LOGS.test(query) ? 'logs and profiles' : RUNS_TEXT.test(query) ? 'functions that run a text' : null
  if (what !== null) throw new QueryError(`${REFUSED}${what} are refused without --allow-files`, 'query')
}
