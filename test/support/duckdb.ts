/** DuckDB, the witness for everything that is written as Parquet. An optional package: not every platform has it. */
type DuckDb = typeof import('@duckdb/node-api')

const duckdb: DuckDb | null = await import('@duckdb/node-api').catch(() => null)

export const whyNoDuckDb = duckdb === null ? '@duckdb/node-api is not installed on this platform' : null

type Value = string | number | boolean | null

/** Rows of a query. 64-bit integers are text, as are times; `session` is run before it. */
export async function query(sql: string, session = ''): Promise<Record<string, Value>[]> {
  const instance = await duckdb!.DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    if (session !== '') await connection.run(session)
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, Value>[]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A path as SQL has it. */
export function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`
}
