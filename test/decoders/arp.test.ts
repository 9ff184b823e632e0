import { expect, test } from 'vitest'
import { FAMILY_MAC } from '../../src/abi/families.ts'
import { concat, ethernet, hex } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, walk } from '../support/decode.ts'

const REQUEST = hex('0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202')

test('request', () => {
  const bytes = ethernet(0x0806, REQUEST)
  expect(headerOf(bytes, 'arp')).toEqual({
    layer: 'arp',
    offset: 14,
    headerLength: 28,
    hardwareType: 1,
    protocolType: 0x0800,
    hardwareLength: 6,
    protocolLength: 4,
    operation: 1,
    senderHardwareAddress: '02:00:00:00:00:01',
    senderProtocolAddress: '192.0.2.1',
    targetHardwareAddress: '00:00:00:00:00:00',
    targetProtocolAddress: '192.0.2.2',
  })
  expectCuts(bytes)
})

test('the addresses inside are an answer, not endpoints', () => {
  expect(walk(ethernet(0x0806, REQUEST))).toMatchObject({ family: FAMILY_MAC, protocol: 0x0806, source: 6 })
})

test('padding is no address', () => {
  expect(headerOf(ethernet(0x0806, concat(REQUEST, new Uint8Array(18))), 'arp').headerLength).toBe(28)
})

test('addresses of other lengths', () => {
  const none = ethernet(0x0806, hex('0001 0800 00 00 0002'))
  expect(headerOf(none, 'arp')).toMatchObject({ headerLength: 8, senderHardwareAddress: '', targetProtocolAddress: '' })
  // A hardware address of four bytes is not IPv4.
  const four = ethernet(0x0806, hex('0001 0800 04 02 0001 01020304 aabb 05060708 ccdd'))
  expect(headerOf(four, 'arp')).toMatchObject({ senderHardwareAddress: '01:02:03:04', targetProtocolAddress: 'cc:dd' })
})

test('lengths that do not fit', () => {
  expect(faultOf(ethernet(0x0806, REQUEST.subarray(0, 7)))).toContain('needed 8 bytes, 7 available')
  expect(faultOf(ethernet(0x0806, hex('0001 0800 ff ff 0001 00')))).toContain('needed 1028 bytes, 9 available')
})
