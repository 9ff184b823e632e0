/**
 * Rows that tie → the order of their keys (compareKeys), by bytes in place of strings: the values of one part of the key are
 * written so that the order of the bytes is theirs, and the next part is only looked at where rows still tie.
 *
 * With row-lines.ts: 4 M rows in 295 windows as CSV took 6 s of processor time in place of 54, counting included (2 cores of a
 * shared Xeon, November 2026).
 */
import { ADDRESS_ASCII_MAX, putAddress } from '../decoders/address-ascii.ts'
import { compareKeys } from './compare-keys.ts'
import type { Groups } from './groups.ts'
import type { KeyNames, KeySink } from './key-parts.ts'

/** What a value begins with: numbers before text, nothing last. Text begins with itself, and 0 ends it: what is shorter comes first. */
const NUMBER = 1
const NOTHING = 0xff
/** Text with characters below is not ordered by bytes, nor is any beyond ASCII. */
const FIRST_PLAIN = 2
const LAST_PLAIN = 0x7f
const NUMBER_LENGTH = 7
const WORD = 4
/** Below this many rows moving each to its place is faster than merging. */
const FEW = 12
const ROWS_TOGETHER = 64
/** By octet: its place among all in the order of their text, in which `10.` comes before `2.`. */
const OCTET_PLACES = new Uint8Array(256)
for (const [place, octet] of Array.from(OCTET_PLACES.keys(), String).sort().entries())
  OCTET_PLACES[Number(octet)] = place
/** By octet: the first characters of its text with a dot behind it, as a word; and how many bits they take. */
const OCTET_HEADS = Uint32Array.from(OCTET_PLACES, (_, octet) => headOf(`${octet}.`))
const OCTET_HEAD_BITS = Uint8Array.from(OCTET_PLACES, (_, octet) => 8 * `${octet}.`.length)

export class KeyOrder implements KeySink {
  readonly #groups: Groups
  #bytes = new Uint8Array(1 << 12)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  /** Every text so far was of ASCII, whose bytes are in the order of its UTF-16 units. */
  #isPlain = true
  /** Together in one part they are not compared by bytes. */
  #hasAddress = false
  #hasText = false
  /** By row: where its bytes begin, as words; and where the last ends. */
  #starts = new Uint32Array(0)
  #words = new Uint32Array(0)
  #places = new Uint32Array(0)
  #merged = new Uint32Array(0)
  #before = new Uint32Array(0)

  constructor(groups: Groups) {
    this.#groups = groups
  }

  /** Sorts rows [start, end) in place, each by where its group's id stands in `all`. */
  sort(all: Float64Array, rows: Uint32Array, start: number, end: number): void {
    if (end - start > 1) this.#sortBy(0, all, rows, start, end)
  }

  address(bytes: Uint8Array, names: KeyNames): void {
    if (names.nameOf === undefined) {
      const { address, name, source = null } = names.describe(bytes)
      this.text(address)
      this.text(name)
      this.text(source)
      return
    }
    // Rows of one address have one name, which decides nothing.
    this.#hasAddress = true
    this.#reserve(ADDRESS_ASCII_MAX + 1)
    if (bytes.length === 4) {
      // Its text would be four words. The first has a dot in it, which no other address has so early: what follows is compared
      // with IPv4 alone.
      this.#view.setUint32(this.#length, ipv4Head(bytes[0]!, bytes[1]!))
      for (let i = 0; i < 4; i++) this.#bytes[this.#length + 4 + i] = OCTET_PLACES[bytes[i]!]!
      this.#length += 8
    } else {
      this.#length = putAddress(this.#bytes, this.#length, bytes)
      this.#bytes[this.#length++] = 0
    }
  }

