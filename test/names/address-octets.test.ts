import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { addressOctets } from '../../src/names/address-octets.ts'

test('any address that is written can be read', () => {
  const anyAddress = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    // IPv4-mapped ones have a form of their own.
    fc
      .uint8Array({ minLength: 4, maxLength: 4 })
      .map((tail) => Uint8Array.from([...Array(10).fill(0), 255, 255, ...tail])),
  )
  fc.assert(
    fc.property(anyAddress, (bytes) => {
      expect(addressOctets(formatAddress(bytes))).toEqual([...bytes])
    }),
  )
})

test.each([
  '',
  '00:11:22:33:44:55',
  '10.1',
  '010.0.0.1',
  '256.0.0.1',
  '0x7f.0.0.1',
  'example.com',
  ':',
  '1:2',
  '(evicted)',
])('%j is none', (text) => {
  expect(addressOctets(text)).toBeNull()
})
