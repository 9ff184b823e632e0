/**
 * Lines as bytes, written in place. Joined strings took twice as long (2 M rows of 360 k flows): half of it went into making them
 * flat and UTF-8.
 *
 * What is copied into lines again and again is kept as whole 32-bit words: `DataView.setUint32` writes four bytes anywhere in
 * the time of one, and what the last word has too much is overwritten by what comes next.
 */
import { putAddress } from '../decoders/address-ascii.ts'

/** Room for the numbers of a line behind what `words` has checked, and for the end of its last word. */
const SLACK = 256
const ZERO = 48
const SPACE = 32
const DOT = 46
const WORD = 4
const BILLION = 1_000_000_000
/** Every whole number below is a double of its own. */
const MOST_EXACT = 2 ** 53
const MOST_DIGITS = 1e15
/** `00`, `01`, … `99`. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => ZERO + (i % 2 === 0 ? Math.floor(i / 20) : (i >> 1) % 10))

const encoder = new TextEncoder()

export function encode(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Text that is copied often: UTF-8 in little-endian words, and its length in bytes. */
export interface FixedText {
  readonly words: Uint32Array
  readonly length: number
}

export function fixedText(text: string): FixedText {
  const bytes = encode(text)
  const view = new DataView(new ArrayBuffer(wordsOf(bytes.length) * WORD))
  new Uint8Array(view.buffer).set(bytes)
  const words = Uint32Array.from({ length: view.byteLength / WORD }, (_, i) => view.getUint32(WORD * i, true))
  return { words, length: bytes.length }
}

/** How many words hold so many bytes. */
export function wordsOf(bytes: number): number {
  return (bytes + WORD - 1) >>> 2
}

export class LineBuffer {
  #bytes = new Uint8Array(1 << 12)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  text({ words, length }: FixedText): void {
    this.words(words, 0, length)
  }

  /** `length` bytes, which begin with the word at `from`. */
  words(words: Uint32Array, from: number, length: number): void {
    const start = this.#length
    const end = start + length
    if (end + SLACK > this.#bytes.length) this.#grow(end + SLACK)
    const view = this.#view
    for (let at = start, i = from; at < end; at += WORD) view.setUint32(at, words[i++]!, true)
    this.#length = end
  }

  /** Text of ASCII that is not worth keeping. */
  ascii(text: string): void {
    const end = this.#length + text.length
    if (end + SLACK > this.#bytes.length) this.#grow(end + SLACK)
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length + i] = text.charCodeAt(i)
    this.#length = end
  }

  /** The text of an address, see address-text.ts. */
  address(bytes: Uint8Array): void {
    if (this.#length + SLACK > this.#bytes.length) this.#grow(this.#length + SLACK)
    this.#length = putAddress(this.#bytes, this.#length, bytes)
  }

  /** The shortest text of a number that is not negative, as String has it. */
  decimal(value: number): void {
    const thousandths = Math.round(value * 1000)
    if (Number.isInteger(value) && value < MOST_EXACT) {
      this.number(value)
    } else if (thousandths < MOST_DIGITS && thousandths / 1000 === value) {
      // With up to 15 digits no two decimals are one double, so there is no shorter text of this one.
      this.number(Math.floor(thousandths / 1000))
      this.#bytes[this.#length++] = DOT
      const rest = thousandths % 1000
      if (rest % 10 !== 0) this.#digits(rest, 3)
      else if (rest % 100 !== 0) this.#digits(rest / 10, 2)
      else this.#digits(rest / 100, 1)
    } else {
      this.ascii(String(value))
    }
  }

  /** A whole number. */
  number(value: number): void {
    if (value < BILLION) {
      this.#digits(value, digitsOf(value))
    } else {
      this.number(Math.floor(value / BILLION))
      this.nanoseconds(value % BILLION)
    }
  }

  /** Nine digits, zeros before them. */
  nanoseconds(value: number): void {
    this.#digits(value, 9)
  }

  /** A whole number, with spaces before it to make it at least `width` wide. */
  padded(value: number, width: number): void {
    const length = value < BILLION ? digitsOf(value) : String(value).length
    for (let i = length; i < width; i++) this.#bytes[this.#length++] = SPACE
    this.number(value)
  }

  /** Below a billion: 32-bit arithmetic. */
  #digits(value: number, digits: number): void {
    const bytes = this.#bytes
    const start = this.#length
    let at = start + digits
    this.#length = at
    let rest = value | 0
    while (at - start > 1) {
      const next = (rest / 100) | 0
      const pair = (rest - 100 * next) << 1
      bytes[--at] = PAIRS[pair + 1]!
      bytes[--at] = PAIRS[pair]!
      rest = next
    }
    if (at > start) bytes[start] = ZERO + rest
  }

  /** What was written, in bytes of its own; then the buffer is empty. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return bytes
  }

  /** What was written, as words; then the buffer is empty. `into` has room for `wordsOf(length)` of them. */
  takeWords(into: Uint32Array, at: number): void {
    const view = this.#view
    for (let i = 0; i < this.#length; i += WORD) into[at++] = view.getUint32(i, true)
    this.#length = 0
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.max(least, 2 * this.#bytes.length))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Below a billion. */
function digitsOf(value: number): number {
  if (value < 10) return 1
  if (value < 100) return 2
  if (value < 1000) return 3
  if (value < 10_000) return 4
  if (value < 100_000) return 5
  if (value < 1_000_000) return 6
  if (value < 10_000_000) return 7
  return value < 100_000_000 ? 8 : 9
}
