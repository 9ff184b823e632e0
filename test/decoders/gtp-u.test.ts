import { describe, expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, u16, udp, udpInIpv4, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

/** `rest`: what follows the first eight bytes, whose length they state. */
const gtp = (flags: string, rest: Uint8Array, { type = 'ff', length = rest.length } = {}) =>
  ethernet(
    0x0800,
    ipv4(
      { protocol: 17 },
      udp({ destinationPort: 2152 }, concat(hex(flags + type), u16(length), hex('80000001'), rest)),
    ),
  )

test('shortest header', () => {
  const bytes = gtp('30', udpInIpv4())
  expect(headerOf(bytes, 'gtp-u')).toEqual({
    layer: 'gtp-u',
    offset: 42,
    headerLength: 8,
    version: 1,
    messageType: 255,
    length: 32,
    teid: 0x80000001,
    sequenceNumber: null,
    nPduNumber: null,
    extensions: [],
  })
  expect(namesOf(bytes)).toBe('ethernet ipv4 udp gtp-u ipv4 udp')
  expectCuts(bytes)
})

test.each([
  ['32', { sequenceNumber: 0x1234, nPduNumber: null }],
  ['31', { sequenceNumber: null, nPduNumber: 0x56 }],
  ['33', { sequenceNumber: 0x1234, nPduNumber: 0x56 }],
])('%s: any flag brings all four bytes, and its own field', (flags, expected) => {
  const bytes = gtp(flags, concat(hex('1234 56 00'), udpInIpv6()))
  expect(headerOf(bytes, 'gtp-u')).toMatchObject({ headerLength: 12, ...expected })
  expect(namesOf(bytes)).toBe('ethernet ipv4 udp gtp-u ipv6 udp')
  expectCuts(bytes)
})

describe('extension headers, TS 29.281 §5.2.1', () => {
  test('each names the next and says its length', () => {
    const bytes = gtp('34', concat(hex('0000 00 85 01 0009 c0 02 112233445566 00'), udpInIpv4()))
    expect(headerOf(bytes, 'gtp-u')).toMatchObject({
      headerLength: 24,
      extensions: [
        { type: 0x85, bytes: hex('0009') },
        { type: 0xc0, bytes: hex('112233445566') },
      ],
    })
    expect(namesOf(bytes)).toBe('ethernet ipv4 udp gtp-u ipv4 udp')
    expectCuts(bytes)
  })

  test('a next type without the flag means nothing', () => {
    expect(headerOf(gtp('32', concat(hex('0001 00 85'), udpInIpv4())), 'gtp-u').headerLength).toBe(12)
  })

  test('of length 0 would never end', () => {
    expect(faultOf(gtp('34', hex('0000 00 85 00 000000')))).toBe('gtp-u at 42: malformed')
  })

  test('beyond the message', () => {
    expect(faultOf(gtp('34', hex('0000 00 85 02 000000')))).toBe(
      'malformed: gtp-u at 42: needed 20 bytes, 16 available (limit: GTP-U length)',
    )
  })
})

test('other messages carry no packet', () => {
  const echo = gtp('32', hex('0001 00 00 0e00'), { type: '01' })
  expect(namesOf(echo)).toBe('ethernet ipv4 udp gtp-u')
  expect(headerOf(echo, 'gtp-u')).toMatchObject({ messageType: 1, headerLength: 12 })
  expect(faultOf(echo)).toBeNull()
})

test('the length ends the message', () => {
  expect(faultOf(gtp('30', udpInIpv4(), { length: 12 }))).toBe(
    'malformed: ipv4 at 50: needed 20 bytes, 12 available (limit: GTP-U length)',
  )
  expect(faultOf(gtp('32', hex('00010000'), { length: 3 }))).toContain('needed 12 bytes, 11 available')
})

test('another version is not decoded', () => {
  expect(faultOf(gtp('50', udpInIpv4()))).toBe('gtp-u at 42: unsupported')
})
