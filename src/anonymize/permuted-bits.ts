/**
 * The last bits of an address → others, so that no two become the same: format-preserving encryption FF1 (NIST SP 800-38G) of a
 * number of 20 bits or more in base 2. `kind` is its tweak: what has another kind is permuted in another way.
 */
import { FF1 } from '@noble/ciphers/ff1.js'

const encoder = new TextEncoder()

export type PermuteBits = (bytes: Uint8Array, bits: number, kind: string) => Uint8Array

/** `key`: 16 bytes. The function leaves `bytes` as it is. */
export function createBitPermutation(key: Uint8Array): PermuteBits {
  return (bytes, bits, kind) => {
    const first = bytes.length * 8 - bits
    const digits = Array.from({ length: bits }, (_, i) => bitAt(bytes, first + i))
    const permuted = FF1(2, key, encoder.encode(kind)).encrypt(digits)
    const result = Uint8Array.from(bytes)
    for (const [i, digit] of permuted.entries()) {
      const bit = 0x80 >> ((first + i) & 7)
      const at = (first + i) >> 3
      result[at] = digit === 0 ? result[at]! & ~bit : result[at]! | bit
    }
    return result
  }
}

function bitAt(bytes: Uint8Array, bit: number): number {
  return (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1
}
