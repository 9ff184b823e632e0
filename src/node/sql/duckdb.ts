/** DuckDB, loaded when `netkit sql` runs: an optional package, native, 70 MB. It is bounded and shut in before a query gets near it. */
import type * as Api from '@duckdb/node-api'
import type { default as Bindings } from '@duckdb/node-bindings'

export interface DuckDb {
  readonly api: typeof Api
  /** Vectors as memory: the API above sets them value by value. */
  readonly bindings: typeof Bindings
}

/** It is not there, or not for this machine. The message says what to do. */
export class DuckDbMissing extends Error {
  override readonly name = 'DuckDbMissing'
}

export const INSTALL_COMMAND = 'npm install @duckdb/node-api'

export async function loadDuckDb(): Promise<DuckDb> {
  try {
    const [api, { default: bindings }] = await Promise.all([
      import('@duckdb/node-api'),
      import('@duckdb/node-bindings'),
    ])
    return { api, bindings }
  } catch (error) {
    const { code, message = '' } = error as NodeJS.ErrnoException
    const isAbsent = code === 'ERR_MODULE_NOT_FOUND' && /@duckdb\/node-(api|bindings)'/.test(message)
    const reason = isAbsent ? 'is not installed' : `does not run here (${message.split('\n')[0]})`
    throw new DuckDbMissing(`sql needs DuckDB, which ${reason}: ${INSTALL_COMMAND} (with -g where netkit was)`)
  }
}

export interface DatabaseLimits {
  /** Bytes of memory that DuckDB takes for tables and queries; what is more goes to {@link spillFolder}. */
  readonly memory: number
  readonly threads: number
  /** Made when something has to go there, removed by DuckDB when it closes. */
  readonly spillFolder: string
}

export async function openDatabase({ api }: DuckDb, limits: DatabaseLimits): Promise<Database> {
  const instance = await api.DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${Math.floor(limits.memory / 1024)}KiB`,
    temp_directory: limits.spillFolder,
    // Nothing is fetched, and nothing that was fetched before is loaded.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
  })
  const connection = await instance.connect()
  // TIMESTAMPTZ is shown and cut into days in the zone of the session.
  await connection.run("SET TimeZone = 'UTC'")
  return { instance, connection }
}

export interface Database {
  readonly instance: Api.DuckDBInstance
  readonly connection: Api.DuckDBConnection
}

export interface Walls {
  /** Files that a query may read. */
  readonly readable: readonly string[]
  /** A folder that it may write to: that of the result. */
  readonly folder: string | null
  /** No walls: any file of this user. Still no network, as its extension is not loaded. */
  readonly allowFiles: boolean
}

/** From here on no query gets at anything else, and none can change that. */
export async function wallIn({ connection }: Database, { readable, folder, allowFiles }: Walls): Promise<void> {
  if (!allowFiles) {
    await connection.run(`SET allowed_paths = ${sqlList(readable)}`)
    if (folder !== null) await connection.run(`SET allowed_directories = ${sqlList([folder])}`)
    await connection.run('SET enable_external_access = false')
  }
  await connection.run('SET lock_configuration = true')
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function sqlList(texts: readonly string[]): string {
  return `[${texts.map(sqlText).join(', ')}]`
}
