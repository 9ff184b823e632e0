import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KEY_SOURCE } from '../../src/abi/key-fields.ts'
import { parseBy } from '../../src/engine/by.ts'
import { Groups } from '../../src/engine/groups.ts'
import type { KeyValue } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

function group(by: string, flows: readonly TestFlow[], extraFields = 0): Groups {
  const grouping = parseBy(by)
  const groups = new Groups(grouping, flowTable(flows), grouping.keyFields | extraFields, createEndpointNamer())
  groups.update()
  return groups
}

function keys(by: string, flows: readonly TestFlow[]): KeyValue[][] {
  const groups = group(by, flows)
  return Array.from({ length: groups.size }, (_, id) => groups.key(id))
}

const tcp: TestFlow = { src: '10.0.0.9', dst: '10.0.0.2', protocol: 6, sourcePort: 443, destinationPort: 50000 }
const back: TestFlow = { src: '10.0.0.2', dst: '10.0.0.9', protocol: 6, sourcePort: 50000, destinationPort: 443 }
const udp6: TestFlow = { src: '2001:db8::1', dst: '2001:db8:0:1::2', protocol: 17, sourcePort: 53, vlans: [10, 20] }
const udp4: TestFlow = { src: '127.0.0.1', dst: '127.0.0.1', protocol: 17, destinationPort: 53, vlans: [0] }
const arp: TestFlow = { src: '02:00:00:00:00:01', dst: 'ff:ff:ff:ff:ff:ff', protocol: 0x806, interface: 3 }
const unknown: TestFlow = { protocol: 189 }
const ALL = [tcp, back, udp6, udp4, arp, unknown]