  text(value: string | null): void {
    const length = value === null ? 0 : value.length
    this.#reserve(length + 1)
    const bytes = this.#bytes
    if (value === null) {
      bytes[this.#length++] = NOTHING
      return
    }
    if (length === 0) this.#isPlain = false
    this.#hasText = true
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i)
      if (unit < FIRST_PLAIN || unit > LAST_PLAIN) this.#isPlain = false
      bytes[this.#length++] = unit
    }
    bytes[this.#length++] = 0
  }

  /** Whole, from 0 to 2^48. */
  number(value: number | null): void {
    this.#reserve(NUMBER_LENGTH)
    if (value === null) {
      this.#bytes[this.#length++] = NOTHING
      return
    }
    this.#bytes[this.#length] = NUMBER
    this.#view.setUint16(this.#length + 1, Math.floor(value / 0x1_0000_0000))
    this.#view.setUint32(this.#length + 3, value)
    this.#length += NUMBER_LENGTH
  }

  #sortBy(part: number, all: Float64Array, rows: Uint32Array, start: number, end: number): void {
    const count = end - start
    this.#reserveRows(count)
    if (!this.#write(part, all, rows, start, count)) {
      sortByValues(this.#groups, all, rows.subarray(start, end))
      return
    }
    this.#sortPlaces(count)
    for (let i = 0; i < count; i++) this.#before[i] = rows[start + i]!
    for (let i = 0; i < count; i++) rows[start + i] = this.#before[this.#places[i]!]!
    if (part + 1 === this.#groups.grouping.parts.length) return
    for (const [from, to] of this.#ties(count)) this.#sortBy(part + 1, all, rows, start + from, start + to)
  }

  /** Writes that part of every row. False when bytes do not order them. */
  #write(part: number, all: Float64Array, rows: Uint32Array, start: number, count: number): boolean {
    this.#length = 0
    this.#isPlain = true
    this.#hasAddress = false
    this.#hasText = false
    for (let i = 0; i < count; i++) {
      if (i % ROWS_TOGETHER === 0) {
        this.#groups.touch(all, rows, start + i, start + Math.min(count, i + ROWS_TOGETHER))
      }
      this.#starts[i] = this.#length / WORD
      this.#groups.writeKeyPart(all[rows[start + i]!]!, part, this)
      this.#reserve(WORD)
      while (this.#length % WORD !== 0) this.#bytes[this.#length++] = 0
      if (!this.#isPlain) return false
    }
    if (this.#hasAddress && this.#hasText) return false
    const words = this.#length / WORD
    this.#starts[count] = words
    if (this.#words.length < words) this.#words = new Uint32Array(2 * words)
    for (let i = 0; i < words; i++) this.#words[i] = this.#view.getUint32(WORD * i)
    return true
  }

  /** Stable, as the sorting of arrays is. */
  #sortPlaces(count: number): void {
    for (let start = 0; start < count; start += FEW) this.#insert(start, Math.min(start + FEW, count))
    for (let length = FEW; length < count; length *= 2) {
      for (let start = 0; start < count; start += 2 * length) {
        this.#merge(start, Math.min(start + length, count), Math.min(start + 2 * length, count))
      }
      const sorted = this.#merged
      this.#merged = this.#places
      this.#places = sorted
    }
  }

  #insert(start: number, end: number): void {
    const places = this.#places
    for (let i = start; i < end; i++) {
      let at = i
      while (at > start && this.#compare(places[at - 1]!, i) > 0) {
        places[at] = places[at - 1]!
        at--
      }
      places[at] = i
    }
  }

  #merge(start: number, middle: number, end: number): void {
    const from = this.#places
    const to = this.#merged
    let left = start
    let right = middle
    for (let at = start; at < end; at++) {
      const takesLeft = right === end || (left < middle && this.#compare(from[left]!, from[right]!) <= 0)
      to[at] = takesLeft ? from[left++]! : from[right++]!
    }
  }

  #compare(a: number, b: number): number {
    const words = this.#words
    let i = this.#starts[a]!
    let j = this.#starts[b]!
    const lengthA = this.#starts[a + 1]! - i
    const lengthB = this.#starts[b + 1]! - j
    for (const end = i + Math.min(lengthA, lengthB); i < end; i++, j++) {
      if (words[i] !== words[j]) return words[i]! < words[j]! ? -1 : 1
    }
    return lengthA - lengthB
  }

  /** The runs of rows that are alike so far. */
  #ties(count: number): readonly (readonly [start: number, end: number])[] {
    const ties: [number, number][] = []
    for (let start = 0, end = 1; end <= count; end++) {
      if (end < count && this.#compare(this.#places[start]!, this.#places[end]!) === 0) continue
      if (end - start > 1) ties.push([start, end])
      start = end
    }
    return ties
  }

  #reserveRows(count: number): void {
    if (count < this.#starts.length) return
    const capacity = 2 * count + 1
    this.#starts = new Uint32Array(capacity)
    this.#places = new Uint32Array(capacity)
    this.#merged = new Uint32Array(capacity)
    this.#before = new Uint32Array(capacity)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const grown = new Uint8Array(2 * (this.#length + bytes))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** The first four characters of the text. */
function headOf(text: string): number {
  return [...text.padEnd(WORD, '\0')].reduce((word, character) => word * 256 + character.charCodeAt(0), 0)
}

/** The first four characters of an IPv4 address, by its first two octets. */
function ipv4Head(first: number, second: number): number {
  const bits = OCTET_HEAD_BITS[first]!
  return bits === 32 ? OCTET_HEADS[first]! : (OCTET_HEADS[first]! | (OCTET_HEADS[second]! >>> bits)) >>> 0
}

function sortByValues(groups: Groups, all: Float64Array, rows: Uint32Array): void {
  const keyed = Array.from(rows, (row) => ({ row, key: groups.key(all[row]!) }))
  keyed.sort((a, b) => compareKeys(a.key, b.key))
  for (const [i, { row }] of keyed.entries()) rows[i] = row
}
