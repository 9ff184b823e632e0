/**
 * Texts that many rows share → the 16 bytes that a VARCHAR vector of DuckDB holds for each, to be copied into rows without a call into
 * DuckDB or a string. They are `duckdb_string_t` of duckdb.h: length, then up to 12 bytes of text, or 4 bytes and the address of all of it.
 *
 * Those addresses point into vectors that this keeps: valid until {@link InternedTexts.clear}, so rows are appended before. Appending
 * copies the text (duckdb_append_data_chunk).
 */
import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { DuckDb } from './duckdb.ts'

/** Of an entry, four to a text: length first. */
export const TEXT_WORDS = 4
/** In place of a length: NULL. */
export const NO_TEXT = 0xffffffff
const INLINE_BYTES = 12
const BYTES_PER_TEXT = 16

const encoder = new TextEncoder()

export class InternedTexts {
  readonly #duckdb: DuckDb
  readonly #chunks: DuckDBDataChunk[] = []
  readonly #capacity: number
  #used: number
  /** Entries by number. */
  words = new Uint32Array(1 << 10)
  count = 0
  /** Numbers of entries whose address is not known yet, and their rows in the last chunk. */
  readonly #open: number[] = []

  constructor(duckdb: DuckDb) {
    this.#duckdb = duckdb
    this.#capacity = duckdb.bindings.vector_size()
    this.#used = this.#capacity
  }

  /** The number of a new entry. Its words are there after {@link settle}. */
  add(text: string | null): number {
    const at = this.count++
    if ((at + 1) * TEXT_WORDS > this.words.length) this.#grow()
    const words = this.words
    if (text === null) {
      words[at * TEXT_WORDS] = NO_TEXT
      return at
    }
    const bytes = encoder.encode(text)
    if (bytes.length <= INLINE_BYTES) {
      const entry = new Uint8Array(words.buffer, at * BYTES_PER_TEXT, BYTES_PER_TEXT)
      words[at * TEXT_WORDS] = bytes.length
      entry.set(bytes, 4)
      return at
    }
    if (this.#used === this.#capacity) this.#addChunk()
    this.#duckdb.bindings.vector_assign_string_element_len(this.#vector(), this.#used, bytes)
    this.#open.push(at, this.#used)
    this.#used++
    return at
  }

  /** Makes the words of all entries known. */
  settle(): void {
    if (this.#open.length === 0) return
    const data = this.#duckdb.bindings.vector_get_data(this.#vector(), this.#used * BYTES_PER_TEXT)
    const bytes = new Uint8Array(this.words.buffer)
    for (let i = 0; i < this.#open.length; i += 2) {
      const from = this.#open[i + 1]! * BYTES_PER_TEXT
      bytes.set(data.subarray(from, from + BYTES_PER_TEXT), this.#open[i]! * BYTES_PER_TEXT)
    }
    this.#open.length = 0
  }

  /** Numbers begin at 0 again. No row may hold an entry that is not appended. */
  clear(): void {
    this.#open.length = 0
    this.#chunks.length = 0
    this.#used = this.#capacity
    this.count = 0
  }

  #vector() {
    return this.#duckdb.bindings.data_chunk_get_vector(this.#chunks.at(-1)!.chunk, 0)
  }

  #addChunk(): void {
    this.settle()
    const { DuckDBDataChunk, VARCHAR } = this.#duckdb.api
    this.#chunks.push(DuckDBDataChunk.create([VARCHAR], this.#capacity))
    this.#used = 0
  }

  #grow(): void {
    const words = new Uint32Array(2 * this.words.length)
    words.set(this.words)
    this.words = words
  }
}
