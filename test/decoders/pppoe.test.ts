import { expect, test } from 'vitest'
import { LINKTYPE_PPP_ETHER } from '../../src/decoders/linktype.ts'
import { concat, ethernet, hex, u16, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

const pppoe = (payload: Uint8Array, length = payload.length) => concat(hex('11 00 1234'), u16(length), payload)
const session = pppoe(concat(hex('0021'), udpInIpv4()))

test('header', () => {
  const bytes = ethernet(0x8864, session)
  expect(headerOf(bytes, 'pppoe')).toEqual({
    layer: 'pppoe',
    offset: 14,
    headerLength: 6,
    version: 1,
    type: 1,
    code: 0,
    sessionId: 0x1234,
    length: 34,
  })
  expect(namesOf(bytes)).toBe('ethernet pppoe ppp ipv4 udp')
  expectCuts(bytes)
  expectCuts(session, LINKTYPE_PPP_ETHER)
})

test('the length ends the packet', () => {
  expect(faultOf(ethernet(0x8864, pppoe(concat(hex('0021'), udpInIpv4()), 12)))).toBe(
    'malformed: ipv4 at 22: needed 20 bytes, 10 available (limit: PPPoE length)',
  )
  expect(faultOf(ethernet(0x8864, pppoe(hex('0021'), 0)))).toBe(
    'malformed: ppp at 20: needed 1 byte, 0 available (limit: PPPoE length)',
  )
})

test('discovery is not decoded', () => {
  expect(namesOf(ethernet(0x8863, session))).toBe('ethernet')
})
