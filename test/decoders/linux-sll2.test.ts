import { expect, test } from 'vitest'
import { LINKTYPE_LINUX_SLL2 } from '../../src/decoders/linktype.ts'
import { concat, hex, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

const frame = (protocol: string, arphrd = '0001', payload = udpInIpv6()) =>
  concat(hex(protocol), hex('0000 80000003'), hex(arphrd), hex('04 06 0200000000010000'), payload)

test('header', () => {
  const bytes = frame('86dd')
  expect(headerOf(bytes, 'linux-sll2', LINKTYPE_LINUX_SLL2)).toEqual({
    layer: 'linux-sll2',
    offset: 0,
    headerLength: 20,
    protocol: 0x86dd,
    interfaceIndex: 0x80000003,
    arphrd: 1,
    packetType: 4,
    addressLength: 6,
    address: '02:00:00:00:00:01',
  })
  expect(namesOf(bytes, LINKTYPE_LINUX_SLL2)).toBe('linux-sll2 ipv6 udp')
  expectCuts(bytes, LINKTYPE_LINUX_SLL2)
})

test('the protocol means what it means in version 1', () => {
  expect(namesOf(frame('0004', '0001', hex('424203')), LINKTYPE_LINUX_SLL2)).toBe('linux-sll2 llc')
  expect(namesOf(frame('0806', '0338'), LINKTYPE_LINUX_SLL2)).toBe('linux-sll2')
})

test('too short', () => {
  expect(faultOf(frame('86dd').subarray(0, 19), LINKTYPE_LINUX_SLL2)).toBe(
    'malformed: linux-sll2 at 0: needed 20 bytes, 19 available (limit: frame length)',
  )
})
