import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  FAMILY_INTERFACE,
  FAMILY_IPV4,
  FAMILY_IPV6,
  FAMILY_MAC,
  FAMILY_NONE,
  PROTOCOL_IEEE80211,
  PROTOCOL_LLC,
} from '../../src/abi/families.ts'
import { protocolName } from '../../src/names/protocols.ts'

test.each([
  [FAMILY_IPV4, 6, 'TCP'],
  [FAMILY_IPV6, 6, 'TCP'],
  [FAMILY_IPV4, 17, 'UDP'],
  [FAMILY_IPV4, 1, 'ICMP'],
  [FAMILY_IPV6, 1, 'ICMP'],
  [FAMILY_IPV4, 58, 'ICMPv6'],
  [FAMILY_IPV6, 58, 'ICMPv6'],
  [FAMILY_IPV6, 59, 'IPv6-NoNxt'],
  [FAMILY_IPV4, 132, 'SCTP'],
  [FAMILY_IPV4, 253, 'Proto-253'],
  [FAMILY_MAC, 0x0806, 'ARP'],
  [FAMILY_MAC, 0x88b5, '0x88b5'],
  [FAMILY_MAC, 6, '0x0006'],
  [FAMILY_MAC, PROTOCOL_LLC, 'LLC'],
  [FAMILY_MAC, PROTOCOL_IEEE80211, '802.11'],
  [FAMILY_INTERFACE, 0x0806, 'ARP'],
  [FAMILY_INTERFACE, PROTOCOL_LLC, 'LLC'],
  [FAMILY_NONE, 1, 'ETHERNET'],
  [FAMILY_NONE, 189, 'USB_LINUX'],
  [FAMILY_NONE, PROTOCOL_LLC, 'LINKTYPE 65535'],
  [FAMILY_NONE, 9999, 'LINKTYPE 9999'],
])('family %i, protocol %i is %s', (family, protocol, name) => {
  expect(protocolName(family, protocol)).toBe(name)
})

test('every number of every family has a name', () => {
  const families = fc.constantFrom(FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_INTERFACE, FAMILY_NONE)
  fc.assert(
    fc.property(families, fc.nat(0xffffffff), (family, protocol) => {
      expect(protocolName(family, protocol)).toMatch(/^\S.*\S$/)
    }),
  )
})
