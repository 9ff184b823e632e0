/** The identity of a group as bytes. Every value is written with its length, so different keys never look alike. */

import { maskOf } from '../names/prefix-mask.ts'

/** Every word of `by.ts` at once needs less than half of this. */
const CAPACITY = 256

export class KeyBytes {
  readonly bytes: Uint8Array = new Uint8Array(CAPACITY)
  length = 0

  clear(): void {
    this.length = 0
  }

  /** An integer from 0 to 2^32 - 1. */
  number(value: number): void {
    this.bytes[this.length++] = value
    this.bytes[this.length++] = value >>> 8
    this.bytes[this.length++] = value >>> 16
    this.bytes[this.length++] = value >>> 24
  }

  /** The first `bits` bits of an address, the others as 0; all of it where it has fewer. */
  address(address: Uint8Array, bits: number): void {
    const { length } = address
    this.bytes[this.length++] = length
    for (let i = 0; i < length; i++) this.bytes[this.length++] = address[i]! & maskOf(i, bits)
  }
}
