import { describe, expect, test } from 'vitest'
import { LINKTYPE_ETHERNET, LINKTYPE_MPLS } from '../../src/decoders/linktype.ts'
import { concat, ethernet, hex, udpInIpv4, udpInIpv6 } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, headersOf, namesOf } from '../support/decode.ts'

const mpls = (stack: string, payload = udpInIpv4()) => ethernet(0x8847, concat(hex(stack), payload))

test('label, traffic class, bottom of stack, TTL', () => {
  // RFC 3032 §2.1: 20, 3, 1 and 8 bits.
  const bytes = mpls('abcdeb40')
  expect(headerOf(bytes, 'mpls')).toEqual({
    layer: 'mpls',
    offset: 14,
    headerLength: 4,
    label: 0xabcde,
    tc: 5,
    bottomOfStack: true,
    ttl: 64,
  })
  expectCuts(bytes)
  expectCuts(bytes.slice(14), LINKTYPE_MPLS)
})

test('a stack ends with the entry that says so', () => {
  const bytes = mpls('00010040 00020040 fffff1ff', udpInIpv6())
  expect(headersOf(bytes, 'mpls').map(({ label }) => label)).toEqual([16, 32, 0xfffff])
  expect(namesOf(bytes)).toBe('ethernet mpls mpls mpls ipv6 udp')
})

test('a stack without an end is malformed', () => {
  expect(faultOf(mpls('00010040', hex('')))).toBe(
    'malformed: mpls at 18: needed 4 bytes, 0 available (limit: frame length)',
  )
})

describe('behind the last label', () => {
  test('a control word of 0 is a pseudowire, and that a tunnel', () => {
    const bytes = mpls('00010140 00000007', ethernet(0x0800, udpInIpv4()))
    expect(namesOf(bytes)).toBe('ethernet mpls ethernet ipv4 udp')
    expect(headersOf(bytes, 'ethernet')[1]!.offset).toBe(22)
    expect(namesOf(bytes, LINKTYPE_ETHERNET, { tunnels: false })).toBe('ethernet mpls')
    expectCuts(bytes)
  })

  test('other things are not known', () => {
    const bytes = mpls('00010140', hex('10'))
    expect(namesOf(bytes)).toBe('ethernet mpls')
    expect(faultOf(bytes)).toBe('mpls at 18: unsupported')
    expect(faultOf(mpls('00010140', hex('')))).toContain('mpls at 18: needed 1 byte, 0 available')
    expect(faultOf(mpls('00010140', hex('000000')))).toContain('needed 4 bytes, 3 available')
  })
})
