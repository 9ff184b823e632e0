/** The values of one column of a row group, as hyparquet-writer takes them: arrays of numbers where no value is missing. */
export type ColumnKind =
  | 'text'
  /** INT64: packets, bytes, numbers of frames. */
  | 'integer'
  /** INT32: ports. */
  | 'small'
  | 'number'
  | 'flag'
  /** Nanoseconds since 1970 as a point in time, and as an integer. */
  | 'time'
  | 'nanoseconds'

export type ColumnValue = string | number | bigint | boolean | null

/** Takes one value for each row. Null only where the column was made nullable. */
export interface ValueColumn {
  add(value: ColumnValue): void
  /** A 64-bit integer in two words, for columns of such: no bigint is made. */
  addWords(low: number, high: number): void
}

export interface TableColumn extends ValueColumn {
  /** The values of so many rows, valid until the next is added; the column is empty then. */
  take(rows: number): Values
}

type Values = BigInt64Array | (string | number | bigint | boolean | null)[]

const TWO_32 = 4_294_967_296

export function createColumn(kind: ColumnKind, nullable: boolean, rows: number): TableColumn {
  const is64 = kind === 'integer' || kind === 'time' || kind === 'nanoseconds'
  return is64 ? new IntegerColumn(nullable, rows) : new PlainColumn(kind === 'small')
}

class PlainColumn implements TableColumn {
  readonly #isInteger: boolean
  #values: (string | number | bigint | boolean | null)[] = []

  constructor(isInteger: boolean) {
    this.#isInteger = isInteger
  }

  add(value: ColumnValue): void {
    this.#values.push(this.#isInteger && value !== null ? Math.trunc(Number(value)) : value)
  }

  addWords(low: number, high: number): void {
    this.add(high * TWO_32 + low)
  }

  take(): Values {
    const values = this.#values
    this.#values = []
    return values
  }
}

class IntegerColumn implements TableColumn {
  readonly #values: BigInt64Array
  readonly #words: Uint32Array
  /** 1 where there is none; null where that cannot be. */
  readonly #none: Uint8Array | null
  #nulls = 0
  #length = 0

  constructor(nullable: boolean, rows: number) {
    this.#values = new BigInt64Array(rows)
    this.#words = new Uint32Array(this.#values.buffer)
    this.#none = nullable ? new Uint8Array(rows) : null
  }

  add(value: ColumnValue): void {
    if (value === null) {
      this.#none![this.#length] = 1
      this.#nulls++
      this.#values[this.#length++] = 0n
    } else if (typeof value === 'bigint') {
      this.#values[this.#length++] = value
    } else {
      const integer = Math.round(Number(value))
      this.addWords(integer >>> 0, Math.floor(integer / TWO_32))
    }
  }

  addWords(low: number, high: number): void {
    this.#words[2 * this.#length] = low
    this.#words[2 * this.#length + 1] = high
    this.#length++
  }

  take(rows: number): Values {
    const values = this.#values.subarray(0, rows)
    this.#length = 0
    if (this.#nulls === 0) return values
    const none = this.#none!
    const withNulls = Array.from(values, (value, i) => (none[i] === 1 ? null : value))
    none.fill(0)
    this.#nulls = 0
    return withNulls
  }
}
