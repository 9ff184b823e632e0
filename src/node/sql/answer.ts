/** A query and what it is asked of → its answer: DuckDB is opened, shut in, filled, asked and closed. */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatSeconds } from '../../loggers/time-text.ts'
import type { InputProblem } from '../../pipeline/input-problem.ts'
import type { Input } from '../../pipeline/inputs.ts'
import type { Output } from '../output.ts'
import { type Database, type DuckDb, loadDuckDb, openDatabase, wallIn } from './duckdb.ts'
import { type FillOptions, fillTables } from './fill-tables.ts'
import { type Needs, neededColumns } from './needed-columns.ts'
import { openHours } from './open-hours.ts'
import { type ParquetInput, type ParquetTables, readParquetKinds } from './parquet-inputs.ts'
import { interrupted, QueryError, queryErrorOf } from './query-error.ts'
import { createResultWriter, type ResultFormat, type ResultOptions } from './result-formats.ts'
import { createValueTexts, resultColumns } from './result-values.ts'
import { interruptible, refuseWords, runQuery, writeParquet } from './run-query.ts'
import { STORE } from './table-writer.ts'
import { type SqlTable, sqlTables, type TableName } from './tables.ts'
import { createParquetViews, createViews, viewOf } from './views.ts'

export interface Question extends Pick<FillOptions, 'windowNs' | 'filter' | 'salvage' | 'signal' | 'onProgress'> {
  readonly query: string
  readonly inputs: readonly Input[]
  readonly parquet: readonly ParquetInput[]
  /** Bytes of memory for DuckDB. */
  readonly memory: number
  readonly threads: number
  readonly allowFiles: boolean
  /** Tables that nothing fills may be asked for. */
  readonly mayBeEmpty?: boolean
}

export interface Session {
  readonly duckdb: DuckDb
  readonly database: Database
  readonly tables: readonly SqlTable[]
  readonly parquet: ParquetTables
  /** Tables and columns that were filled. */
  readonly needs: Needs
  /** Reading was ended by the signal: from here on it ends nothing. */
  readonly isPartial: boolean
  /** For what DuckDB writes. */
  readonly folder: string
}

const PIECE_BYTES = 1 << 16

/**
 * Opens DuckDB, finds out what the query needs, fills that, and calls `use`. `problems` receives what could not be read. Afterwards
 * nothing is left, also when the process exits meanwhile.
 */
export async function withTables<T>(
  question: Question,
  module: WebAssembly.Module,
  problems: InputProblem[],
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const duckdb = await loadDuckDb()
  const folder = join(tmpdir(), `netkit-sql-${randomBytes(6).toString('hex')}`)
  await mkdir(folder, { mode: 0o700 })
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const { memory, threads, windowNs, signal } = question
  const database = await openDatabase(duckdb, { memory, threads, spillFolder: join(folder, 'spill') })
  try {
    const inputs = await withOpenHours(question.parquet, folder)
    const parquet = await readParquetKinds(database, inputs)
    await createParquetViews(database, parquet)
    const readable = inputs.flatMap(({ files }) => files)
    await wallIn(database, { readable, folder, allowFiles: question.allowFiles })
    refuseWords(question.query, question)
    const tables = sqlTables(formatSeconds(windowNs))
    const needs = await neededColumns(duckdb, database, { tables, viewOf: viewOf(parquet) }, question)
    refuseWithoutCaptures(question, needs, parquet)
    await database.connection.run(`CREATE SCHEMA ${STORE}`)
    const isRead = needs.columns.size > 0 && question.inputs.length > 0
    if (signal?.aborted) throw interrupted()
    if (needs.columns.size > 0) {
      await fillTables(
        duckdb,
        database,
        module,
        question.inputs,
        { ...question, tables, needed: needs.columns },
        problems,
      ).catch((error) => {
        throw isOfDuckDb(error) ? queryErrorOf(error) : error
      })
    }
    await createViews(database, tables, needs, parquet)
    const isPartial = isRead && signal?.aborted === true
    return await use({ duckdb, database, tables, parquet, needs, isPartial, folder })
  } finally {
    database.connection.closeSync()
    database.instance.closeSync()
    remove()
    process.off('exit', remove)
  }
}

export interface AnswerOptions extends ResultOptions {
  readonly format: ResultFormat
  readonly output: Output
  /** Called before the first text goes out; the answer may be of a part of the captures only. */
  readonly beforeFirst: (isPartial: boolean) => void
}

/** Writes the answer. The output is finished when all is written and abandoned when something fails. */
export async function answer(
  question: Question,
  module: WebAssembly.Module,
  problems: InputProblem[],
  options: AnswerOptions,
): Promise<void> {
  const { output, beforeFirst } = options
  try {
    await withTables(question, module, problems, async (session) => {
      beforeFirst(session.isPartial)
      if (options.format === 'parquet') await writeParquetAnswer(question, session, output)
      else await writeTextAnswer(question, session, { ...options, format: options.format })
      await output.finish()
    })
  } catch (error) {
    await output.abandon()
    throw error
  }
}

async function writeTextAnswer(
  { query, signal, allowFiles }: Question,
  { duckdb, database, isPartial }: Session,
  options: AnswerOptions & { readonly format: Exclude<ResultFormat, 'parquet'> },
): Promise<void> {
  const running = isPartial ? undefined : signal
  const result = await runQuery(duckdb, database, query, { allowFiles, signal: running })
  const columns = resultColumns(duckdb, result.columnNames(), result.columnTypes())
  const writer = createResultWriter(options.format, columns, createValueTexts(duckdb), options)
  const { output } = options
  await output.write(writer.begin())
  for (;;) {
    const chunk = await interruptible(database, running, () => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) break
    const text = writer.add(chunk.getRows())
    if (text !== '') await output.write(text)
  }
  await output.write(writer.end())
}

async function writeParquetAnswer(
  { query, signal, allowFiles }: Question,
  { duckdb, database, isPartial, folder }: Session,
  output: Output,
): Promise<void> {
  const path = join(folder, 'result.parquet')
  await writeParquet(duckdb, database, query, path, { allowFiles, signal: isPartial ? undefined : signal })
  const file = await open(path)
  try {
    const piece = new Uint8Array(PIECE_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length)
      if (bytesRead === 0) break
      await output.write(piece.slice(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

async function withOpenHours(inputs: readonly ParquetInput[], folder: string): Promise<readonly ParquetInput[]> {
  const whole: ParquetInput[] = []
  for (const [i, input] of inputs.entries()) {
    const hours = await openHours(input.name, input.journals, input.files, join(folder, `history-${i}`))
    whole.push({ ...input, files: [...input.files, ...hours] })
  }
  return whole
}

/** Without any, every table would be empty, and nobody would know why. */
function refuseWithoutCaptures({ inputs, mayBeEmpty }: Question, { columns }: Needs, parquet: ParquetTables): void {
  if (inputs.length > 0 || mayBeEmpty) return
  const has = (table: TableName) => (table === 'windows' || table === 'packets') && parquet[table].length > 0
  const missing = [...columns.keys()].filter((table) => !has(table))
  if (missing.length === 0) return
  throw new QueryError(`the query asks for ${missing.join(' and ')}, which captures fill, and none is named`, 'query')
}

/** Its errors have no class of their own. */
function isOfDuckDb(error: unknown): boolean {
  return error instanceof Error && /^[A-Z][A-Za-z ]+ Error: /.test(error.message)
}
