import { describe, expect, test } from 'vitest'
import { LINKTYPE_PPP, LINKTYPE_PPP_HDLC, LINKTYPE_PPP_WITH_DIR } from '../../src/decoders/linktype.ts'
import { concat, hex, udpInIpv4, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf } from '../support/decode.ts'

const ppp = (header: string, payload = udpInIpv4()) => concat(hex(header), payload)

describe('PPP', () => {
  test.each([
    ['ff03 0021', { addressAndControl: true, protocol: 0x21, headerLength: 4 }],
    ['0021', { addressAndControl: false, protocol: 0x21, headerLength: 2 }],
    ['ff03 21', { addressAndControl: true, protocol: 0x21, headerLength: 3 }],
    ['21', { addressAndControl: false, protocol: 0x21, headerLength: 1 }],
  ])('address, control and half of the protocol may be left out: %s', (header, expected) => {
    expect(headerOf(ppp(header), 'ppp', LINKTYPE_PPP)).toEqual({ layer: 'ppp', offset: 0, ...expected })
    expect(namesOf(ppp(header), LINKTYPE_PPP)).toBe('ppp ipv4 udp')
    expectCuts(ppp(header), LINKTYPE_PPP)
  })

  test('IPv6 and MPLS', () => {
    expect(namesOf(ppp('0057', udpInIpv6()), LINKTYPE_PPP)).toBe('ppp ipv6 udp')
    expect(namesOf(ppp('0281 00010140'), LINKTYPE_PPP)).toBe('ppp mpls ipv4 udp')
  })

  test('what it negotiates with is read and not followed', () => {
    const lcp = ppp('ff03 c021 01010004', hex(''))
    expect(headerOf(lcp, 'ppp', LINKTYPE_PPP).protocol).toBe(0xc021)
    expect(faultOf(lcp, LINKTYPE_PPP)).toBe('ppp at 2: unsupported')
  })

  test('too short', () => {
    expect(faultOf(hex(''), LINKTYPE_PPP)).toContain('needed 1 byte, 0 available')
    expect(faultOf(hex('00'), LINKTYPE_PPP)).toContain('needed 2 bytes, 1 available')
    expect(faultOf(hex('ff'), LINKTYPE_PPP)).toContain('needed 2 bytes, 1 available')
    expect(faultOf(hex('ff03'), LINKTYPE_PPP)).toContain('ppp at 2: needed 1 byte')
    expect(namesOf(hex('ff0300'), LINKTYPE_PPP)).toBe('')
  })
})

test('PPP in HDLC framing, or Cisco HDLC, by the first byte', () => {
  expect(namesOf(ppp('ff03 0021'), LINKTYPE_PPP_HDLC)).toBe('ppp ipv4 udp')
  expect(namesOf(ppp('0f00 0800'), LINKTYPE_PPP_HDLC)).toBe('cisco-hdlc ipv4 udp')
  expect(namesOf(ppp('8f00 0800'), LINKTYPE_PPP_HDLC)).toBe('cisco-hdlc ipv4 udp')
  expectCuts(ppp('ff03 0021'), LINKTYPE_PPP_HDLC)
})

test('a direction in front: 0 received, others sent', () => {
  const direction = (byte: string) =>
    headerOf(ppp(`${byte} ff03 0021`), 'ppp-with-direction', LINKTYPE_PPP_WITH_DIR).direction
  expect([direction('00'), direction('01'), direction('ff')]).toEqual(['received', 'sent', 'sent'])
  expect(headerOf(ppp('00 ff03 0021'), 'ppp', LINKTYPE_PPP_WITH_DIR)).toMatchObject({ offset: 1, headerLength: 4 })
  expectCuts(ppp('00 ff03 0021'), LINKTYPE_PPP_WITH_DIR)
})
