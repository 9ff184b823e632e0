import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelAddress, NO_NAME } from '../../src/names/labels.ts'
import { addressBytes, fromNumber, toNumber } from './address-bytes.ts'

type Range = readonly [first: string, label: string]

/**
 * All of IPv4 by the IANA IPv4 Special-Purpose Address Registry of 2025-10-09: each range ends where the next begins, so
 * the first and last address of every block and both its neighbours are in it.
 */
const IPV4_RANGES: readonly Range[] = [
  ['0.0.0.0', 'Unspecified'],
  ['0.0.0.1', 'This Network'],
  ['1.0.0.0', 'No-DNS'],
  ['10.0.0.0', 'Private Network'],
  ['11.0.0.0', 'No-DNS'],
  ['100.64.0.0', 'Carrier NAT'],
  ['100.128.0.0', 'No-DNS'],
  ['127.0.0.0', 'Localhost'],
  ['128.0.0.0', 'No-DNS'],
  ['169.254.0.0', 'Link-Local'],
  ['169.255.0.0', 'No-DNS'],
  ['172.16.0.0', 'Private Network'],
  ['172.32.0.0', 'No-DNS'],
  ['192.0.0.0', 'DS-Lite'],
  ['192.0.0.8', 'Dummy'],
  ['192.0.0.9', 'PCP Anycast'],
  ['192.0.0.10', 'TURN Anycast'],
  ['192.0.0.11', 'Reserved'],
  ['192.0.0.170', 'NAT64'],
  ['192.0.0.172', 'Reserved'],
  ['192.0.1.0', 'No-DNS'],
  ['192.0.2.0', 'Documentation'],
  ['192.0.3.0', 'No-DNS'],
  ['192.31.196.0', 'AS112'],
  ['192.31.197.0', 'No-DNS'],
  ['192.52.193.0', 'AMT'],
  ['192.52.194.0', 'No-DNS'],
  ['192.88.99.0', '6to4'],
  ['192.88.99.2', '6a44'],
  ['192.88.99.3', '6to4'],
  ['192.88.100.0', 'No-DNS'],
  ['192.168.0.0', 'Private Network'],
  ['192.169.0.0', 'No-DNS'],
  ['192.175.48.0', 'AS112'],
  ['192.175.49.0', 'No-DNS'],
  ['198.18.0.0', 'Benchmarking'],
  ['198.20.0.0', 'No-DNS'],
  ['198.51.100.0', 'Documentation'],
  ['198.51.101.0', 'No-DNS'],
  ['203.0.113.0', 'Documentation'],
  ['203.0.114.0', 'No-DNS'],
  ['224.0.0.0', 'Multicast'],
  ['240.0.0.0', 'Reserved'],
  ['255.255.255.255', 'Broadcast'],
]

/** All of IPv6 but the mapped addresses, by the IPv6 registry of the same date and the IPv6 Address Space registry. */
const IPV6_RANGES: readonly Range[] = [
  ['::', 'Unspecified'],
  ['::1', 'Localhost'],
  ['::2', 'Reserved'],
  ['::ffff:0:0', 'mapped'],
  ['::1:0:0:0', 'Reserved'],
  ['64:ff9b::', 'NAT64'],
  ['64:ff9b::1:0:0', 'Reserved'],
  ['64:ff9b:1::', 'NAT64'],
  ['64:ff9b:2::', 'Reserved'],
  ['100::', 'Discard'],
  ['100:0:0:1::', 'Dummy'],
  ['100:0:0:2::', 'Reserved'],
  ['2000::', 'No-DNS'],
  ['2001::', 'Teredo'],
  ['2001:1::', 'Reserved'],
  ['2001:1::1', 'PCP Anycast'],
  ['2001:1::2', 'TURN Anycast'],
  ['2001:1::3', 'DNS-SD Anycast'],
  ['2001:1::4', 'Reserved'],
  ['2001:2::', 'Benchmarking'],
  ['2001:2:1::', 'Reserved'],
  ['2001:3::', 'AMT'],
  ['2001:4::', 'Reserved'],
  ['2001:4:112::', 'AS112'],
  ['2001:4:113::', 'Reserved'],
  ['2001:10::', 'ORCHID'],
  ['2001:20::', 'ORCHID'],
  ['2001:30::', 'Drone Remote ID'],
  ['2001:40::', 'Reserved'],
  ['2001:200::', 'No-DNS'],
  ['2001:db8::', 'Documentation'],
  ['2001:db9::', 'No-DNS'],
  ['2002::', '6to4'],
  ['2003::', 'No-DNS'],
  ['2620:4f:8000::', 'AS112'],
  ['2620:4f:8001::', 'No-DNS'],
  ['3fff::', 'Documentation'],
  ['3fff:1000::', 'No-DNS'],
  ['4000::', 'Reserved'],
  ['5f00::', 'Segment Routing'],
  ['5f01::', 'Reserved'],
  ['fc00::', 'Private Network'],
  ['fe00::', 'Reserved'],
  ['fe80::', 'Link-Local'],
  ['fec0::', 'Private Network'],
  ['ff00::', 'Multicast'],
]

