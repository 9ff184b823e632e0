import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { compareKeys } from '../../src/engine/compare-keys.ts'
import { Groups } from '../../src/engine/groups.ts'
import { KeyOrder } from '../../src/engine/key-order.ts'
import type { KeyNames } from '../../src/engine/key-parts.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const group = fc.constantFrom('0', '1', '10', 'a', '1a', 'ffff', 'db8')
const ipv6 = fc.oneof(
  fc.ipV6().filter((text) => !text.includes('.')),
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
  fc.constantFrom('::', '::1', '2001:db8::1', '2001:db8::10', '2001:db8:0:1::', '::ffff:a00:1'),
)
/** With digits of every number, and their likes in IPv6 and MAC addresses. */
const octet = fc.oneof(fc.nat(255), fc.constantFrom(1, 2, 10, 19, 20, 100, 198))
const ipv4 = fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.'))
const mac = fc
  .array(fc.constantFrom('00', '01', '10', 'a0', 'ff'), { minLength: 6, maxLength: 6 })
  .map((o) => o.join(':'))
const ends = fc.oneof(
  ...[ipv4, ipv6, mac].map((address) => fc.record({ src: address, dst: address })),
  fc.record({ interface: fc.nat(7) }),
)
const details = fc.record({
  protocol: fc.constantFrom(1, 6, 17, 0x0800),
  sourcePort: fc.constantFrom(0, 1, 2, 10, 443, 65535),
  destinationPort: fc.constantFrom(0, 1, 2, 10, 443, 65535),
  vlans: fc.array(fc.constantFrom(1, 2, 10, 20), { maxLength: 2 }),
})
const flows: fc.Arbitrary<TestFlow[]> = fc.array(
  fc.tuple(ends, details).map(([end, rest]) => ({ ...end, ...rest })),
  { maxLength: 60 },
)

/** Interfaces may be called what they like. */
const interfaceNames = ['eth0', '10.0.0.1', '', 'é', '\0', '2001:db8::1', '\u{1f600}', null] as const
const interfaceName = (id: number) => interfaceNames[id] ?? null
const namer = createEndpointNamer()
const canonical: KeyNames = { describe: namer.describe, nameOf: namer.nameOf, interfaceName }
const ofItsOwn: KeyNames = {
  describe: (bytes) => ({ address: `host-${bytes.at(-1)}`, name: bytes.length > 4 ? null : `é${bytes[0]}` }),
  interfaceName,
}

describe.each([
  'flow',
  'pair',
  'conversation',
  'host',
  'src/24',
  'protocol',
  'service',
  'vlan',
  'interface',
  'mac,dst',
])('by %s', (by) => {
  test.each([
    ['names of addresses', canonical],
    ['names that say addresses in their own way', ofItsOwn],
  ])('rows stand as their keys are compared, with %s', (_, names) => {
    fc.assert(
      fc.property(flows, fc.nat(5), (list, before) => {
        const grouping = parseBy(by)
        const groups = new Groups(grouping, flowTable(list), grouping.keyFields, names)
        groups.update()
        const all = Float64Array.from({ length: groups.size + before }, (_, i) => Math.max(0, i - before))
        const rows = Uint32Array.from({ length: groups.size }, (_, i) => before + ((i * 7) % groups.size))
        const distinct = [...new Set(rows)]
        const expected = distinct
          .map((row) => ({ row, key: groups.key(all[row]!) }))
          .sort((a, b) => compareKeys(a.key, b.key))
          .map(({ key }) => key)
        const sorted = Uint32Array.from([99, ...distinct, 98])
        new KeyOrder(groups).sort(all, sorted, 1, sorted.length - 1)
        expect([sorted[0], sorted.at(-1)]).toEqual([99, 98])
        const result = [...sorted.subarray(1, -1)]
        expect(result.map((row) => groups.key(all[row]!))).toEqual(expected)
        expect(result.toSorted()).toEqual(distinct.toSorted())
      }),
      { numRuns: 150 },
    )
  })
})

test('thousands of rows', () => {
  const list = Array.from({ length: 5000 }, (_, i) => ({
    src: i % 3 === 0 ? `2001:db8::${(i * 7919) % 5000}` : `10.${i % 7}.${(i * 31) % 256}.${(i * 7) % 256}`,
    protocol: 6,
    sourcePort: i,
  }))
  const grouping = parseBy('flow')
  const groups = new Groups(grouping, flowTable(list), grouping.keyFields, canonical)
  groups.update()
  const all = Float64Array.from({ length: groups.size }, (_, i) => i)
  const rows = Uint32Array.from(all)
  new KeyOrder(groups).sort(all, rows, 0, rows.length)
  const keys = [...rows].map((row) => groups.key(row))
  expect(new Set(rows).size).toBe(5000)
  for (let i = 1; i < keys.length; i++) expect(compareKeys(keys[i - 1]!, keys[i]!)).toBeLessThanOrEqual(0)
})
