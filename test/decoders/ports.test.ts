import { describe, expect, test } from 'vitest'
import { ethernet, hex, ipv4 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, walk } from '../support/decode.ts'

const frame = (protocol: number, segment: Uint8Array) => ethernet(0x0800, ipv4({ protocol }, segment))

test('SCTP: the common header of RFC 9260', () => {
  const bytes = frame(132, hex('0b59 0b5a 81020304 f5060708 00030010'))
  expect(headerOf(bytes, 'sctp')).toEqual({
    layer: 'sctp',
    offset: 34,
    headerLength: 12,
    sourcePort: 2905,
    destinationPort: 2906,
    verificationTag: 0x81020304,
    checksum: 0xf5060708,
  })
  expect(walk(bytes)).toMatchObject({ payloadLength: 4, sourcePort: 2905 })
  expectCuts(bytes)
})

test('UDP-Lite, RFC 3828', () => {
  const bytes = frame(136, hex('1389 138a 0008 abcd 01'))
  expect(headerOf(bytes, 'udp-lite')).toEqual({
    layer: 'udp-lite',
    offset: 34,
    headerLength: 8,
    sourcePort: 5001,
    destinationPort: 5002,
    checksumCoverage: 8,
    checksum: 0xabcd,
  })
  expectCuts(bytes)
})

describe('DCCP, RFC 4340 §5.1', () => {
  const dccp = (dataOffset: string) => frame(33, hex(`1389 138a ${dataOffset} 00 0000 0100 0000 00000001 aabb`))

  test('the data offset counts words', () => {
    expect(headerOf(dccp('04'), 'dccp')).toMatchObject({ headerLength: 16, dataOffset: 4, sourcePort: 5001 })
    expect(walk(dccp('04'))).toMatchObject({ payloadLength: 2, stopReason: 0 })
    expectCuts(dccp('04'))
  })

  test('offsets that cannot be', () => {
    expect(faultOf(dccp('02'))).toBe('dccp at 34: malformed')
    expect(walk(dccp('02'))).toMatchObject({ sourcePort: 5001, destinationPort: 5002 })
    expect(faultOf(dccp('05'))).toContain('needed 20 bytes, 18 available')
  })
})

test.each([6, 17, 33, 132, 136])(
  'protocol %i: ports that are there count, even of a header that is not whole',
  (protocol) => {
    expect(walk(frame(protocol, hex('1389138a')))).toMatchObject({
      sourcePort: 5001,
      destinationPort: 5002,
      stopReason: 2,
    })
    expect(walk(frame(protocol, hex('138913')))).toMatchObject({ sourcePort: 0, destinationPort: 0, stopReason: 2 })
  },
)
