import { describe, expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, udpInIpv4, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

const gre = (header: string, payload = udpInIpv4()) =>
  ethernet(0x0800, ipv4({ protocol: 47 }, concat(hex(header), payload)))

describe('version 0', () => {
  test('shortest: no optional field', () => {
    expect(headerOf(gre('0000 0800'), 'gre')).toEqual({
      layer: 'gre',
      offset: 34,
      headerLength: 4,
      version: 0,
      flags: 0,
      protocolType: 0x0800,
      checksum: null,
      key: null,
      sequenceNumber: null,
      acknowledgmentNumber: null,
    })
    expectCuts(gre('0000 0800'))
  })

  // RFC 2784 §2.1, RFC 2890 §2: checksum, key, sequence number, in this order.
  test.each([
    ['8000 0800 abcd0000', { headerLength: 8, checksum: 0xabcd }],
    ['2000 0800 80000001', { headerLength: 8, key: 0x80000001 }],
    ['1000 0800 00000005', { headerLength: 8, sequenceNumber: 5 }],
    [
      'b000 0800 abcd0000 80000001 00000005',
      { headerLength: 16, checksum: 0xabcd, key: 0x80000001, sequenceNumber: 5 },
    ],
    // The bit that announces an acknowledgment in version 1 means nothing here.
    ['0080 0800', { headerLength: 4, acknowledgmentNumber: null }],
  ])('%s', (header, expected) => {
    expect(headerOf(gre(header), 'gre')).toMatchObject(expected)
    expect(namesOf(gre(header))).toBe('ethernet ipv4 gre ipv4 udp')
    expectCuts(gre(header))
  })

  test('carries Ethernet, IPv6, MPLS; what else stays payload', () => {
    expect(namesOf(gre('0000 6558', ethernet(0x0800, udpInIpv4())))).toBe('ethernet ipv4 gre ethernet ipv4 udp')
    expect(namesOf(gre('0000 86dd', udpInIpv6()))).toBe('ethernet ipv4 gre ipv6 udp')
    expect(namesOf(gre('0000 8847 00010140'))).toBe('ethernet ipv4 gre mpls ipv4 udp')
    expect(namesOf(gre('0000 88be'))).toBe('ethernet ipv4 gre')
    expect(faultOf(gre('0000 88be'))).toBeNull()
  })
})

test('version 1 is that of PPTP, RFC 2637 §4.1', () => {
  const bytes = gre('3081 880b 0024 0007 00000002 00000003 ff03 0021')
  expect(headerOf(bytes, 'gre')).toMatchObject({
    headerLength: 16,
    version: 1,
    key: 0x00240007,
    sequenceNumber: 2,
    acknowledgmentNumber: 3,
  })
  expect(namesOf(bytes)).toBe('ethernet ipv4 gre ppp ipv4 udp')
})

test('source routing and other versions are not decoded', () => {
  expect(faultOf(gre('4000 0800 00000000 00000000'))).toBe('gre at 34: unsupported')
  for (const version of [2, 7]) expect(faultOf(gre(`000${version} 0800`))).toBe('gre at 34: unsupported')
})

test('lengths that do not fit', () => {
  expect(faultOf(gre('000008', hex('')))).toContain('needed 4 bytes, 3 available')
  expect(faultOf(gre('b000 0800 00000000', hex('')))).toContain('needed 16 bytes, 8 available')
})
