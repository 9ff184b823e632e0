import { describe, expect, test } from 'vitest'
import { ethernet, hex, ipv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, walk } from '../support/decode.ts'

const frame = (message: Uint8Array) => ethernet(0x86dd, ipv6({ nextHeader: 58 }, message))
const header = (digits: string) => headerOf(frame(hex(digits)), 'icmpv6')
const NONE = { identifier: null, sequenceNumber: null, mtu: null, pointer: null, targetAddress: null }

test('echo', () => {
  const bytes = frame(hex('80 00 abcd fedc 0001 6162'))
  expect(headerOf(bytes, 'icmpv6')).toEqual({
    layer: 'icmpv6',
    offset: 54,
    headerLength: 4,
    type: 128,
    code: 0,
    checksum: 0xabcd,
    ...NONE,
    identifier: 0xfedc,
    sequenceNumber: 1,
  })
  expect(walk(bytes)).toMatchObject({ payloadLength: 6, protocol: 58 })
  expectCuts(bytes)
  expect(header('81 00 0000 0002 0003')).toMatchObject({ identifier: 2, sequenceNumber: 3 })
})

describe('message bodies, RFC 4443 and RFC 4861', () => {
  test('packet too big', () => expect(header('02 00 0000 00000500')).toMatchObject({ ...NONE, mtu: 1280 }))
  test('parameter problem', () => expect(header('04 01 0000 00000028')).toMatchObject({ ...NONE, pointer: 40 }))
  test.each(['87', '88', '89'])('neighbor solicitation, advertisement, redirect: %s', (type) => {
    const target = '20010db8000000000000000000000009'
    expect(header(`${type} 00 0000 00000000 ${target}`)).toMatchObject({ ...NONE, targetAddress: '2001:db8::9' })
  })
  test('others', () => expect(header('8f 00 0000 00000001')).toMatchObject(NONE))
})

test('shortest: four bytes; a body that was cut off is null', () => {
  for (const message of ['80000000', '80000000 0001', '02000000 0005', '87000000 00000000 2001']) {
    expect(header(message)).toMatchObject(NONE)
    expect(faultOf(frame(hex(message)))).toBeNull()
  }
  expect(faultOf(frame(hex('800000')))).toBe(
    'malformed: icmpv6 at 54: needed 4 bytes, 3 available (limit: IPv6 payload length)',
  )
})