describe('key values', () => {
  it('pair', () => {
    expect(keys('pair', [tcp, arp, unknown])).toEqual([
      ['10.0.0.9', 'Private Network', null, '10.0.0.2', 'Private Network', null, 'TCP', 6],
      ['02:00:00:00:00:01', expect.any(String), null, 'ff:ff:ff:ff:ff:ff', 'Broadcast', null, 'ARP', null],
      ['interface 0', null, null, null, null, null, 'USB_LINUX', null],
    ])
  })

  it('flow has no port where a flow has none', () => {
    expect(keys('flow', [tcp, udp6])).toEqual([
      ['10.0.0.9', 'Private Network', null, 443, '10.0.0.2', 'Private Network', null, 50000, 'TCP', 6, null],
      ['2001:db8::1', 'Documentation', null, 53, '2001:db8:0:1::2', 'Documentation', null, null, 'UDP', 17, '10.20'],
    ])
  })

  it('protocol is one row for IPv4 and IPv6, and its number is only that of IP', () => {
    expect(keys('protocol', ALL)).toEqual([
      ['TCP', 6],
      ['UDP', 17],
      ['ARP', null],
      ['USB_LINUX', null],
    ])
    // The link type 17 and the EtherType 6 are no UDP and no TCP.
    expect(keys('protocol', [{ protocol: 17 }, udp4, { ...arp, protocol: 6 }, tcp])).toHaveLength(4)
  })

  it('service is the lower port that is not 0', () => {
    expect(keys('service', ALL)).toEqual([
      ['TCP', 6, 443],
      ['UDP', 17, 53],
      ['ARP', null, null],
      ['USB_LINUX', null, null],
    ])
  })

  it('vlan, interface, mac', () => {
    expect(keys('vlan', ALL)).toEqual([[null], ['10.20'], ['0']])
    expect(keys('interface', ALL)).toEqual([[0], [3]])
    expect(keys('mac', [{ ...tcp, sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' }])).toEqual([
      ['02:00:00:00:00:01', '02:00:00:00:00:02'],
    ])
  })

  it.each([
    ['src/24', [['10.0.0.0/24'], ['2001:db8::/64'], ['127.0.0.0/24'], [null]]],
    ['src/12/32', [['10.0.0.0/12'], ['2001:db8::/32'], ['127.0.0.0/12'], [null]]],
    ['dst/0/0', [['0.0.0.0/0'], ['::/0'], [null]]],
    ['dst/63', [['10.0.0.2/32'], ['10.0.0.9/32'], ['2001:db8::/63'], ['127.0.0.1/32'], [null]]],
    ['host/64', [['10.0.0.9/32'], ['10.0.0.2/32'], ['2001:db8::/64'], ['2001:db8:0:1::/64'], ['127.0.0.1/32'], [null]]],
  ])('%s', (by, expected) => {
    expect(keys(by, ALL)).toEqual(expected)
  })

  it('interfaces are called what the caller calls them', () => {
    const names = { ...createEndpointNamer(), interfaceName: (index: number) => `eth${index}` }
    const grouping = parseBy('interface')
    const groups = new Groups(grouping, flowTable([arp]), grouping.keyFields, names)
    groups.update()
    expect(groups.key(0)).toEqual(['eth3'])
  })
})

describe('two-sided groupings', () => {
  it('a conversation joins both directions and starts with the lower address', () => {
    const groups = group('conversation', ALL)
    expect([...groups.sender.subarray(0, 6)]).toEqual([0, 0, 1, 2, 3, 4])
    expect([...groups.forward.subarray(0, 6)]).toEqual([0, 1, 1, 1, 1, 1])
    expect(groups.receiver).toBe(groups.sender)
    expect(groups.key(0).slice(0, 8)).toEqual([
      '10.0.0.2',
      'Private Network',
      null,
      50000,
      '10.0.0.9',
      'Private Network',
      null,
      443,
    ])
  })

  it('ports decide between equal addresses', () => {
    const one = { ...udp4, sourcePort: 9, destinationPort: 8 }
    const groups = group('conversation', [one, { ...udp4, sourcePort: 8, destinationPort: 9 }])
    expect([groups.size, ...groups.forward.subarray(0, 2)]).toEqual([1, 0, 1])
    expect(groups.key(0)[3]).toBe(8)
  })

  it('a host counts as source and as destination, once when it is both', () => {
    const groups = group('host', ALL)
    expect([...groups.sender.subarray(0, 6)]).toEqual([0, 1, 2, 4, 5, 7])
    expect([...groups.receiver.subarray(0, 6)]).toEqual([1, 0, 3, 4, 6, 7])
    expect(groups.key(4)[0]).toBe('127.0.0.1')
  })
})

it('two flows share a group exactly when their key values are equal', () => {
  const anyFlow: fc.Arbitrary<TestFlow> = fc.oneof(
    fc.record({
      src: fc.constantFrom('10.0.0.1', '10.0.1.1', '11.0.0.1'),
      dst: fc.constantFrom('10.0.0.1', '10.0.1.2'),
      protocol: fc.constantFrom(6, 17),
      sourcePort: fc.constantFrom(0, 53, 5353),
      destinationPort: fc.constantFrom(0, 53, 80),
      vlans: fc.constantFrom([], [0], [1], [1, 2]),
      interface: fc.nat(1),
      sourceMac: fc.constantFrom('02:00:00:00:00:01', '02:00:00:00:00:02'),
    }),
    fc.record({ src: fc.constantFrom('2001:db8::1', '2001:db8:0:1::1'), dst: fc.constant('::'), protocol: fc.nat(1) }),
    fc.record({ protocol: fc.constantFrom(6, 17, 189) }),
  )
  const words = ['pair', 'flow', 'src', 'dst', 'protocol', 'service', 'vlan', 'mac', 'interface', 'src/16', 'dst/24/48']
  const anyBy = fc.oneof(
    fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((chosen) => chosen.join()),
    fc.constantFrom('host', 'conversation', 'host/24', 'host,protocol', 'conversation,vlan'),
  )
  fc.assert(
    fc.property(anyBy, fc.array(anyFlow, { maxLength: 30 }), (by, flows) => {
      // Says that the table's key has a field more than any grouping, so a flow may be there many times over.
      const groups = group(by, flows, 0x100)
      const texts = Array.from({ length: groups.size }, (_, id) => JSON.stringify(groups.key(id)))
      expect(new Set(texts).size).toBe(groups.size)
      for (const [flow, row] of flows.entries()) {
        const alone = group(by, [row], 0x100)
        expect(texts[groups.sender[flow]!]).toBe(JSON.stringify(alone.key(alone.sender[0]!)))
        expect(texts[groups.receiver[flow]!]).toBe(JSON.stringify(alone.key(alone.receiver[0]!)))
      }
    }),
    { numRuns: 300 },
  )
})

describe('update', () => {
  it('takes in flows that came to the table later', () => {
    const flows = [tcp]
    const grouping = parseBy('src')
    const groups = new Groups(grouping, flowTable(flows), grouping.keyFields, createEndpointNamer())
    groups.update()
    flows.push(back, tcp)
    groups.update()
    expect([...groups.sender.subarray(0, 3)]).toEqual([0, 1, 0])
  })

  it('hashes nothing when the table is keyed as the rows are', () => {
    const groups = group('pair', [tcp, back])
    expect([...groups.sender.subarray(0, 2), groups.size]).toEqual([0, 1, 2])
    expect(groups.key(1)[0]).toBe('10.0.0.2')
  })
})

it('refuses a table that lacks what the rows need', () => {
  const make = () => new Groups(parseBy('pair'), flowTable([]), KEY_SOURCE, createEndpointNamer())
  expect(make).toThrow(
    'The flow table was filled without what src, src_name, src_name_source, dst, dst_name, dst_name_source, protocol',
  )
})
