/**
 * Rows, gathered by column → the bytes of a Parquet file (parquet.apache.org/docs/file-format), a row group at a time.
 *
 * hyparquet-writer is told every type: nothing is guessed from values, so a file without rows has the same schema as any other.
 * It is imported by its parts, which know neither Node nor files.
 */
import type { Encoding, SchemaElement } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js'
import { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js'
import { type ColumnKind, createColumn, type TableColumn, type ValueColumn } from './table-column.ts'

export interface ColumnSpec {
  readonly name: string
  readonly kind: ColumnKind
  readonly nullable: boolean
}

/** By key. Values are text, JSON where they are more. */
export type FileFacts = Readonly<Record<string, string>>

/**
 * A row group is what is held in memory: 65536 rows of ten columns are some 10 MB, and 0.1 s to encode. Readers read groups in
 * parallel, and leave out those whose least and greatest times say so.
 */
const GROUP_ROWS = 1 << 16

const ELEMENTS: Readonly<Record<ColumnKind, Partial<SchemaElement>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  small: { type: 'INT32' },
  number: { type: 'DOUBLE' },
  flag: { type: 'BOOLEAN' },
  time: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
  nanoseconds: { type: 'INT64' },
}

/**
 * Text repeats itself, and integers are near each other: a table of their values gained nothing, and took a third of the time. Of
 * the others hyparquet-writer knows best.
 */
const ENCODINGS: Partial<Record<ColumnKind, Encoding>> = {
  text: 'RLE_DICTIONARY',
  integer: 'DELTA_BINARY_PACKED',
  small: 'DELTA_BINARY_PACKED',
  time: 'DELTA_BINARY_PACKED',
  nanoseconds: 'DELTA_BINARY_PACKED',
}
/** Kinds whose bounds help readers to leave out groups. */
const WITH_BOUNDS: ReadonlySet<ColumnKind> = new Set(['time', 'nanoseconds'])

export class ParquetTable {
  readonly #specs: readonly ColumnSpec[]
  readonly #columns: readonly TableColumn[]
  readonly #bytes = new ByteWriter(1 << 16)
  readonly #writer: ParquetWriter
  readonly #facts: { key: string; value: string }[] = []
  #rows = 0
  #isFirst = true

  constructor(specs: readonly ColumnSpec[], writtenBy: string) {
    this.#specs = specs
    this.#columns = specs.map(({ kind, nullable }) => createColumn(kind, nullable, GROUP_ROWS))
    const schema = [{ name: 'root', num_children: specs.length }, ...specs.map(elementOf)]
    // It keeps the array that it is given, and writes it last.
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, kvMetadata: this.#facts, createdBy: writtenBy })
  }

  /** The columns to add a value to, each once for every row, then {@link endRow}. */
  get columns(): readonly ValueColumn[] {
    return this.#columns
  }

  /** True: the group is full and has to be taken. */
  endRow(): boolean {
    return ++this.#rows === GROUP_ROWS
  }

  /** The bytes of the group; empty when it has no row. They are the caller's. */
  takeGroup(): Uint8Array {
    if (this.#rows > 0) {
      const rows = this.#rows
      const columnData = this.#columns.map((column, i) => {
        const { name, kind } = this.#specs[i]!
        const encoding = ENCODINGS[kind]
        const statistics = WITH_BOUNDS.has(kind)
        return { name, data: column.take(rows), statistics, ...(encoding !== undefined && { encoding }) }
      })
      // No flush, so nothing to wait for.
      void this.#writer.write({ columnData, rowGroupSize: GROUP_ROWS })
      this.#rows = 0
    }
    return this.#take()
  }

  /** What is left, with the footer: the end of the file. */
  finish(facts: FileFacts): Uint8Array {
    const group = this.takeGroup()
    for (const [key, value] of Object.entries(facts)) this.#facts.push({ key, value })
    void this.#writer.finish()
    const footer = this.#take()
    if (group.length === 0) return footer
    const whole = new Uint8Array(group.length + footer.length)
    whole.set(group)
    whole.set(footer, group.length)
    return whole
  }

  #take(): Uint8Array {
    // The magic number waits for what comes behind it: a file without a row is one piece.
    if (this.#isFirst && this.#writer.row_groups.length === 0 && this.#bytes.index <= 4) return new Uint8Array(0)
    this.#isFirst = false
    const bytes = this.#bytes.getBytes().slice()
    this.#bytes.index = 0
    return bytes
  }
}

function elementOf({ name, kind, nullable }: ColumnSpec): SchemaElement {
  return { name, repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED', ...ELEMENTS[kind] } as SchemaElement
}
