import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ADDRESS_ASCII_MAX, putAddress } from '../../src/decoders/address-ascii.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'

const decoder = new TextDecoder()
const FILL = 0xaa

function text(address: Uint8Array, at = 0): string {
  const into = new Uint8Array(at + ADDRESS_ASCII_MAX + 1).fill(FILL)
  const end = putAddress(into, at, address)
  expect(into.subarray(0, at).every((byte) => byte === FILL)).toBe(true)
  expect(into.subarray(at + ADDRESS_ASCII_MAX).every((byte) => byte === FILL)).toBe(true)
  return decoder.decode(into.subarray(at, end))
}

/** Zeros often, so that runs of them come in every length and place. */
const octet = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(255))
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const groups = fc
  .array(fc.oneof(fc.constant([0, 0]), fc.tuple(octet, octet)), { minLength: 8, maxLength: 8 })
  .map((pairs) => Uint8Array.from(pairs.flat()))
const mapped = bytes(4).map((inside) => Uint8Array.from([...new Uint8Array(10), 0xff, 0xff, ...inside]))

test('any address reads as ipaddr.js and RFC 5952 have it', () => {
  fc.assert(
    fc.property(fc.oneof(bytes(4), groups, bytes(16), mapped, bytes(6), bytes(0)), fc.nat(5), (address, at) => {
      expect(text(address, at)).toBe(formatAddress(address))
    }),
    { numRuns: 3000 },
  )
})

test('every octet', () => {
  for (let octet = 0; octet < 256; octet++) {
    expect(text(Uint8Array.of(octet, 0, 255, octet))).toBe(`${octet}.0.255.${octet}`)
  }
})

test.each([
  ['::', new Uint8Array(16)],
  ['::1', Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0))],
  ['1::', Uint8Array.from({ length: 16 }, (_, i) => (i === 1 ? 1 : 0))],
  ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', new Uint8Array(16).fill(255)],
  // RFC 5952 §4.2.2: one group of zeros is not shortened; §4.2.3: the first of two runs alike is.
  ['2001:db8:0:1:1:1:1:1', Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1)],
  ['2001:db8::1:0:0:1', Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1)],
])('%s', (expected, address) => expect(text(address)).toBe(expected))
