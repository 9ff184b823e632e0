import { describe, expect, test } from 'vitest'
import { FAMILY_MAC, PROTOCOL_LLC } from '../../src/abi/families.ts'
import { concat, DESTINATION_MAC, ethernet, hex, SOURCE_MAC, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

describe('Ethernet II', () => {
  const bytes = ethernet(0x0800, udpInIpv4())

  test('header', () => {
    expect(headerOf(bytes, 'ethernet')).toEqual({
      layer: 'ethernet',
      offset: 0,
      headerLength: 14,
      destination: DESTINATION_MAC,
      source: SOURCE_MAC,
      etherType: 0x0800,
      length: null,
    })
  })

  test('cut at every byte', () => expectCuts(bytes))

  test('shortest: a header alone', () => {
    expect(namesOf(ethernet(0x88cc, hex('')))).toBe('ethernet')
    expect(faultOf(ethernet(0x88cc, hex('')))).toBeNull()
    expect(faultOf(ethernet(0x0800, hex('')))).toBe(
      'malformed: ipv4 at 14: needed 20 bytes, 0 available (limit: frame length)',
    )
  })

  test('an EtherType that leads nowhere names the frame', () => {
    expect(walk(ethernet(0x88cc, hex('00')))).toMatchObject({ family: FAMILY_MAC, protocol: 0x88cc, stopReason: 0 })
  })
})

describe('IEEE 802.3', () => {
  test('1500 is a length, 1501 a type', () => {
    const stp = hex('424203 0000')
    expect(headerOf(ethernet(1500, stp), 'ethernet')).toMatchObject({ etherType: null, length: 1500 })
    expect(namesOf(ethernet(1500, stp))).toBe('ethernet llc')
    expect(headerOf(ethernet(1501, stp), 'ethernet')).toMatchObject({ etherType: 1501, length: null })
    expect(namesOf(ethernet(1501, stp))).toBe('ethernet')
    expect(walk(ethernet(5, stp))).toMatchObject({ family: FAMILY_MAC, protocol: PROTOCOL_LLC })
  })

  test('the length ends the frame: padding is not read', () => {
    const padded = ethernet(2, concat(hex('4242'), new Uint8Array(44)))
    expect(faultOf(padded)).toBe('malformed: llc at 14: needed 3 bytes, 2 available (limit: IEEE 802.3 length)')
    expect(faultOf(ethernet(0, new Uint8Array(46)))).toContain('0 available')
  })
})
