import { expect, test } from 'vitest'
import { reverseName } from '../../src/names/reverse-name.ts'

test('IPv4: the example of RFC 1035 §3.5', () => {
  expect(reverseName('10.2.0.52')).toBe('52.0.2.10.in-addr.arpa')
})

test('IPv6: the example of RFC 3596 §2.5', () => {
  expect(reverseName('4321:0:1:2:3:4:567:89ab')).toBe(
    'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa',
  )
})

test('an IPv4-mapped address is asked for as the IPv4 address inside', () => {
  expect(reverseName('::ffff:10.2.0.52')).toBe('52.0.2.10.in-addr.arpa')
})

test.each(['', '00:11:22:33:44:55', 'eth0', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1', '10.0.0.0/24', 'host.example'])(
  '%j is no IP address',
  (text) => {
    expect(reverseName(text)).toBeNull()
  },
)
