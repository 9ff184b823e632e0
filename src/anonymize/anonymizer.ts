/**
 * A key → what stands in place of every address and name: the same in every file, every format and every run with that key.
 * Only addresses and names are hidden; times, lengths, ports, protocols and VLANs stay as they are.
 */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { addressKey } from '../names/name-book.ts'
import { anonymousIpv4, anonymousIpv6 } from './anonymous-ip.ts'
import { anonymousMac } from './anonymous-mac.ts'
import { CryptoPan, KEY_LENGTH } from './crypto-pan.ts'
import { createBitPermutation, type PermuteBits } from './permuted-bits.ts'
import { hostPseudonym, keyedDigest } from './pseudonyms.ts'
import { Recent } from './recent.ts'

/** Some 150 bytes each, and twice as many at most: 80 MB. */
const MOST_ADDRESSES = 1 << 18
const MOST_NAMES = 1 << 16

export interface AnonymizerOptions {
  /** The first half of a MAC address that is not locally administered stays. */
  readonly keepVendor?: boolean
}

export class Anonymizer {
  readonly #pan: CryptoPan
  readonly #permute: PermuteBits
  readonly #nameKey: Uint8Array
  readonly #keepVendor: boolean
  readonly #addresses = new Recent<Uint8Array>(MOST_ADDRESSES)
  readonly #names = new Recent<string>(MOST_NAMES)

  /** `key`: 32 bytes, of which Crypto-PAn's are these themselves; MAC addresses and names have keys that follow from them. */
  constructor(key: Uint8Array, { keepVendor = false }: AnonymizerOptions = {}) {
    this.#pan = new CryptoPan(key)
    this.#permute = createBitPermutation(hkdf(sha256, key, undefined, encode('netkit bits'), 16))
    this.#nameKey = hkdf(sha256, key, undefined, encode('netkit names'), KEY_LENGTH)
    this.#keepVendor = keepVendor
  }

  /** What stands in place of the address: 4 bytes of IPv4, 16 of IPv6, 6 of a MAC; other lengths become zeros. Not to be written to. */
  address(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes
    return this.#addresses.get(addressKey(bytes), () => this.#hide(Uint8Array.from(bytes)))
  }

  /** Of a host or domain. */
  name(name: string): string {
    return this.#names.get(name, () => hostPseudonym(this.#nameKey, name))
  }

  /** Of an interface. */
  interfaceName(name: string): string {
    return this.#names.get(`\0${name}`, () => `if${keyedDigest(this.#nameKey, 'interface', name)}`)
  }

  #hide(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 4) return anonymousIpv4(bytes, this.#pan, this.#permute)
    if (bytes.length === 16) return anonymousIpv6(bytes, this.#pan, this.#permute)
    if (bytes.length === 6) return anonymousMac(bytes, this.#permute, this.#keepVendor)
    return new Uint8Array(bytes.length)
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
