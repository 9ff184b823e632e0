import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { CryptoPan } from '../../src/anonymize/crypto-pan.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import {
  IPV4_VECTORS,
  IPV6_VECTORS,
  pairsOf,
  REFERENCE_KEY,
  YACRYPTOPAN_KEY,
  YACRYPTOPAN_VECTORS,
} from './reference-vectors.ts'

const bytesOf = (text: string) => Uint8Array.from(ipaddr.parse(text).toByteArray())
const pan = new CryptoPan(REFERENCE_KEY)

test('the published sample, and what other implementations make of IPv6', () => {
  for (const [address, expected] of [...pairsOf(IPV4_VECTORS), ...pairsOf(IPV6_VECTORS)]) {
    expect(formatAddress(pan.map(bytesOf(address)))).toBe(expected)
  }
  const other = new CryptoPan(YACRYPTOPAN_KEY)
  for (const [address, expected] of pairsOf(YACRYPTOPAN_VECTORS)) {
    expect(formatAddress(other.map(bytesOf(address)))).toBe(expected)
  }
})

test.each([4, 16])('addresses of %s bytes have as many bits in common as before', (length) => {
  const address = fc.uint8Array({ minLength: length, maxLength: length })
  const near = fc.tuple(address, fc.nat(length * 8 - 1)).map(([one, bit]) => {
    const other = Uint8Array.from(one)
    other[bit >> 3]! ^= 0x80 >> (bit & 7)
    return [one, other] as const
  })
  fc.assert(
    fc.property(near, ([one, other]) => {
      expect(commonBits(pan.map(one), pan.map(other))).toBe(commonBits(one, other))
    }),
  )
})

test('a key has 32 bytes', () => {
  expect(() => new CryptoPan(new Uint8Array(31))).toThrow('32 bytes')
})

function commonBits(a: Uint8Array, b: Uint8Array): number {
  for (let bit = 0; bit < a.length * 8; bit++) {
    const mask = 0x80 >> (bit & 7)
    if ((a[bit >> 3]! & mask) !== (b[bit >> 3]! & mask)) return bit
  }
  return a.length * 8
}
