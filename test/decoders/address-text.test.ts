import { SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddress, isIpv4Mapped } from '../../src/decoders/address-text.ts'
import { addressBytes } from '../names/address-bytes.ts'

const groups = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value >> 8, value & 0xff]))

/** Addresses with runs of zero groups, which random bytes hardly ever have. */
const ipv6Bytes = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((values) => groups(...values))

const mappedBytes = fc
  .uint8Array({ minLength: 4, maxLength: 4 })
  .map((inside) => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...inside]))

const fullText = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i).toString(16)).join(':')
}

describe('formatAddress', () => {
  test('nothing is nothing', () => {
    expect(formatAddress(new Uint8Array(0))).toBe('')
  })

  test('IPv4 is a dotted quad', () => {
    expect(formatAddress(Uint8Array.of(0, 0, 0, 0))).toBe('0.0.0.0')
    expect(formatAddress(Uint8Array.of(90, 130, 70, 73))).toBe('90.130.70.73')
    expect(formatAddress(Uint8Array.of(255, 255, 255, 255))).toBe('255.255.255.255')
  })

  test('MAC addresses are lower-case pairs', () => {
    expect(formatAddress(Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff))).toBe('aa:bb:cc:dd:ee:ff')
    expect(formatAddress(Uint8Array.of(0, 1, 2, 0x0a, 0x10, 0))).toBe('00:01:02:0a:10:00')
  })

  test.each([
    // RFC 5952 §4.1, §4.2.1, §4.2.2, §4.2.3 (longest run, then the first of equals), §4.3
    [groups(0x2001, 0x0db8, 0, 0, 0, 0, 0, 1), '2001:db8::1'],
    [groups(0x2001, 0xdb8, 0, 0, 0, 0, 2, 1), '2001:db8::2:1'],
    [groups(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), '2001:db8:0:1:1:1:1:1'],
    [groups(0x2001, 0, 0, 1, 0, 0, 0, 1), '2001:0:0:1::1'],
    [groups(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1), '2001:db8::1:0:0:1'],
    [groups(0x2001, 0xdb8, 0xaaaa, 0xbbbb, 0xcccc, 0xdddd, 0xeeee, 0xaaaa), '2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa'],
    [groups(0, 0, 0, 0, 0, 0, 0, 0), '::'],
    [groups(0, 0, 0, 0, 0, 0, 0, 1), '::1'],
    [groups(1, 0, 0, 0, 0, 0, 0, 0), '1::'],
    [groups(0xfe80, 0, 0, 0, 0, 0, 0, 0), 'fe80::'],
    [groups(0, 1, 0, 0, 0, 1, 0, 0), '0:1::1:0:0'],
    // RFC 5952 §5
    [groups(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201), '::ffff:192.0.2.1'],
    [groups(0, 0, 0, 0, 0, 0xffff, 0, 0), '::ffff:0.0.0.0'],
    // Not mapped: the deprecated IPv4-compatible form, and neighbours of the mapped prefix.
    [groups(0, 0, 0, 0, 0, 0, 0x0102, 0x0304), '::102:304'],
    [groups(0, 0, 0, 0, 0xffff, 0, 0x0102, 0x0304), '::ffff:0:102:304'],
    [groups(0, 0, 0, 0, 1, 0xffff, 0x0102, 0x0304), '::1:ffff:102:304'],
    [groups(0, 0, 0, 0, 0, 0xfffe, 0x0102, 0x0304), '::fffe:102:304'],
  ])('case %#', (bytes, text) => {
    expect(formatAddress(bytes)).toBe(text)
  })

  test('IPv6 agrees with the WHATWG URL parser, which also writes RFC 5952', () => {
    fc.assert(
      fc.property(ipv6Bytes, (bytes) => {
        fc.pre(!isIpv4Mapped(bytes))
        expect(`[${formatAddress(bytes)}]`).toBe(new URL(`http://[${fullText(bytes)}]`).hostname)
      }),
      { numRuns: 2000 },
    )
  })

  test('mapped IPv6 agrees with inet_ntop', () => {
    fc.assert(
      fc.property(mappedBytes, (bytes) => {
        expect(isIpv4Mapped(bytes)).toBe(true)
        expect(formatAddress(bytes)).toBe(new SocketAddress({ address: fullText(bytes), family: 'ipv6' }).address)
      }),
    )
  })

  test('any text read back gives the bytes', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 6, maxLength: 6 }),
      ipv6Bytes.filter((bytes) => !isIpv4Mapped(bytes)),
    )
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(addressBytes(formatAddress(bytes))).toEqual(bytes)
      }),
    )
  })

  test('bytes inside a larger buffer, and other lengths', () => {
    const buffer = Uint8Array.of(1, 2, 10, 0, 0, 7, 3)
    expect(formatAddress(buffer.subarray(2, 6))).toBe('10.0.0.7')
    expect(formatAddress(Uint8Array.of(2, 0, 0, 0xff, 0xfe, 0, 0, 1))).toBe('02:00:00:ff:fe:00:00:01')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        fc.pre(bytes.length !== 4 && bytes.length !== 16)
        expect(formatAddress(bytes).replaceAll(':', '')).toBe(Buffer.from(bytes).toString('hex'))
      }),
    )
  })
})
