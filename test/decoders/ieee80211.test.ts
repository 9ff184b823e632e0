import { describe, expect, test } from 'vitest'
import { FAMILY_INTERFACE, FAMILY_IPV4, FAMILY_MAC, PROTOCOL_IEEE80211 } from '../../src/abi/families.ts'
import { LINKTYPE_IEEE802_11 } from '../../src/decoders/linktype.ts'
import { concat, hex, udpInIpv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

const linktype = LINKTYPE_IEEE802_11
const [A1, A2, A3, A4] = ['020000000001', '020000000002', '020000000003', '020000000004']
const text = (address: string) => address.match(/../g)!.join(':')
const SNAP = hex('aaaa03 000000 0800')

/** `control`: as sent, low byte first. `extra`: between sequence control and body. */
const data = (control: string, extra = '', body = concat(SNAP, udpInIpv4())) =>
  concat(hex(`${control} 3a01 ${A1} ${A2} ${A3} 3412 ${extra}`), body)

describe('data frames', () => {
  test('header', () => {
    const bytes = data('0801')
    expect(headerOf(bytes, 'ieee80211', linktype)).toEqual({
      layer: 'ieee80211',
      offset: 0,
      headerLength: 24,
      type: 2,
      subtype: 0,
      toDs: true,
      fromDs: false,
      protected: false,
      duration: 0x013a,
      address1: text(A1),
      address2: text(A2),
      address3: text(A3),
      address4: null,
      sequenceNumber: 0x123,
      fragmentNumber: 4,
      qosControl: null,
      aggregate: false,
    })
    expect(namesOf(bytes, linktype)).toBe('ieee80211 llc ipv4 udp')
    expectCuts(bytes, linktype)
  })

  // IEEE 802.11-2020 table 9-30: ToDS, FromDS, and which address is the destination and the source.
  test.each([
    ['0800', '', 4, 10],
    ['0802', '', 4, 16],
    ['0801', '', 16, 10],
    ['0803', A4, 16, 24],
  ])('%s%s: destination at %i, source at %i', (control, extra, destinationMac, sourceMac) => {
    expect(walk(data(control, extra), linktype)).toMatchObject({ family: FAMILY_IPV4, destinationMac, sourceMac })
  })

  test('four addresses', () => {
    expect(headerOf(data('0803', A4), 'ieee80211', linktype)).toMatchObject({ headerLength: 30, address4: text(A4) })
    expectCuts(data('0803', A4), linktype)
  })

  test('QoS control, HT control, and the first frame of an aggregate', () => {
    const qos = data('8801', '0500')
    expect(headerOf(qos, 'ieee80211', linktype)).toMatchObject({ headerLength: 26, qosControl: 5, aggregate: false })
    expect(namesOf(qos, linktype)).toBe('ieee80211 llc ipv4 udp')
    expectCuts(qos, linktype)
    const ht = data('8881', '0500 01020304')
    expect(headerOf(ht, 'ieee80211', linktype)).toMatchObject({ headerLength: 30 })
    expectCuts(ht, linktype)
    const aggregate = data('8801', `8000 ${A1} ${A2} 0028`)
    expect(headerOf(aggregate, 'ieee80211', linktype)).toMatchObject({ headerLength: 26, aggregate: true })
    expect(headerOf(aggregate, 'llc', linktype).offset).toBe(40)
    expectCuts(aggregate, linktype)
  })

  test('without data or protected, they end here', () => {
    for (const control of ['4801', '0841', 'c801']) {
      expect(namesOf(data(control), linktype)).toBe('ieee80211')
      expect(walk(data(control), linktype)).toMatchObject({ family: FAMILY_MAC, protocol: PROTOCOL_IEEE80211 })
    }
    expect(headerOf(data('c801', '', hex('')), 'ieee80211', linktype)).toMatchObject({
      headerLength: 24,
      qosControl: null,
    })
  })
})

test('management frames', () => {
  const beacon = concat(hex(`8000 0000 ffffffffffff ${A2} ${A2} 1000`), hex('0102'))
  expect(headerOf(beacon, 'ieee80211', linktype)).toMatchObject({ type: 0, subtype: 8, address1: 'ff:ff:ff:ff:ff:ff' })
  expect(walk(beacon, linktype)).toMatchObject({ family: FAMILY_MAC, source: 10, destination: 4, stopReason: 0 })
  expect(faultOf(beacon.subarray(0, 23), linktype)).toContain('needed 24 bytes, 23 available')
})

describe('control frames', () => {
  test.each(['d400', 'c400'])('%s, ACK or CTS: one address', (control) => {
    const bytes = hex(`${control} 0000 ${A1}`)
    expect(headerOf(bytes, 'ieee80211', linktype)).toMatchObject({
      headerLength: 10,
      address1: text(A1),
      address2: null,
    })
    expect(faultOf(bytes, linktype)).toBeNull()
    expect(walk(bytes, linktype)).toMatchObject({ family: FAMILY_INTERFACE, protocol: PROTOCOL_IEEE80211 })
    expect(faultOf(bytes.subarray(0, 9), linktype)).toContain('needed 10 bytes, 9 available')
  })

  test('RTS: two addresses', () => {
    const bytes = hex(`b400 0000 ${A1} ${A2}`)
    expect(headerOf(bytes, 'ieee80211', linktype)).toMatchObject({
      headerLength: 16,
      address2: text(A2),
      address3: null,
    })
    expect(walk(bytes, linktype)).toMatchObject({ family: FAMILY_MAC, source: 10, destination: 4 })
    expect(faultOf(bytes.subarray(0, 15), linktype)).toContain('needed 16 bytes, 15 available')
  })
})

test.each(['0c00', '0900', '0b01'])('%s, an extension frame or another version, is not decoded', (control) => {
  expect(faultOf(data(control), linktype)).toBe('ieee80211 at 0: unsupported')
  expect(namesOf(data(control), linktype)).toBe('')
  expect(walk(data(control), linktype)).toMatchObject({ family: FAMILY_INTERFACE, sourceMac: -1 })
})
