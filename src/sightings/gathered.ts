/**
 * Pieces of a sequence of bytes, in any order and some of them twice → its beginning, as far as it is whole.
 *
 * Of bytes that come twice the first are kept, as Wireshark does. Memory: what was given, twice at most while it grows, and
 * nothing behind `limit`.
 */

/** Pieces behind a gap. Chrome cuts a hello into some twenty; who sends more of them, out of order, is not read. */
const MOST_LATE = 64
const FIRST_CAPACITY = 256

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

export class Gathered {
  /** Offsets begin here, so that what was read can be dropped. */
  #bytes = new Uint8Array(0)
  #length = 0
  #late: Piece[] = []
  #lateBytes = 0
  readonly #limit: number

  /** `limit`: bytes from the beginning on that are kept. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Adds the bytes at `offset`, which may be negative. True: there is more of the beginning than before. */
  add(offset: number, bytes: Uint8Array): boolean {
    const start = Math.max(offset, this.#length)
    const end = Math.min(offset + bytes.length, this.#limit)
    if (start >= end) return false
    const fresh = bytes.subarray(start - offset, end - offset)
    if (start > this.#length) {
      this.#hold(start, fresh)
      return false
    }
    this.#append(fresh)
    this.#appendLate()
    return true
  }

  /** The beginning, valid until the next call. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  get length(): number {
    return this.#length
  }

  /** Bytes of memory in use, or nearly. */
  get held(): number {
    return this.#bytes.length + this.#lateBytes
  }

  /** Drops the first `count` bytes: offset 0 is behind them from now on. */
  consume(count: number): void {
    if (count === 0) return
    this.#bytes = this.#bytes.slice(count, this.#length)
    this.#length -= count
    this.#late = this.#late.map(({ offset, bytes }) => ({ offset: offset - count, bytes }))
  }

  /** All that there is, with the offset of each. */
  *pieces(): Generator<Piece> {
    if (this.#length > 0) yield { offset: 0, bytes: this.bytes }
    yield* this.#late
  }

  #hold(offset: number, bytes: Uint8Array): void {
    const isKnown = this.#late.some(
      (piece) => piece.offset <= offset && piece.offset + piece.bytes.length >= offset + bytes.length,
    )
    if (isKnown || this.#late.length >= MOST_LATE) return
    this.#late.push({ offset, bytes: bytes.slice() })
    this.#lateBytes += bytes.length
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(2 * this.#bytes.length, this.#limit), FIRST_CAPACITY))
      grown.set(this.bytes)
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#length)
    this.#length = length
  }

  #appendLate(): void {
    for (;;) {
      const index = this.#late.findIndex(({ offset }) => offset <= this.#length)
      if (index < 0) return
      const [piece] = this.#late.splice(index, 1)
      this.#lateBytes -= piece!.bytes.length
      const fresh = piece!.bytes.subarray(this.#length - piece!.offset)
      this.#append(fresh)
    }
  }
}
