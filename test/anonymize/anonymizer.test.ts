/** What an address becomes, whatever kind it is of: also of anonymous-ip.ts and anonymous-mac.ts. */
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { Anonymizer } from '../../src/anonymize/anonymizer.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { IPV4_VECTORS, pairsOf, REFERENCE_KEY } from './reference-vectors.ts'

const anonymizer = new Anonymizer(REFERENCE_KEY)
const keeper = new Anonymizer(REFERENCE_KEY, { keepVendor: true })

function bytesOf(text: string): Uint8Array {
  const octets = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)
    ? text.split(':').map((octet) => Number.parseInt(octet, 16))
    : ipaddr.parse(text).toByteArray()
  return Uint8Array.from(octets)
}

const hidden = (text: string, by = anonymizer) => formatAddress(by.address(bytesOf(text)))

describe('IP addresses', () => {
  test('hosts are Crypto-PAn’s', () => {
    for (const [address, expected] of pairsOf(IPV4_VECTORS)) expect(hidden(address)).toBe(expected)
    expect(hidden('2001:db8::1')).toBe('4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e')
  })

  test.each([
    ...['0.0.0.0', '127.0.0.1', '127.0.0.53', '255.255.255.255', '224.0.0.251', '224.0.1.1', '239.255.255.250'],
    ...['::', '::1', 'ff02::1', 'ff02::fb', 'ff02::1:2', 'ff05::1:3'],
  ])('%s is nobody’s, and stays', (address) => {
    expect(hidden(address)).toBe(address)
  })

  test.each([
    ['239.1.2.3', /^2(2[4-9]|3\d)\./],
    ['169.254.7.9', /^169\.254\./],
    ['fe80::1', /^fe[89ab]/],
    ['ff02::1:ff12:3456', /^ff02::1:ff[0-9a-f]{2}:[0-9a-f]{1,4}$/],
    ['ff3e:40:2001:db8::1', /^ff3e:/],
  ])('%s stays of its kind, and is another', (address, kind) => {
    expect(hidden(address)).toMatch(kind)
    expect(hidden(address)).not.toBe(address)
  })

  test('no two become the same', () => {
    const some = Array.from({ length: 3000 }, (_, i) => `10.${i >> 8}.${i & 255}.1`)
    expect(new Set(some.map((address) => hidden(address))).size).toBe(3000)
  })
})

describe('MAC addresses', () => {
  test.each([
    ...['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '01:80:c2:00:00:0e', '01:00:5e:00:00:fb', '33:33:00:00:00:01'],
    ...['01:00:5e:7f:ff:fa', '33:33:00:01:00:02'],
  ])('%s is nobody’s, and stays', (mac) => {
    expect(hidden(mac)).toBe(mac)
  })

  test('a group and its MAC address are still each other’s', () => {
    const group = anonymizer.address(bytesOf('239.1.2.3'))
    const mac = anonymizer.address(bytesOf('01:00:5e:01:02:03'))
    expect([...mac]).toEqual([1, 0, 0x5e, group[1]! & 0x7f, group[2], group[3]])
    const solicited = anonymizer.address(bytesOf('ff02::1:ff12:3456'))
    expect(formatAddress(anonymizer.address(bytesOf('33:33:ff:12:34:56')))).toBe(
      formatAddress(Uint8Array.of(0x33, 0x33, ...solicited.subarray(12))),
    )
    const any = anonymizer.address(bytesOf('ff3e:40:2001:db8::12:3456'))
    expect([...anonymizer.address(bytesOf('33:33:00:12:34:56'))].slice(2)).toEqual([...any.subarray(12)])
  })

  test('the bits of group and local administration stay, the vendor does not unless it shall', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (mac) => {
        expect(anonymizer.address(mac)[0]! & 3).toBe(mac[0]! & 3)
      }),
      { numRuns: 50 },
    )
    expect(hidden('3c:22:fb:00:00:01').slice(0, 8)).not.toBe('3c:22:fb')
    expect(hidden('3c:22:fb:00:00:01', keeper).slice(0, 8)).toBe('3c:22:fb')
    expect(hidden('3c:22:fb:00:00:01', keeper)).not.toBe('3c:22:fb:00:00:01')
    expect(hidden('02:22:fb:00:00:01', keeper).slice(0, 8)).not.toBe('02:22:fb')
  })
})

test('what is no address becomes zeros', () => {
  expect([...anonymizer.address(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  expect(anonymizer.address(new Uint8Array(0))).toHaveLength(0)
})

test('another key, another address and another name; the same key in another run, the same', () => {
  const other = new Anonymizer(Uint8Array.from(REFERENCE_KEY, (byte) => byte ^ 1))
  const again = new Anonymizer(REFERENCE_KEY)
  for (const address of ['192.0.2.1', '2001:db8::5', '3c:22:fb:00:00:01', '239.1.2.3']) {
    expect(hidden(address, other)).not.toBe(hidden(address))
    expect(hidden(address, again)).toBe(hidden(address))
  }
  expect(other.name('www.example.org')).not.toBe(anonymizer.name('www.example.org'))
  expect(again.name('www.example.org')).toBe(anonymizer.name('www.example.org'))
  expect(again.interfaceName('eth0')).toBe(anonymizer.interfaceName('eth0'))
  expect(anonymizer.interfaceName('eth0')).toMatch(/^if[0-9a-f]{10}$/)
})
