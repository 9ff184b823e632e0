import { expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

const frame = (message: Uint8Array) => ethernet(0x0800, ipv4({ protocol: 1 }, message))
const header = (digits: string) => headerOf(frame(hex(digits)), 'icmp')

test('echo: identifier and sequence number', () => {
  const bytes = frame(hex('08 00 f7ff fedc 0001 6162'))
  expect(headerOf(bytes, 'icmp')).toEqual({
    layer: 'icmp',
    offset: 34,
    headerLength: 8,
    type: 8,
    code: 0,
    checksum: 0xf7ff,
    identifier: 0xfedc,
    sequenceNumber: 1,
    mtu: null,
    gateway: null,
    pointer: null,
  })
  expect(walk(bytes)).toMatchObject({ payloadLength: 2, sourcePort: 0 })
  expectCuts(bytes)
})

test('other types that number their messages', () => {
  for (const type of ['00', '0d', '0e', '0f', '10', '11', '12']) {
    expect(header(`${type} 00 0000 0102 0304`)).toMatchObject({ identifier: 0x0102, sequenceNumber: 0x0304 })
  }
})

test('what the other four bytes mean, by type', () => {
  const none = { identifier: null, sequenceNumber: null, mtu: null, gateway: null, pointer: null }
  // RFC 1191 §4: next-hop MTU 1280, only with code 4.
  expect(header('03 04 0000 0000 0500')).toMatchObject({ ...none, mtu: 1280 })
  expect(header('03 01 0000 0000 0500')).toMatchObject(none)
  expect(header('05 01 0000 c00002fe')).toMatchObject({ ...none, gateway: '192.0.2.254' })
  expect(header('0c 00 0000 14000000')).toMatchObject({ ...none, pointer: 20 })
  expect(header('0b 00 0000 00000000')).toMatchObject(none)
})

test('the header that an error quotes is payload', () => {
  const bytes = frame(concat(hex('03 03 0000 00000000'), udpInIpv4()))
  expect(namesOf(bytes)).toBe('ethernet ipv4 icmp')
  expect(walk(bytes)).toMatchObject({ protocol: 1, payloadLength: 32 })
})

test('too short', () => {
  expect(faultOf(frame(hex('08000000000000')))).toBe(
    'malformed: icmp at 34: needed 8 bytes, 7 available (limit: IPv4 total length)',
  )
})
