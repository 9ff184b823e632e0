import { describe, expect, test } from 'vitest'
import { LINKTYPE_LOOP, LINKTYPE_NULL } from '../../src/decoders/linktype.ts'
import { concat, hex, udpInIpv4, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

describe('NULL', () => {
  test.each(['02000000', '00000002'])('IPv4 in either byte order: %s', (family) => {
    const bytes = concat(hex(family), udpInIpv4())
    expect(namesOf(bytes, LINKTYPE_NULL)).toBe('null ipv4 udp')
    expect(headerOf(bytes, 'null', LINKTYPE_NULL)).toEqual({ layer: 'null', offset: 0, headerLength: 4, family: 2 })
    expectCuts(bytes, LINKTYPE_NULL)
  })

  // Linux, NetBSD and OpenBSD, FreeBSD, macOS.
  test.each([10, 24, 28, 30])('IPv6 is family %i somewhere', (family) => {
    expect(namesOf(concat(Uint8Array.of(family, 0, 0, 0), udpInIpv6()), LINKTYPE_NULL)).toBe('null ipv6 udp')
    expect(namesOf(concat(Uint8Array.of(0, 0, 0, family), udpInIpv6()), LINKTYPE_LOOP)).toBe('loop ipv6 udp')
  })

  test('another family is read and not followed', () => {
    const appletalk = hex('10000000 0102')
    expect(headerOf(appletalk, 'null', LINKTYPE_NULL).family).toBe(16)
    expect(faultOf(appletalk, LINKTYPE_NULL)).toBe('null at 0: unsupported')
    expect(headerOf(hex('ffffffff'), 'null', LINKTYPE_NULL).family).toBe(0xffffffff)
  })
})

describe('LOOP', () => {
  test('is in network order only', () => {
    expect(namesOf(concat(hex('00000002'), udpInIpv4()), LINKTYPE_LOOP)).toBe('loop ipv4 udp')
    expect(faultOf(concat(hex('02000000'), udpInIpv4()), LINKTYPE_LOOP)).toBe('loop at 0: unsupported')
    expectCuts(concat(hex('00000002'), udpInIpv4()), LINKTYPE_LOOP)
  })
})