interface Span {
  readonly first: bigint
  readonly last: bigint
  readonly label: string
}

function toSpans(ranges: readonly Range[], length: number): Span[] {
  const starts = ranges.map(([text]) => toNumber(addressBytes(text)))
  const end = 1n << BigInt(8 * length)
  return ranges.map(([, label], i) => ({ first: starts[i]!, last: (starts[i + 1] ?? end) - 1n, label }))
}

describe.each([
  ['IPv4', toSpans(IPV4_RANGES, 4), 4],
  ['IPv6', toSpans(IPV6_RANGES, 16).filter(({ label }) => label !== 'mapped'), 16],
] as const)('%s', (_, spans, length) => {
  test.each(spans)('first and last of $label from $first', ({ first, last, label }) => {
    expect(last >= first).toBe(true)
    expect(labelAddress(fromNumber(first, length))).toBe(label)
    expect(labelAddress(fromNumber(last, length))).toBe(label)
  })

  test('every address between has the label of its range', () => {
    const cases = fc
      .constantFrom(...spans)
      .chain((span) => fc.tuple(fc.constant(span), fc.bigInt({ min: span.first, max: span.last })))
    fc.assert(
      fc.property(cases, ([{ label }, value]) => {
        expect(labelAddress(fromNumber(value, length))).toBe(label)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('IPv4-mapped', () => {
  test.each([
    ['::ffff:a00:1', 'Private Network'],
    ['::ffff:7f00:1', 'Localhost'],
    ['::ffff:0:0', 'Unspecified'],
    ['::ffff:ffff:ffff', 'Broadcast'],
    ['::ffff:808:808', 'IPv4-Mapped'],
  ])('%s is %s', (text, label) => {
    expect(labelAddress(addressBytes(text))).toBe(label)
  })

  test('an IPv4 address that has a label keeps it when mapped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (inside) => {
        const label = labelAddress(inside)
        const mapped = Uint8Array.from([...new Uint8Array(10), 0xff, 0xff, ...inside])
        expect(labelAddress(mapped)).toBe(label === NO_NAME ? 'IPv4-Mapped' : label)
      }),
    )
  })
})

test('the examples of the old tool', () => {
  expect(labelAddress(addressBytes('90.130.70.73'))).toBe('No-DNS')
  expect(labelAddress(addressBytes('172.21.83.232'))).toBe('Private Network')
  expect(labelAddress(addressBytes('224.0.0.251'))).toBe('Multicast')
})

test('MAC addresses', () => {
  expect(labelAddress(addressBytes('ff:ff:ff:ff:ff:ff'))).toBe('Broadcast')
  expect(labelAddress(addressBytes('01:80:c2:00:00:0e'))).toBe('Multicast')
  expect(labelAddress(addressBytes('33:33:00:00:00:01'))).toBe('Multicast')
  expect(labelAddress(addressBytes('ff:ff:ff:ff:ff:fe'))).toBe('Multicast')
  expect(labelAddress(addressBytes('00:00:5e:00:53:01'))).toBe('Ethernet')
})

test('any other length has no label, and no bytes throw', () => {
  expect(labelAddress(new Uint8Array(0))).toBe('')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(labelAddress(bytes) === '').toBe(![4, 6, 16].includes(bytes.length))
    }),
  )
})
