import { expect, test } from 'vitest'
import { LINKTYPE_IPV4, LINKTYPE_IPV6, LINKTYPE_RAW } from '../../src/decoders/linktype.ts'
import { hex, udpInIpv4, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, namesOf } from '../support/decode.ts'

test('the version nibble tells IPv4 from IPv6', () => {
  expect(namesOf(udpInIpv4(), LINKTYPE_RAW)).toBe('ipv4 udp')
  expect(namesOf(udpInIpv6(), LINKTYPE_RAW)).toBe('ipv6 udp')
  expectCuts(udpInIpv4(), LINKTYPE_RAW)
  expectCuts(udpInIpv6(), LINKTYPE_RAW)
})

test('any other version is malformed', () => {
  expect(faultOf(hex('55'), LINKTYPE_RAW)).toBe('raw-ip at 0: malformed')
  expect(faultOf(hex(''), LINKTYPE_RAW)).toBe(
    'malformed: raw-ip at 0: needed 1 byte, 0 available (limit: frame length)',
  )
})

test('link types of one version do not guess', () => {
  expect(namesOf(udpInIpv4(), LINKTYPE_IPV4)).toBe('ipv4 udp')
  expect(faultOf(udpInIpv6(), LINKTYPE_IPV4)).toBe('ipv4 at 0: malformed')
  expect(namesOf(udpInIpv6(), LINKTYPE_IPV6)).toBe('ipv6 udp')
  expect(faultOf(udpInIpv4(), LINKTYPE_IPV6)).toMatch(/^(malformed: )?ipv6 at 0/)
})
