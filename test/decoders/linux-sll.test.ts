import { describe, expect, test } from 'vitest'
import { FAMILY_INTERFACE, FAMILY_IPV4, PROTOCOL_LLC } from '../../src/abi/families.ts'
import { LINKTYPE_LINUX_SLL } from '../../src/decoders/linktype.ts'
import { concat, hex, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

const frame = (protocol: string, { arphrd = '0001', payload = udpInIpv4() } = {}) =>
  concat(hex('0004'), hex(arphrd), hex('0006 0200000000010000'), hex(protocol), payload)
const names = (bytes: Uint8Array) => namesOf(bytes, LINKTYPE_LINUX_SLL)

test('header', () => {
  const bytes = frame('0800')
  expect(headerOf(bytes, 'linux-sll', LINKTYPE_LINUX_SLL)).toEqual({
    layer: 'linux-sll',
    offset: 0,
    headerLength: 16,
    packetType: 4,
    arphrd: 1,
    addressLength: 6,
    address: '02:00:00:00:00:01',
    protocol: 0x0800,
  })
  expect(names(bytes)).toBe('linux-sll ipv4 udp')
  expect(walk(bytes, LINKTYPE_LINUX_SLL)).toMatchObject({ family: FAMILY_IPV4, sourceMac: -1 })
  expectCuts(bytes, LINKTYPE_LINUX_SLL)
})

test('the address has room for 8 bytes, whatever its length says', () => {
  const long = hex('0000 0020 0014 0102030405060708 0800')
  expect(headerOf(long, 'linux-sll', LINKTYPE_LINUX_SLL)).toMatchObject({
    addressLength: 20,
    address: '01:02:03:04:05:06:07:08',
  })
  const none = hex('0000 0304 0000 0000000000000000 88cc')
  expect(headerOf(none, 'linux-sll', LINKTYPE_LINUX_SLL).address).toBe('')
})

describe('protocol', () => {
  test('without IP the frame is one of the interface', () => {
    const arp = frame('0806', { payload: hex('0001080006040001') })
    expect(walk(arp, LINKTYPE_LINUX_SLL)).toMatchObject({ family: FAMILY_INTERFACE, protocol: 0x0806, source: -1 })
  })

  test('4 is 802.2', () => {
    const bytes = frame('0004', { payload: hex('424203') })
    expect(names(bytes)).toBe('linux-sll llc')
    expect(walk(bytes, LINKTYPE_LINUX_SLL).protocol).toBe(PROTOCOL_LLC)
  })

  test('other small numbers are no EtherTypes', () => {
    expect(names(frame('0001'))).toBe('linux-sll')
    expect(faultOf(frame('0001'), LINKTYPE_LINUX_SLL)).toBeNull()
  })

  test('of netlink and GRE devices it only means IP', () => {
    for (const arphrd of ['0338', '030a']) {
      expect(names(frame('0806', { arphrd }))).toBe('linux-sll')
      expect(names(frame('0800', { arphrd }))).toBe('linux-sll ipv4 udp')
    }
  })
})
