import { describe, expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, tcp } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, walk } from '../support/decode.ts'

const frame = (segment: Uint8Array) => ethernet(0x0800, ipv4({ protocol: 6 }, segment))

test('header', () => {
  const bytes = frame(hex('c000 01bb 80000001 fffffffe 5 018 1234 abcd 0007'))
  expect(headerOf(bytes, 'tcp')).toEqual({
    layer: 'tcp',
    offset: 34,
    headerLength: 20,
    sourcePort: 49152,
    destinationPort: 443,
    sequenceNumber: 0x80000001,
    acknowledgmentNumber: 0xfffffffe,
    dataOffset: 5,
    flags: {
      ae: false,
      cwr: false,
      ece: false,
      urg: false,
      ack: true,
      psh: true,
      rst: false,
      syn: false,
      fin: false,
      raw: 0x018,
    },
    window: 0x1234,
    checksum: 0xabcd,
    urgentPointer: 7,
    options: [],
  })
  expectCuts(bytes)
})

// RFC 9293 §3.1, from the lowest bit; RFC 9768 for ae.
test.each(['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ae'] as const)('flag %s', (name) => {
  const bit = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ae'].indexOf(name)
  const { flags } = headerOf(frame(tcp({ flags: 1 << bit })), 'tcp')
  expect(flags.raw).toBe(1 << bit)
  expect(Object.entries(flags).filter(([, value]) => value === true)).toEqual([[name, true]])
})

test('reserved bits are in the raw number only', () => {
  const { flags } = headerOf(frame(tcp({ flags: 0xe00 })), 'tcp')
  expect(flags.raw).toBe(0xe00)
  expect(Object.values(flags)).not.toContain(true)
})

test('options, up to the longest header', () => {
  const bytes = frame(tcp({ options: concat(hex('020405b4'), hex('01'.repeat(36))) }, hex('64')))
  expect(headerOf(bytes, 'tcp')).toMatchObject({ dataOffset: 15, headerLength: 60 })
  expect(headerOf(bytes, 'tcp').options).toHaveLength(37)
  expect(walk(bytes).payloadLength).toBe(1)
  expectCuts(bytes)
})

describe('data offsets that cannot be', () => {
  test.each([0, 1, 4])('%i words are less than the header', (dataOffset) => {
    const bytes = frame(tcp({ dataOffset }))
    expect(faultOf(bytes)).toBe('tcp at 34: malformed')
    expect(walk(bytes)).toMatchObject({ sourcePort: 49152, destinationPort: 443 })
  })

  test('more than the packet', () => {
    expect(faultOf(frame(tcp({ dataOffset: 6 })))).toBe(
      'malformed: tcp at 34: needed 24 bytes, 20 available (limit: IPv4 total length)',
    )
  })
})

test('a header cut behind its ports still gives them', () => {
  const bytes = frame(tcp({}, hex('00')))
  expect(walk(bytes.subarray(0, 38), 1, { origlen: bytes.length })).toMatchObject({
    sourcePort: 49152,
    destinationPort: 443,
  })
  expect(walk(bytes.subarray(0, 37), 1, { origlen: bytes.length })).toMatchObject({ sourcePort: 0, destinationPort: 0 })
})

test('in a later fragment there is no header', () => {
  const bytes = ethernet(0x0800, ipv4({ protocol: 6, fragmentOffset: 8 }, tcp()))
  expect(walk(bytes)).toMatchObject({ protocol: 6, sourcePort: 0, stopReason: 0 })
})
