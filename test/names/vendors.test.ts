import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BROADCAST, createVendors, LOCAL, MULTICAST } from '../../src/names/vendors.ts'
import { readVendors } from '../../src/node/name-files.ts'

const text = readVendors()
const vendors = createVendors(text)

test.each([
  ['00:00:0c:07:ac:01', 'Cisco Systems, Inc'],
  ['08:00:27:12:34:56', 'PCS Systemtechnik GmbH'],
  // MA-M: the 24 bits before it are the registry's own.
  ['c8:5c:e2:7a:bc:de', 'SYNERGY SYSTEMS AND SOLUTIONS'],
  // MA-S, of 36 bits.
  ['70:b3:d5:00:10:01', 'SOREDI touch systems GmbH'],
  // Registered before the bit said that an address is local: DEC.
  ['aa:00:04:00:01:02', 'DIGITAL EQUIPMENT CORPORATION'],
  ['02:42:ac:11:00:02', LOCAL],
  ['01:00:5e:00:00:fb', MULTICAST],
  ['33:33:00:00:00:01', MULTICAST],
  ['ff:ff:ff:ff:ff:ff', BROADCAST],
])('%s: %s', (mac, vendor) => {
  expect(vendors.vendorOf(mac)).toBe(vendor)
})

test.each(['', '10.0.0.1', '::1', '00:00:0c', '00:00:0C:07:AC:01', '00-00-0c-07-ac-01', '(evicted)', 'a'.repeat(17)])(
  '%j is no MAC address',
  (mac) => {
    expect(vendors.vendorOf(mac)).toBeNull()
  },
)

test('the search finds what a map has, and nothing else', () => {
  const map = new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
  const expected = (digits: string) =>
    map.get(digits.slice(0, 9)) ?? map.get(digits.slice(0, 7)) ?? map.get(digits.slice(0, 6))
  const prefixes = [...map.keys()]
  const anyDigits = fc.oneof(
    fc.stringMatching(/^[0-9a-f]{12}$/),
    fc
      .tuple(fc.nat(prefixes.length - 1), fc.stringMatching(/^[0-9a-f]{6}$/))
      .map(([i, rest]) => (prefixes[i]! + rest).slice(0, 12)),
    fc.constantFrom(prefixes[0]!, prefixes.at(-1)!).map((prefix) => prefix.padEnd(12, '0')),
  )
  fc.assert(
    fc.property(anyDigits, (digits) => {
      fc.pre(digits.length === 12 && (Number.parseInt(digits.slice(0, 2), 16) & 3) === 0)
      const mac = digits.match(/../g)!.join(':')
      expect(vendors.vendorOf(mac)).toBe(expected(digits) ?? null)
    }),
    { numRuns: 2000 },
  )
})

test('of an empty table nobody is known', () => {
  expect(createVendors('').vendorOf('00:00:0c:07:ac:01')).toBeNull()
  expect(createVendors('# nothing\n').vendorOf('00:00:0c:07:ac:01')).toBeNull()
  expect(createVendors('00000c One').vendorOf('00:00:0c:07:ac:01')).toBe('One')
})

/**
 * Wireshark's table, of its release's day; ours is younger. It has prefixes that ours has not: the IEEE's IAB registry, closed in
 * 2014 (00:50:c2 and 40:d8:55 with 12 more bits), some that were given back, and some that it collects itself.
 */
const file = '/usr/share/wireshark/manuf'

describe.skipIf(!existsSync(file))("Wireshark's table", () => {
  const rows = Array.from(readFileSync(file, 'utf8').matchAll(/^([0-9A-F:]+)(?:\/(\d+))?\t(\S+)\t?(.*)$/gm))
  const known = rows
    .filter(([, prefix, bits]) => (bits === undefined && prefix!.length === 8) || bits === '28' || bits === '36')
    .map(([, prefix, , short, long]) => ({ mac: prefix!.toLowerCase().padEnd(17, ':00'), name: long! || short! }))
    .filter(({ mac, name }) => (Number.parseInt(mac, 16) & 3) === 0 && name !== 'IEEE Registration Authority')
    .filter(({ mac }) => !mac.startsWith('00:50:c2') && !mac.startsWith('40:d8:55'))
  const firstWord = (name: string) => name.toLowerCase().match(/[a-z0-9]+/)?.[0]

  test('has a vendor where ours has one', () => {
    expect(known.length).toBeGreaterThan(30_000)
    const unknown = known.filter(({ mac }) => vendors.vendorOf(mac) === null)
    expect(unknown.length / known.length).toBeLessThan(0.01)
  })

  test('and the same one, but for companies that have other names now', () => {
    const same = known.filter(({ mac, name }) => firstWord(vendors.vendorOf(mac) ?? '') === firstWord(name))
    expect(same.length / known.length).toBeGreaterThan(0.95)
  })
})
