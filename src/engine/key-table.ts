/**
 * Keys, as bytes, to dense ids: 0 for the first key, and so on.
 *
 * A `Map` of strings would do, but takes five times the memory with millions of keys and stops at 2^24 of them. The hash is
 * seeded, so a capture cannot be made that puts all its addresses into one chain.
 */

const SMALLEST_SLOT_COUNT = 1024

export class KeyTable {
  size = 0
  /** Keys end to end; key `id` ends at `#ends[id]`, where the next one starts. */
  #keys = new Uint8Array(16 * SMALLEST_SLOT_COUNT)
  #ends = new Float64Array(SMALLEST_SLOT_COUNT)
  #hashes = new Uint32Array(SMALLEST_SLOT_COUNT)
  /** Open addressing: id + 1, or 0 where free; at most half are taken. */
  #slots = new Uint32Array(SMALLEST_SLOT_COUNT * 2)
  readonly #seed: number

  constructor(seed = Math.floor(Math.random() * 0x1_0000_0000)) {
    this.#seed = seed
  }

  /** The id of the key in the first `length` bytes of `bytes`; a new one when it was never seen. */
  idOf(bytes: Uint8Array, length: number): number {
    const hash = this.#hash(bytes, length)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let taken = this.#slots[slot]!; taken !== 0; taken = this.#slots[slot]!) {
      if (this.#hashes[taken - 1] === hash && this.#equals(taken - 1, bytes, length)) return taken - 1
      slot = (slot + 1) & mask
    }
    return this.#insert(bytes, length, hash, slot)
  }

  #insert(bytes: Uint8Array, length: number, hash: number, slot: number): number {
    const id = this.size++
    const start = this.#startOf(id)
    if (start + length > this.#keys.length) {
      const keys = new Uint8Array((start + length) * 2)
      keys.set(this.#keys)
      this.#keys = keys
    }
    for (let i = 0; i < length; i++) this.#keys[start + i] = bytes[i]!
    this.#ends[id] = start + length
    this.#hashes[id] = hash
    this.#slots[slot] = id + 1
    if (this.size === this.#ends.length) this.#grow()
    return id
  }

  #grow(): void {
    const capacity = this.#ends.length * 2
    const ends = new Float64Array(capacity)
    ends.set(this.#ends)
    this.#ends = ends
    const hashes = new Uint32Array(capacity)
    hashes.set(this.#hashes)
    this.#hashes = hashes
    const slots = new Uint32Array(capacity * 2)
    const mask = slots.length - 1
    for (let id = 0; id < this.size; id++) {
      let slot = hashes[id]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id + 1
    }
    this.#slots = slots
  }

  #startOf(id: number): number {
    return id === 0 ? 0 : this.#ends[id - 1]!
  }

  #equals(id: number, bytes: Uint8Array, length: number): boolean {
    const start = this.#startOf(id)
    if (this.#ends[id]! - start !== length) return false
    for (let i = 0; i < length; i++) {
      if (this.#keys[start + i] !== bytes[i]) return false
    }
    return true
  }

  /** Multiply and rotate per byte, and MurmurHash3's last mix, from the seed. */
  #hash(bytes: Uint8Array, length: number): number {
    let hash = this.#seed ^ length
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ bytes[i]!, 0xcc9e2d51)
      hash = (hash << 13) | (hash >>> 19)
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}
