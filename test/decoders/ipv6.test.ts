import { describe, expect, test } from 'vitest'
import { FAMILY_IPV6, FAMILY_MAC } from '../../src/abi/families.ts'
import { LINKTYPE_IPV6 } from '../../src/decoders/linktype.ts'
import { concat, ethernet, hex, ipv6, udp, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

test('header', () => {
  const bytes = hex(`6ab12345 0000 3b 07 20010db8000000000000000000000001 00000000000000000000ffffc0000201`)
  expect(headerOf(bytes, 'ipv6', LINKTYPE_IPV6)).toEqual({
    layer: 'ipv6',
    offset: 0,
    headerLength: 40,
    trafficClass: 0xab,
    flowLabel: 0x12345,
    payloadLength: 0,
    nextHeader: 59,
    hopLimit: 7,
    source: '2001:db8::1',
    destination: '::ffff:192.0.2.1',
  })
  expect(faultOf(bytes, LINKTYPE_IPV6)).toBeNull()
})

test('cut at every byte', () => expectCuts(ethernet(0x86dd, udpInIpv6())))

describe('payload length', () => {
  test('ends the packet', () => {
    const bytes = ethernet(0x86dd, concat(udpInIpv6(), hex('00000000')))
    expect(walk(bytes)).toMatchObject({
      family: FAMILY_IPV6,
      ipLength: 52,
      payloadLength: 4,
      source: 22,
      destination: 38,
    })
    expect(faultOf(ethernet(0x86dd, ipv6({ nextHeader: 17, payloadLength: 7 }, udp())))).toBe(
      'malformed: udp at 54: needed 8 bytes, 7 available (limit: IPv6 payload length)',
    )
  })

  test('0, and more than there is, mean the rest of the frame', () => {
    for (const payloadLength of [0, 65535]) {
      const bytes = ethernet(0x86dd, ipv6({ nextHeader: 17, payloadLength }, udp({}, hex('64617461'))))
      expect(walk(bytes)).toMatchObject({ ipLength: 52, payloadLength: 4, stopReason: 0 })
    }
  })
})

test('another version is malformed', () => {
  const bytes = ethernet(0x86dd, ipv6({ nextHeader: 17, version: 4 }, udp()))
  expect(faultOf(bytes)).toBe('ipv6 at 14: malformed')
  expect(walk(bytes).family).toBe(FAMILY_MAC)
})

test('no next header ends the packet', () => {
  expect(namesOf(ethernet(0x86dd, ipv6({ nextHeader: 59 }, hex('0102'))))).toBe('ethernet ipv6')
})
