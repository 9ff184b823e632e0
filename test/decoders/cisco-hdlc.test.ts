import { expect, test } from 'vitest'
import { FAMILY_INTERFACE } from '../../src/abi/families.ts'
import { LINKTYPE_C_HDLC } from '../../src/decoders/linktype.ts'
import { concat, hex, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

test('header', () => {
  const bytes = concat(hex('8f 00 0800'), udpInIpv4())
  expect(headerOf(bytes, 'cisco-hdlc', LINKTYPE_C_HDLC)).toEqual({
    layer: 'cisco-hdlc',
    offset: 0,
    headerLength: 4,
    address: 0x8f,
    control: 0,
    etherType: 0x0800,
  })
  expect(namesOf(bytes, LINKTYPE_C_HDLC)).toBe('cisco-hdlc ipv4 udp')
  expectCuts(bytes, LINKTYPE_C_HDLC)
})

test('SLARP is a frame of the interface', () => {
  const slarp = hex('8f 00 8035 00000002')
  expect(walk(slarp, LINKTYPE_C_HDLC)).toMatchObject({ family: FAMILY_INTERFACE, protocol: 0x8035, stopReason: 0 })
})

test('too short', () => {
  expect(faultOf(hex('0f0008'), LINKTYPE_C_HDLC)).toContain('needed 4 bytes, 3 available')
})
