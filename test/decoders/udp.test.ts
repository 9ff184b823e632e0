import { describe, expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, ipv6, udp } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, namesOf, walk } from '../support/decode.ts'

const frame = (datagram: Uint8Array) => ethernet(0x0800, ipv4({ protocol: 17 }, datagram))

test('header', () => {
  const bytes = frame(hex('ffff 0035 000a abcd 0102'))
  expect(headerOf(bytes, 'udp')).toEqual({
    layer: 'udp',
    offset: 34,
    headerLength: 8,
    sourcePort: 65535,
    destinationPort: 53,
    length: 10,
    checksum: 0xabcd,
  })
  expectCuts(bytes)
})

describe('length', () => {
  test('8, the shortest: no data', () => {
    expect(walk(frame(udp()))).toMatchObject({ payloadLength: 0, stopReason: 0 })
  })

  test.each([1, 7])('%i is less than the header: malformed, the ports stay', (length) => {
    expect(faultOf(frame(udp({ length })))).toBe('udp at 34: malformed')
    expect(walk(frame(udp({ length })))).toMatchObject({ sourcePort: 49152, destinationPort: 53 })
  })

  test('0 is a jumbogram: the packet is the limit', () => {
    expect(walk(frame(udp({ length: 0 }, hex('0102'))))).toMatchObject({ payloadLength: 2, stopReason: 0 })
  })

  test('more than the packet is bounded by it', () => {
    expect(walk(frame(udp({ length: 2000 }, hex('0102'))))).toMatchObject({ stopReason: 0, end: 44 })
  })

  test('less than the packet ends what is inside', () => {
    const vxlan = udp({ destinationPort: 4789, length: 12 }, hex('0800000000002a00'))
    expect(faultOf(frame(vxlan))).toBe('malformed: vxlan at 42: needed 8 bytes, 4 available (limit: UDP length)')
  })
})

test('a header cut behind its ports still gives them', () => {
  const bytes = frame(udp())
  expect(walk(bytes.subarray(0, 38), 1, { origlen: 42 })).toMatchObject({ sourcePort: 49152, destinationPort: 53 })
  expect(walk(bytes.subarray(0, 37), 1, { origlen: 42 })).toMatchObject({ sourcePort: 0, destinationPort: 0 })
})

// IANA, Service Name and Transport Protocol Port Number Registry; 8472 is Linux's own.
test.each([
  ['vxlan', 4789, false],
  ['vxlan', 8472, false],
  ['geneve', 6081, false],
  ['gtp-u', 2152, true],
  ['teredo', 3544, true],
])('%s by port %i, as source too: %s', (name, port, asSource) => {
  // Enough for any of them to be asked for more.
  const fault = (ports: { sourcePort?: number; destinationPort?: number }) => faultOf(frame(udp(ports, hex('00'))))
  expect(fault({ destinationPort: port })).toContain(`${name} at 42`)
  expect(fault({ sourcePort: port, destinationPort: 5000 }) !== null).toBe(asSource)
})

test('no tunnel unless asked for', () => {
  expect(walk(frame(udp({ destinationPort: 4789 }, hex('00'))))).toMatchObject({ stopReason: 0, payloadLength: 1 })
})

test('over IPv6', () => {
  const bytes = ethernet(0x86dd, ipv6({ nextHeader: 17 }, concat(udp(), hex(''))))
  expect(namesOf(bytes)).toBe('ethernet ipv6 udp')
  expectCuts(bytes)
})
