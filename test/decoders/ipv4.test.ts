import { describe, expect, test } from 'vitest'
import { FAMILY_IPV4, FAMILY_MAC } from '../../src/abi/families.ts'
import { LIMIT_CAPTURE } from '../../src/decoders/frame.ts'
import { LINKTYPE_IPV4 } from '../../src/decoders/linktype.ts'
import { concat, ethernet, hex, ipv4, tcp, udp } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

const header = (bytes: Uint8Array) => headerOf(bytes, 'ipv4', LINKTYPE_IPV4)

describe('the examples of RFC 791, appendix A', () => {
  test('1: a minimal datagram', () => {
    const bytes = hex('45 00 0015 006f 0000 7b 01 0000 c0000201 c6336402 ff')
    expect(header(bytes)).toEqual({
      layer: 'ipv4',
      offset: 0,
      headerLength: 20,
      ihl: 5,
      tos: 0,
      totalLength: 21,
      identification: 111,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      ttl: 123,
      protocol: 1,
      checksum: 0,
      source: '192.0.2.1',
      destination: '198.51.100.2',
      options: [],
    })
  })

  test('2: two fragments of 256 and 196 bytes', () => {
    const first = hex('45 00 0114 006f 2000 77 06 0000 c0000201 c6336402')
    const second = hex('45 00 00d8 006f 0020 77 06 0000 c0000201 c6336402')
    const data = tcp({}, new Uint8Array(236))
    expect(header(concat(first, data))).toMatchObject({ totalLength: 276, moreFragments: true, fragmentOffset: 0 })
    expect(namesOf(concat(first, data), LINKTYPE_IPV4)).toBe('ipv4 tcp')
    const last = concat(second, new Uint8Array(196))
    expect(header(last)).toMatchObject({ totalLength: 216, moreFragments: false, fragmentOffset: 256 })
    expect(namesOf(last, LINKTYPE_IPV4)).toBe('ipv4')
    expect(walk(last, LINKTYPE_IPV4)).toMatchObject({
      protocol: 6,
      sourcePort: 0,
      payloadLength: 196,
      laterFragment: 1,
    })
  })

  test('3: options, with no-operation and end of list', () => {
    const options = hex('0703aa 0704bbcc 01 0703dd 00')
    const bytes = concat(
      hex('48 00 0240 006f 0000 7b 06 0000 c0000201 c6336402'),
      options,
      tcp({}, new Uint8Array(524)),
    )
    expect(header(bytes)).toMatchObject({ ihl: 8, headerLength: 32, totalLength: 576 })
    expect(header(bytes).options).toEqual([
      { type: 7, bytes: hex('aa'), malformed: false },
      { type: 7, bytes: hex('bbcc'), malformed: false },
      { type: 1, bytes: hex(''), malformed: false },
      { type: 7, bytes: hex('dd'), malformed: false },
      { type: 0, bytes: hex(''), malformed: false },
    ])
    expect(namesOf(bytes, LINKTYPE_IPV4)).toBe('ipv4 tcp')
    expectCuts(bytes.slice(0, 60), LINKTYPE_IPV4)
  })
})

test('flags and TOS', () => {
  const bytes = hex('45 b8 0014 0000 4000 01 3b 0000 c0000201 c6336402')
  expect(header(bytes)).toMatchObject({ tos: 0xb8, dontFragment: true, moreFragments: false, ttl: 1, protocol: 59 })
})

describe('total length', () => {
  const datagram = udp({}, hex('64617461'))

  test('ends the packet: padding is not data', () => {
    const bytes = ethernet(0x0800, concat(ipv4({ protocol: 17 }, datagram), new Uint8Array(14)))
    expect(walk(bytes)).toMatchObject({ ipLength: 32, payloadLength: 4 })
  })

  test('0, and more than there is, mean the rest of the frame', () => {
    for (const totalLength of [0, 1000]) {
      const bytes = ethernet(0x0800, ipv4({ protocol: 17, totalLength }, datagram))
      expect(faultOf(bytes)).toBeNull()
      expect(walk(bytes)).toMatchObject({ ipLength: 32, payloadLength: 4 })
    }
  })

  test('less than the header is malformed, and the addresses still count', () => {
    const bytes = ethernet(0x0800, ipv4({ protocol: 17, totalLength: 19 }, datagram))
    expect(faultOf(bytes)).toBe('malformed: ipv4 at 14: needed 20 bytes, 19 available (limit: IPv4 total length)')
    expect(walk(bytes)).toMatchObject({ family: FAMILY_IPV4, protocol: 17, source: 26 })
  })

  test('bounds the transport header', () => {
    const bytes = ethernet(0x0800, ipv4({ protocol: 17, totalLength: 27 }, datagram))
    expect(faultOf(bytes)).toBe('malformed: udp at 34: needed 8 bytes, 7 available (limit: IPv4 total length)')
  })

  test('is the limit even in a cut capture, where it ends first', () => {
    const bytes = ethernet(0x0800, ipv4({ protocol: 17, totalLength: 27 }, datagram))
    expect(walk(bytes, 1, { origlen: 100 }).stopLimit).not.toBe(LIMIT_CAPTURE)
  })
})

describe('a header that is none', () => {
  test.each([
    ['IHL 0', { ihl: 0 }],
    ['IHL 4', { ihl: 4 }],
    ['version 6', { version: 6 }],
    ['version 0', { version: 0 }],
  ])('%s: malformed, and the frame stays one between MAC addresses', (_, fields) => {
    const bytes = ethernet(0x0800, ipv4({ protocol: 17, ...fields }, udp()))
    expect(faultOf(bytes)).toBe('ipv4 at 14: malformed')
    expect(walk(bytes)).toMatchObject({ family: FAMILY_MAC, protocol: 0x0800 })
  })

  test('IHL beyond the packet', () => {
    const bytes = ethernet(0x0800, ipv4({ protocol: 17, ihl: 8 }, udp()))
    expect(faultOf(bytes)).toBe('malformed: ipv4 at 14: needed 32 bytes, 28 available (limit: IPv4 total length)')
    expect(namesOf(bytes)).toBe('ethernet')
  })
})

test('protocols that lead nowhere end without a fault', () => {
  for (const protocol of [0, 2, 50, 51, 59, 255]) {
    const bytes = ethernet(0x0800, ipv4({ protocol }, hex('00')))
    expect(namesOf(bytes)).toBe('ethernet ipv4')
    expect(walk(bytes)).toMatchObject({ protocol, stopReason: 0, payloadLength: 1 })
  }
})
