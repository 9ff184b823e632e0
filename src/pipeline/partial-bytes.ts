/**
 * Numbers, texts and columns ↔ bytes, as partial results travel between machines: whole numbers in as few bytes as they need (7 bits a
 * byte, lowest first), everything else with its length before it. What is read was written by another process: whatever the bytes are,
 * reading them gives a value or a {@link PartialError}.
 */

/** The bytes are no partial result, or not all of one. */
export class PartialError extends Error {
  override readonly name = 'PartialError'
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes of a number at the most: 2^53 in pieces of 7 bits. */
const MOST_NUMBER_BYTES = 8

export class PartialWriter {
  #bytes = new Uint8Array(1 << 16)
  #length = 0

  /** From 0 to 2^53 - 1. */
  uint(value: number): void {
    this.#reserve(MOST_NUMBER_BYTES)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  /** From -2^52 to 2^52 - 1. */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  flag(value: boolean): void {
    this.uint(value ? 1 : 0)
  }

  text(value: string): void {
    this.bytes(encoder.encode(value))
  }

  bytes(value: Uint8Array): void {
    this.uint(value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  big(value: bigint): void {
    this.text(value.toString(36))
  }

  /** Null is told apart. */
  bigOrNull(value: bigint | null): void {
    this.text(value === null ? '' : value.toString(36))
  }

  /** Rows of `width` bytes, column by column: columns that are alike lie together, and those that are not in use are zeros. */
  columns(rows: Uint8Array, width: number): void {
    const count = rows.length / width
    this.uint(count)
    this.#reserve(rows.length)
    for (let column = 0; column < width; column++) {
      for (let row = 0, at = column; row < count; row++, at += width) this.#bytes[this.#length++] = rows[at]!
    }
  }

  /** What was written; the writer is empty then. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  #reserve(room: number): void {
    if (this.#length + room <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + room))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

export class PartialReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  uint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < MOST_NUMBER_BYTES; i++) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new PartialError('a partial result is cut')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break
        return value
      }
      scale *= 0x80
    }
    throw new PartialError('a partial result holds a number that is too large')
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  flag(): boolean {
    return this.uint() !== 0
  }

  text(): string {
    return decoder.decode(this.bytes())
  }

  /** A copy. */
  bytes(): Uint8Array<ArrayBuffer> {
    const length = this.uint()
    this.#need(length)
    this.#at += length
    return this.#bytes.slice(this.#at - length, this.#at)
  }

  big(): bigint {
    const value = this.bigOrNull()
    if (value === null) throw new PartialError('a partial result lacks a number')
    return value
  }

  bigOrNull(): bigint | null {
    const text = this.text()
    if (text === '') return null
    const digits = text.startsWith('-') ? text.slice(1) : text
    if (!/^[0-9a-z]{1,40}$/.test(digits)) throw new PartialError('a partial result holds text in place of a number')
    let value = 0n
    for (const digit of digits) value = value * 36n + BigInt(Number.parseInt(digit, 36))
    return text.startsWith('-') ? -value : value
  }

  columns(width: number): Uint8Array<ArrayBuffer> {
    const count = this.uint()
    this.#need(count * width)
    const rows = new Uint8Array(count * width)
    for (let column = 0; column < width; column++) {
      for (let row = 0, at = column; row < count; row++, at += width) rows[at] = this.#bytes[this.#at++]!
    }
    return rows
  }

  /** How many of something follow, each of at least one byte. */
  count(): number {
    const count = this.uint()
    this.#need(count)
    return count
  }

  #need(bytes: number): void {
    if (bytes > this.#bytes.length - this.#at) throw new PartialError('a partial result is cut')
  }
}
