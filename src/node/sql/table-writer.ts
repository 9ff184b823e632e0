/** Columns of numbers and texts → rows of a table of DuckDB, a chunk (2048 rows) at a time: no object and no call for a value. */
import type { DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api'
import type { Vector } from '@duckdb/node-bindings'
import { type Database, type DuckDb, sqlName } from './duckdb.ts'
import { NO_TEXT, TEXT_WORDS } from './interned-texts.ts'
import type { SqlColumn, SqlType } from './tables.ts'

/** Apart from the views that queries see. */
export const STORE = 'stored'

const WORDS: Readonly<Record<SqlType, number>> = { BIGINT: 2, TIMESTAMP_NS: 2, DOUBLE: 2, INTEGER: 1, VARCHAR: 4 }

/** A column of the chunk that is being filled. Who writes a row writes every column of it. */
export class ColumnBuffer {
  readonly type: SqlType
  /** Little-endian: of a BIGINT the low word comes first. */
  readonly words: Uint32Array<ArrayBuffer>
  readonly numbers: Int32Array
  readonly doubles: Float64Array
  /** A bit a row, set where there is a value. */
  readonly #valid: Uint32Array<ArrayBuffer>
  #hasNulls = false
  /** The vector's own mask has to be written, as it is there from an earlier chunk. */
  #hadNulls = false

  constructor(type: SqlType, rows: number) {
    this.type = type
    this.words = new Uint32Array(rows * WORDS[type])
    this.numbers = new Int32Array(this.words.buffer)
    this.doubles = type === 'INTEGER' ? new Float64Array(0) : new Float64Array(this.words.buffer)
    this.#valid = new Uint32Array(rows / 32).fill(0xffffffff)
  }

  setNull(row: number): void {
    this.#valid[row >>> 5]! &= ~(1 << (row & 31))
    this.#hasNulls = true
  }

  /** A BIGINT that is a whole double and not negative. */
  setCount(row: number, value: number): void {
    this.words[2 * row] = value
    this.words[2 * row + 1] = value < 0x1_0000_0000 ? 0 : Math.floor(value / 0x1_0000_0000)
  }

  /** An entry of InternedTexts.words. */
  setText(row: number, words: Uint32Array, entry: number): void {
    const from = entry * TEXT_WORDS
    const to = row * TEXT_WORDS
    if (words[from] === NO_TEXT) {
      this.setNull(row)
      return
    }
    this.words[to] = words[from]!
    this.words[to + 1] = words[from + 1]!
    this.words[to + 2] = words[from + 2]!
    this.words[to + 3] = words[from + 3]!
  }

  copyTo(vector: Vector, rows: number, bindings: DuckDb['bindings']): void {
    const { words } = this
    // The 16 bytes of a NULL are not read, but may not be taken for an address either.
    if (this.type === 'VARCHAR' && this.#hasNulls) this.#clearNulls(rows)
    bindings.copy_data_to_vector(vector, 0, words.buffer, 0, rows * WORDS[this.type] * 4)
    if (this.#hasNulls || this.#hadNulls) {
      bindings.vector_ensure_validity_writable(vector)
      bindings.copy_data_to_vector_validity(vector, 0, this.#valid.buffer, 0, this.#valid.byteLength)
    }
    this.#hadNulls ||= this.#hasNulls
    if (this.#hasNulls) this.#valid.fill(0xffffffff)
    this.#hasNulls = false
  }

  #clearNulls(rows: number): void {
    for (let row = 0; row < rows; row++) {
      if (((this.#valid[row >>> 5]! >>> (row & 31)) & 1) === 0)
        this.words.fill(0, row * TEXT_WORDS, (row + 1) * TEXT_WORDS)
    }
  }
}

export class TableWriter {
  readonly columns: ReadonlyMap<string, ColumnBuffer>
  /** Rows of the chunk at hand that are written. */
  rows = 0
  readonly room: number
  readonly #duckdb: DuckDb
  readonly #appender: DuckDBAppender
  readonly #chunk: DuckDBDataChunk
  readonly #vectors: readonly Vector[]

  private constructor(duckdb: DuckDb, appender: DuckDBAppender, columns: readonly SqlColumn[]) {
    this.#duckdb = duckdb
    this.#appender = appender
    this.room = duckdb.bindings.vector_size()
    this.#chunk = duckdb.api.DuckDBDataChunk.create(
      columns.map(({ type }) => duckdb.api[type]),
      this.room,
    )
    this.columns = new Map(columns.map(({ name, type }) => [name, new ColumnBuffer(type, this.room)]))
    this.#vectors = columns.map((_, i) => duckdb.bindings.data_chunk_get_vector(this.#chunk.chunk, i))
  }

  /** Creates the table too. */
  static async create(
    duckdb: DuckDb,
    { connection }: Database,
    table: string,
    columns: readonly SqlColumn[],
  ): Promise<TableWriter> {
    const list = columns.map(({ name, type }) => `${sqlName(name)} ${type}`).join(', ')
    await connection.run(`CREATE TABLE ${STORE}.${sqlName(table)}(${list})`)
    return new TableWriter(duckdb, await connection.createAppender(table, STORE), columns)
  }

  /** So many rows have been written behind the others. The chunk is appended when it is full. */
  advance(rows: number): void {
    this.rows += rows
    if (this.rows === this.room) this.flush()
  }

  /** Appends what there is: no text that the rows refer to is needed any more. */
  flush(): void {
    if (this.rows === 0) return
    const columns = [...this.columns.values()]
    for (const [i, column] of columns.entries()) column.copyTo(this.#vectors[i]!, this.rows, this.#duckdb.bindings)
    this.#duckdb.bindings.data_chunk_set_size(this.#chunk.chunk, this.rows)
    this.#appender.appendDataChunk(this.#chunk)
    this.rows = 0
  }

  close(): void {
    this.flush()
    this.#appender.closeSync()
  }
}
