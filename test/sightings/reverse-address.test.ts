import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { reverseName } from '../../src/names/reverse-name.ts'
import { addressOfReverseName } from '../../src/sightings/reverse-address.ts'

describe('addressOfReverseName', () => {
  test('RFC 1035 §3.5 and RFC 3596 §2.5, by their own examples', () => {
    expect(addressOfReverseName('52.0.0.10.in-addr.arpa')).toEqual(Uint8Array.of(10, 0, 0, 52))
    const name = 'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa'
    expect(formatAddress(addressOfReverseName(name)!)).toBe('4321:0:1:2:3:4:567:89ab')
  })

  test.each([
    '0.10.in-addr.arpa',
    '1.2.3.256.in-addr.arpa',
    '1.2.3.4.5.in-addr.arpa',
    '1.0/25.2.0.192.in-addr.arpa',
    'in-addr.arpa',
    '8.b.d.0.1.0.0.2.ip6.arpa',
    `${'g.'.repeat(32)}ip6.arpa`,
    '1.2.0.192.in-addr.arpa.example',
  ])('%s is no address', (name) => expect(addressOfReverseName(name)).toBeNull())

  test('is the inverse of reverseName', () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((text) => !/^(?:0*:)*:?ffff:/i.test(text)),
    )
    fc.assert(
      fc.property(address, (text) => {
        const bytes = addressOfReverseName(reverseName(text)!)!
        expect(reverseName(formatAddress(bytes))).toBe(reverseName(text))
      }),
    )
  })
})
