/** Arguments → captures and Parquet files; and what is in those: windows and packets as netkit writes them, or a table of somebody's own. */
import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { SourceUnavailable } from '../../capture/source.ts'
import { expandInputs } from '../expand-inputs.ts'
import { type Database, sqlList, sqlName, sqlText } from './duckdb.ts'
import { journalsIn } from './open-hours.ts'
import { TABLE_NAMES } from './tables.ts'

const IS_PARQUET = /\.parquet$/i

export interface SplitInputs {
  readonly captures: readonly string[]
  readonly parquet: readonly ParquetInput[]
}

/** One argument that holds Parquet files. */
export interface ParquetInput {
  readonly name: string
  readonly files: readonly string[]
  /** Of a history: hours that are no files yet, see open-hours.ts. */
  readonly journals: readonly string[]
}

/** Folders are walked for both. */
export async function splitInputs(names: readonly string[]): Promise<SplitInputs> {
  const captures: string[] = []
  const parquet: ParquetInput[] = []
  for (const name of names) {
    // Before the files: what becomes one meanwhile is seen twice, not missed.
    const journals = await journalsIn(name)
    const files = await parquetIn(name)
    if (files === null) {
      captures.push(name)
      continue
    }
    const isEmpty = files.length === 0 && journals.length === 0
    if (!isEmpty) parquet.push({ name, files, journals })
    const others = isEmpty ? [name] : await capturesBeside(name)
    captures.push(...others)
  }
  return { captures, parquet }
}

/** Null for a file that is none. Without a file of that name it may be a glob. */
async function parquetIn(name: string): Promise<string[] | null> {
  if (name === '-') return null
  const facts = await stat(name).catch(() => null)
  if (facts?.isDirectory()) return walk(name)
  if (facts !== null) return IS_PARQUET.test(name) ? [name] : null
  if (!/[*?[{]/.test(name)) {
    if (IS_PARQUET.test(name)) throw new SourceUnavailable(`cannot open ${name}: no such file`)
    return null
  }
  return (await expandInputs([name])).filter((file) => IS_PARQUET.test(file))
}

async function capturesBeside(name: string): Promise<readonly string[]> {
  if (IS_PARQUET.test(name)) return []
  try {
    return (await expandInputs([name])).filter((file) => !IS_PARQUET.test(file))
  } catch (error) {
    // A folder that holds Parquet files and nothing else.
    if (error instanceof SourceUnavailable) return []
    throw error
  }
}

async function walk(folder: string): Promise<string[]> {
  const files: string[] = []
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !entry.name.startsWith('.')) files.push(...(await walk(path)))
    else if (IS_PARQUET.test(entry.name) && !entry.isDirectory()) files.push(path)
  }
  return files
}

export interface ParquetTables {
  /** Files whose rows are rows of that table. */
  readonly windows: readonly string[]
  readonly packets: readonly string[]
  /** Tables of their own, named after the argument. */
  readonly others: readonly { readonly name: string; readonly files: readonly string[] }[]
}

/** Throws a SourceUnavailable for a file that is no Parquet. */
export async function readParquetKinds(
  { connection }: Database,
  inputs: readonly ParquetInput[],
): Promise<ParquetTables> {
  const windows: string[] = []
  const packets: string[] = []
  const others: { name: string; files: string[] }[] = []
  const taken = new Set<string>(TABLE_NAMES)
  for (const { name, files } of inputs) {
    const unknown: string[] = []
    for (const file of files) {
      const kind = await kindOf(file)
      if (kind === 'windows') windows.push(file)
      else if (kind === 'packets') packets.push(file)
      else unknown.push(file)
    }
    if (unknown.length > 0) others.push({ name: freeName(name, taken), files: unknown })
  }
  return { windows, packets, others }

  async function kindOf(file: string): Promise<string | null> {
    try {
      const reader = await connection.runAndReadAll(
        `SELECT value::VARCHAR FROM parquet_kv_metadata(${sqlText(file)}) WHERE key::VARCHAR = 'netkit.kind'`,
      )
      const value = reader.getRows()[0]?.[0]
      return typeof value === 'string' ? value : null
    } catch {
      throw new SourceUnavailable(`${file}: not a Parquet file`)
    }
  }
}

function freeName(path: string, taken: Set<string>): string {
  const stem =
    basename(path, extname(path))
      .replace(/\W+/g, '_')
      .replace(/^_+|_+$/g, '')
      .toLowerCase() || 'table'
  let name = stem
  for (let i = 2; taken.has(name); i++) name = `${stem}_${i}`
  taken.add(name)
  return name
}

/** What reads the files: their rows, whatever columns some of them lack. */
export function readParquet(files: readonly string[]): string {
  return `read_parquet(${sqlList(files)}, union_by_name = true)`
}

/**
 * The rows of files that netkit has written. DuckDB has no time with nanoseconds and a zone, so the times come from their numbers; the
 * file is what captures have there.
 */
export function rowsOf(table: 'windows' | 'packets', files: readonly string[]): string {
  const column = table === 'windows' ? 'window_start' : 'time'
  const exact = `make_timestamp_ns(${sqlName(`${column}_ns`)}) AS ${sqlName(column)}`
  const file = table === 'packets' ? ', "filename" AS "file"' : ''
  return `SELECT * REPLACE (${exact})${file} FROM ${readParquet(files)}`
}
