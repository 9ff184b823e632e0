import { expect, test } from 'vitest'
import { LINKTYPE_IEEE802_11_RADIOTAP } from '../../src/decoders/linktype.ts'
import { concat, hex, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

const dot11 = concat(hex('0801 0000 020000000002 020000000001 020000000003 0000 aaaa03 000000 0800'), udpInIpv4())
const linktype = LINKTYPE_IEEE802_11_RADIOTAP

test('header, with the fields that it announces', () => {
  const bytes = concat(hex('00 00 0a00 04000080 0203'), dot11)
  expect(headerOf(bytes, 'radiotap', linktype)).toEqual({
    layer: 'radiotap',
    offset: 0,
    headerLength: 10,
    version: 0,
    present: 0x80000004,
  })
  expect(namesOf(bytes, linktype)).toBe('radiotap ieee80211 llc ipv4 udp')
  expectCuts(bytes, linktype)
})

test('shortest: a header that says only its length', () => {
  const bytes = concat(hex('00 00 0400'), dot11)
  expect(headerOf(bytes, 'radiotap', linktype)).toMatchObject({ headerLength: 4, present: null })
  expect(namesOf(bytes, linktype)).toBe('radiotap ieee80211 llc ipv4 udp')
})

test('lengths that cannot be', () => {
  for (const length of ['0000', '0300'])
    expect(faultOf(hex(`0000${length}00000000`), linktype)).toBe('radiotap at 0: malformed')
  expect(faultOf(hex('0000 0900 00000000'), linktype)).toContain('needed 9 bytes, 8 available')
  expect(faultOf(hex('0000'), linktype)).toContain('needed 8 bytes, 2 available')
})
