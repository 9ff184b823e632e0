/**
 * Values of groups → how many of them lie in each bin of a log-linear scale, in bounded memory.
 *
 * A bin is the exponent of a double and the first 6 bits of its mantissa: 64 bins for each power of two, the same relative width
 * everywhere, found without arithmetic. Bins of whole numbers below 128 hold one number each. In a larger one the middle is at
 * most 1/128 (0.8 %) of any value in it away.
 */

/** Of the middle of a bin, relative to any value in it. */
export const BIN_ERROR = 1 / 128

/** Bits of the high word of a double that are beyond its sign, exponent and 6 bits of mantissa. */
const DROPPED_BITS = 14
/** Bin numbers are below it: 11 bits of exponent and 6 of mantissa. */
const BINS = 2 ** 17
const SMALLEST_SLOTS = 1 << 10
const EMPTY = -1

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
/** Where the high word of a double is; machines of the other byte order exist in principle only. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

/** The bin of a positive whole number. Larger numbers are never in lower bins. */
export function binOf(value: number): number {
  double[0] = value
  return words[HIGH]! >>> DROPPED_BITS
}

/** The middle of a bin, as a whole number of the bin. */
export function middleOf(bin: number): number {
  const start = startOf(bin)
  const width = startOf(bin + 1) - start
  return width <= 1 ? start : Math.floor(start + width / 2)
}

function startOf(bin: number): number {
  double[0] = 0
  words[HIGH] = bin << DROPPED_BITS
  return double[0]!
}

export class ValueBins {
  readonly #most: number
  /** group × BINS + bin, below 2^49; or EMPTY. */
  #keys = new Float64Array(SMALLEST_SLOTS).fill(EMPTY)
  #counts = new Float64Array(SMALLEST_SLOTS)
  #size = 0
  /** All keys in ascending order; null when one has been added since. */
  #sorted: Float64Array | null = null

  /** `most` bins of groups that are not empty: 32 bytes each, at most. */
  constructor(most: number) {
    this.#most = most
  }

  /** Counts a positive whole number `times`. False, and nothing is counted, when there is no room for its bin. */
  add(group: number, value: number, times = 1): boolean {
    return this.#addKey(group * BINS + binOf(value), times)
  }

  #addKey(key: number, times: number): boolean {
    let slot = this.#slotOf(key)
    if (this.#keys[slot] === EMPTY) {
      if (this.#size >= this.#most) return false
      if (2 * this.#size >= this.#keys.length) {
        this.#grow()
        slot = this.#slotOf(key)
      }
      this.#keys[slot] = key
      this.#size++
      this.#sorted = null
    }
    this.#counts[slot]! += times
    return true
  }

  /** The value at a place of the group's values in ascending order, counted from 0: the middle of its bin. */
  at(group: number, place: number): number {
    const keys = this.#sort()
    let passed = 0
    const end = (group + 1) * BINS
    for (let i = lowerBound(keys, group * BINS); i < keys.length && keys[i]! < end; i++) {
      const key = keys[i]!
      passed += this.#counts[this.#slotOf(key)]!
      if (passed > place) return middleOf(key - group * BINS)
    }
    throw new Error(`the group has ${passed} values`)
  }

  /** Gives groups new numbers: those of `ids`, EMPTY for groups that are gone. No two become one. */
  rename(ids: Int32Array): void {
    const [keys, counts] = [this.#keys, this.#counts]
    this.#keys = new Float64Array(SMALLEST_SLOTS).fill(EMPTY)
    this.#counts = new Float64Array(SMALLEST_SLOTS)
    this.#size = 0
    this.#sorted = null
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === EMPTY) continue
      const group = ids[Math.floor(keys[i]! / BINS)]!
      if (group !== EMPTY) this.#addKey(group * BINS + (keys[i]! % BINS), counts[i]!)
    }
  }

  #sort(): Float64Array {
    this.#sorted ??= this.#keys.filter((key) => key !== EMPTY).sort()
    return this.#sorted
  }

  #slotOf(key: number): number {
    const mask = this.#keys.length - 1
    // Fibonacci hashing of both halves: neighbours in group and in bin are far apart.
    let slot = (Math.imul((key % 0x100000000) | 0, 0x9e3779b1) ^ Math.imul(Math.floor(key / 0x20000), 0x85ebca6b)) >>> 0
    for (slot = (slot ^ (slot >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      if (this.#keys[slot] === key || this.#keys[slot] === EMPTY) return slot
    }
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts]
    this.#keys = new Float64Array(2 * keys.length).fill(EMPTY)
    this.#counts = new Float64Array(2 * keys.length)
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === EMPTY) continue
      const slot = this.#slotOf(keys[i]!)
      this.#keys[slot] = keys[i]!
      this.#counts[slot] = counts[i]!
    }
  }
}

/** The first place whose key is not below `key`. */
function lowerBound(keys: Float64Array, key: number): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
