import { describe, expect, test } from 'vitest'
import { concat, ethernet, extension, fragment, hex, ipv6, udp } from '../support/build-frame.ts'
import { expectCuts, faultOf, headerOf, headersOf, namesOf, walk } from '../support/decode.ts'

const frame = (nextHeader: number, payload: Uint8Array) => ethernet(0x86dd, ipv6({ nextHeader }, payload))
const PAD = hex('0104 00000000')

describe('headers with a length in 8-byte units', () => {
  test.each([
    [0, 'hop-by-hop'],
    [43, 'routing'],
    [60, 'destination-options'],
    [135, 'mobility'],
    [139, 'hip'],
    [140, 'shim6'],
  ])('%i, %s', (number, kind) => {
    const shortest = frame(number, extension(17, PAD, udp()))
    expect(headerOf(shortest, 'ipv6-extension')).toMatchObject({ kind, offset: 54, headerLength: 8, nextHeader: 17 })
    expect(namesOf(shortest)).toBe('ethernet ipv6 ipv6-extension udp')
    expect(walk(shortest).protocol).toBe(17)
    expectCuts(shortest)
    const longer = frame(number, extension(17, new Uint8Array(22), udp()))
    expect(headerOf(longer, 'ipv6-extension').headerLength).toBe(24)
  })

  test('a length beyond the packet', () => {
    const bytes = frame(0, extension(17, PAD, udp(), 2))
    expect(faultOf(bytes)).toBe(
      'malformed: ipv6-extension at 54: needed 24 bytes, 16 available (limit: IPv6 payload length)',
    )
    // What comes next was said before the header ended.
    expect(walk(bytes).protocol).toBe(17)
    expect(faultOf(frame(0, hex('11')))).toContain('needed 2 bytes, 1 available')
  })
})

test('routing: type and segments left', () => {
  // RFC 8200 §4.4: type 0 with one address, which is still to be visited.
  const content = concat(hex('00 01 00000000'), hex('20010db8000000000000000000000009'))
  expect(headerOf(frame(43, extension(17, content, udp())), 'ipv6-extension')).toMatchObject({
    headerLength: 24,
    routing: { routingType: 0, segmentsLeft: 1 },
    fragment: null,
    spi: null,
  })
})

describe('fragment', () => {
  test('the first one leads on', () => {
    const bytes = frame(44, fragment({ nextHeader: 17, offset: 0, more: true, identification: 0xfedcba98 }, udp()))
    expect(headerOf(bytes, 'ipv6-extension')).toMatchObject({
      kind: 'fragment',
      headerLength: 8,
      fragment: { fragmentOffset: 0, moreFragments: true, identification: 0xfedcba98 },
      bytes: hex('11 00 0001 fedcba98'),
    })
    expect(namesOf(bytes)).toMatch(/udp$/)
    expectCuts(bytes)
  })

  test('a later one does not', () => {
    const bytes = frame(44, fragment({ nextHeader: 17, offset: 1448, more: false }, udp()))
    expect(headerOf(bytes, 'ipv6-extension').fragment).toMatchObject({ fragmentOffset: 1448, moreFragments: false })
    expect(namesOf(bytes)).toBe('ethernet ipv6 ipv6-extension')
    expect(walk(bytes)).toMatchObject({
      protocol: 17,
      laterFragment: 1,
      sourcePort: 0,
      payloadLength: 8,
      stopReason: 0,
    })
  })

  test('always has 8 bytes, whatever its second byte says', () => {
    const bytes = concat(hex('11 ff 0000 00000000'), udp())
    expect(namesOf(frame(44, bytes))).toBe('ethernet ipv6 ipv6-extension udp')
    expect(faultOf(frame(44, hex('11 00 00')))).toContain('needed 4 bytes, 3 available')
    expect(faultOf(frame(44, hex('11 00 0000 000000')))).toContain('needed 8 bytes, 7 available')
  })
})

describe('authentication', () => {
  test('counts 4-byte units less 2', () => {
    // RFC 4302 §2.2: length 4 for a check value of 96 bits.
    const bytes = frame(51, concat(hex('11 04 0000 80000001 00000001 000102030405060708090a0b'), udp()))
    expect(headerOf(bytes, 'ipv6-extension')).toMatchObject({
      kind: 'authentication',
      headerLength: 24,
      spi: 0x80000001,
    })
    expect(namesOf(bytes)).toMatch(/udp$/)
    expectCuts(bytes)
  })

  test('of 8 bytes, the least that its length can say, ends behind the index', () => {
    expect(headerOf(frame(51, concat(hex('11 00 0000 00000002'), udp())), 'ipv6-extension')).toMatchObject({
      headerLength: 8,
      spi: 2,
    })
  })
})

test('chains: the protocol is the next header of the last', () => {
  const last = extension(58, PAD, hex('80000000'))
  const fragmented = fragment({ nextHeader: 60, offset: 0, more: true }, last)
  const bytes = frame(0, extension(60, PAD, extension(43, PAD, extension(44, PAD, fragmented))))
  expect(headersOf(bytes, 'ipv6-extension').map(({ kind }) => kind)).toEqual([
    'hop-by-hop',
    'destination-options',
    'routing',
    'fragment',
    'destination-options',
  ])
  expect(walk(bytes).protocol).toBe(58)
  expectCuts(bytes)
})

test.each([50, 59, 253, 254])('%i ends the chain', (nextHeader) => {
  const bytes = frame(0, extension(nextHeader, PAD, hex('0000000000000000')))
  expect(namesOf(bytes)).toBe('ethernet ipv6 ipv6-extension')
  expect(walk(bytes)).toMatchObject({ protocol: nextHeader, stopReason: 0 })
})
