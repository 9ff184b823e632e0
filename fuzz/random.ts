/** Numbers that look random and come again with the same seed: sfc32 (Chris Doty-Humphrey, PractRand), seeded from text. */

export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string | Uint8Array) {
    const bytes = typeof seed === 'string' ? new TextEncoder().encode(seed) : seed
    this.#a = hash(bytes, 0x811c9dc5)
    this.#b = hash(bytes, 0x9e3779b9)
    this.#c = hash(bytes, 0x85ebca6b)
    for (let i = 0; i < 12; i++) this.u32()
  }

  u32(): number {
    const result = (this.#a + this.#b + this.#counter++) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0
    return result >>> 0
  }

  /** An integer of [0, bound); 0 for a bound of 0. */
  below(bound: number): number {
    return Math.floor((this.u32() / 0x100000000) * bound)
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.u32()
    return bytes
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array, start: number): number {
  let value = start
  for (let i = 0; i < bytes.length; i++) value = Math.imul(value ^ bytes[i]!, 0x01000193)
  return value ^ (value >>> 15)
}
