/**
 * Crypto-PAn: an address → another one, prefix-preserving: two addresses that have their first n bits in common, and no more, still
 * have them in common, and no more.
 *
 * Xu, Fan, Ammar, Moon: "Prefix-Preserving IP Address Anonymization", ICNP 2002. Bit i of the result is bit i of the address,
 * flipped by the first bit of AES-128 over the i bits before it, which are padded with a secret. The first half of the key is
 * AES's, the other half encrypted with it is the padding.
 */
import { ecb } from '@noble/ciphers/aes.js'

export const KEY_LENGTH = 32
const BLOCK = 16

export class CryptoPan {
  readonly #cipher: Uint8Array
  readonly #pad: Uint8Array
  readonly #ipv4 = new Uint8Array(32 * BLOCK)
  readonly #ipv6 = new Uint8Array(128 * BLOCK)

  /** `key`: {@link KEY_LENGTH} bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_LENGTH) throw new Error(`a key of Crypto-PAn has ${KEY_LENGTH} bytes`)
    this.#cipher = key.slice(0, BLOCK)
    this.#pad = this.#encrypt(key.subarray(BLOCK))
  }

  /** Of an address in network order: 4 or 16 bytes. */
  map(address: Uint8Array): Uint8Array<ArrayBuffer> {
    const bits = address.length * 8
    const blocks = bits === 32 ? this.#ipv4 : this.#ipv6
    for (let bit = 0; bit < bits; bit++) this.#writeBlock(blocks, bit, address)
    // All at once: the key is expanded once an address.
    const flips = this.#encrypt(blocks)
    const mapped = Uint8Array.from(address)
    for (let bit = 0; bit < bits; bit++) mapped[bit >> 3]! ^= (flips[bit * BLOCK]! >> 7) << (7 - (bit & 7))
    return mapped
  }

  /** The address's first `bit` bits, then the padding's. */
  #writeBlock(blocks: Uint8Array, bit: number, address: Uint8Array): void {
    const at = bit * BLOCK
    const whole = bit >> 3
    for (let i = 0; i < BLOCK; i++) blocks[at + i] = i < whole ? address[i]! : this.#pad[i]!
    const mask = 0xff00 >> (bit & 7)
    if ((bit & 7) !== 0) blocks[at + whole] = (address[whole]! & mask) | (this.#pad[whole]! & ~mask)
  }

  #encrypt(blocks: Uint8Array): Uint8Array {
    return ecb(this.#cipher, { disablePadding: true }).encrypt(blocks)
  }
}
