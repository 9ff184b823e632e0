import { describe, expect, test } from 'vitest'
import { FAMILY_IPV4, PROTOCOL_LLC } from '../../src/abi/families.ts'
import { concat, ethernet, hex, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

const frame = (llc: string, payload = udpInIpv4()) => {
  const inside = concat(hex(llc), payload)
  return ethernet(inside.length, inside)
}

describe('SNAP', () => {
  test('RFC 1042: OUI 0 and an EtherType', () => {
    const bytes = frame('aaaa03 000000 0800')
    expect(headerOf(bytes, 'llc')).toEqual({
      layer: 'llc',
      offset: 14,
      headerLength: 8,
      dsap: 0xaa,
      ssap: 0xaa,
      control: 3,
      snap: { oui: 0, type: 0x0800 },
    })
    expect(namesOf(bytes)).toBe('ethernet llc ipv4 udp')
    expectCuts(bytes)
  })

  test('802.1H bridge tunnel: OUI 0000f8', () => {
    expect(namesOf(frame('aaaa03 0000f8 0800'))).toBe('ethernet llc ipv4 udp')
  })

  test("another OUI's numbers are no EtherTypes", () => {
    // Cisco Discovery Protocol.
    const bytes = frame('aaaa03 00000c 2000')
    expect(namesOf(bytes)).toBe('ethernet llc')
    expect(headerOf(bytes, 'llc').snap).toEqual({ oui: 0x00000c, type: 0x2000 })
    expect(namesOf(frame('aaaa03 000001 0800'))).toBe('ethernet llc')
    expect(walk(frame('aaaa03 00000c 2000')).protocol).toBe(PROTOCOL_LLC)
  })

  test('shortest, and shorter', () => {
    expect(faultOf(frame('aaaa03 000000 88cc', hex('')))).toBeNull()
    expect(faultOf(frame('aaaa03 000000 08', hex('')))).toBe(
      'malformed: llc at 14: needed 8 bytes, 7 available (limit: IEEE 802.3 length)',
    )
  })
})

test('IPv4 directly behind LLC', () => {
  const bytes = frame('060603')
  expect(namesOf(bytes)).toBe('ethernet llc ipv4 udp')
  expect(walk(bytes)).toMatchObject({ family: FAMILY_IPV4, protocol: 17 })
  expectCuts(bytes)
})

test('other frames end here: unnumbered with 3 bytes, the rest with 4', () => {
  expect(headerOf(frame('424203', hex('0000')), 'llc')).toMatchObject({ headerLength: 3, snap: null })
  expect(headerOf(frame('fefe00', hex('02aa')), 'llc')).toMatchObject({ headerLength: 4, control: 0 })
  expect(headerOf(frame('fefe01', hex('')), 'llc')).toMatchObject({ headerLength: 3, control: 1 })
  expect(namesOf(frame('aaaa00 000000 0800'))).toBe('ethernet llc')
  expect(faultOf(frame('424203', hex('0000')))).toBeNull()
})
