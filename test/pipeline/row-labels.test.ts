import { describe, expect, test } from 'vitest'
import type { KeyColumn, KeyValue, Row } from '../../src/engine/records.ts'
import { NO_FACTS } from '../../src/names/geo.ts'
import { parseServices } from '../../src/names/services.ts'
import { createVendors } from '../../src/names/vendors.ts'
import {
  communityLabels,
  geoLabels,
  type RowLabels,
  serviceLabels,
  uidLabels,
  vendorLabels,
} from '../../src/pipeline/row-labels.ts'

const FLOW: readonly KeyColumn[] = [
  'src',
  'src_name',
  'src_port',
  'dst',
  'dst_name',
  'dst_port',
  'protocol',
  'protocol_number',
]
const SERVICE: readonly KeyColumn[] = ['protocol', 'protocol_number', 'port']

function rowOf(key: readonly KeyValue[], more: Partial<Row> = {}): Row {
  return { key, packets: 3, bytes: 300, bitsPerSecond: null, ...more }
}

function flow(
  src: string,
  srcPort: number | null,
  dst: string,
  dstPort: number | null,
  protocol: number | null,
  more?: Partial<Row>,
) {
  return rowOf([src, null, srcPort, dst, null, dstPort, 'X', protocol], more)
}

function namesOf(labels: RowLabels | null): readonly string[] | undefined {
  return labels?.columns.map(({ name }) => name)
}

describe('services', () => {
  const services = parseServices('53/udp domain\n443/tcp https\n443/udp quic\n')

  test('of the port, by the protocol', () => {
    const labels = serviceLabels(SERVICE, services)!
    expect(namesOf(labels)).toEqual(['service'])
    const of = (protocol: number | null, port: number | null) => labels.values(rowOf(['X', protocol, port]))
    expect([of(6, 443), of(17, 443), of(6, 53), of(6, null), of(null, 443)]).toEqual([
      ['https'],
      ['quic'],
      [null],
      [null],
      [null],
    ])
  })

  test('of the lower of two ports', () => {
    const labels = serviceLabels(FLOW, services)!
    const of = (srcPort: number | null, dstPort: number | null) => labels.values(flow('a', srcPort, 'b', dstPort, 17))
    expect([of(50000, 53), of(53, 50000), of(53, null), of(50000, 443), of(443, 53), of(null, null)]).toEqual([
      ['domain'],
      ['domain'],
      ['domain'],
      ['quic'],
      ['domain'],
      [null],
    ])
  })

  test('not without ports, or a protocol whose they are', () => {
    expect(serviceLabels(['src', 'src_name', 'protocol', 'protocol_number'], services)).toBeNull()
    expect(serviceLabels(['src_port'], services)).toBeNull()
  })
})

describe('vendors', () => {
  const vendors = createVendors('00000c Cisco\n')

  test('of MAC addresses where they are', () => {
    const labels = vendorLabels(['src_mac', 'dst_mac'], vendors)!
    expect(namesOf(labels)).toEqual(['src_vendor', 'dst_vendor'])
    expect(labels.values(rowOf(['00:00:0c:01:02:03', 'ff:ff:ff:ff:ff:ff']))).toEqual(['Cisco', '(broadcast)'])
    expect(labels.values(rowOf(['', null]))).toEqual([null, null])
  })

  test('of an end without IP', () => {
    const labels = vendorLabels(['src', 'src_name', 'dst', 'dst_name', 'protocol', 'protocol_number'], vendors)!
    expect(labels.values(rowOf(['00:00:0c:01:02:03', 'Ethernet', '192.0.2.1', null, 'ARP', null]))).toEqual([
      'Cisco',
      null,
    ])
    expect(namesOf(vendorLabels(['host', 'host_name'], vendors))).toEqual(['host_vendor'])
  })

  test('beside IP the MAC address counts', () => {
    const labels = vendorLabels(['src', 'src_name', 'src_mac', 'dst_mac'], vendors)!
    expect(labels.values(rowOf(['192.0.2.1', null, '00:00:0c:01:02:03', '02:00:00:00:00:01']))).toEqual([
      'Cisco',
      '(locally administered)',
    ])
  })

  test('not without addresses', () => {
    expect(vendorLabels(SERVICE, vendors)).toBeNull()
  })
})

describe('country and AS', () => {
  const asked: string[] = []
  const geo = {
    fields: ['country', 'asn', 'asName'] as const,
    lookup(address: string) {
      asked.push(address)
      return address === '192.0.2.1' ? { country: 'SE', asn: 64496, asName: 'Example' } : NO_FACTS
    },
  }

  test('of each end', () => {
    const labels = geoLabels(FLOW, geo)!
    expect(namesOf(labels)).toEqual(['src_country', 'src_asn', 'src_as_name', 'dst_country', 'dst_asn', 'dst_as_name'])
    expect(labels.values(flow('192.0.2.1', 1, '10.0.0.1', 2, 6))).toEqual(['SE', 64496, 'Example', null, null, null])
  })

  test('only addresses of IP are looked up', () => {
    asked.length = 0
    const labels = geoLabels(['host', 'host_name'], geo)!
    for (const host of ['00:00:0c:01:02:03', '(evicted)', 'eth0', null, '2001:db8::1'])
      labels.values(rowOf([host, null]))
    expect(asked).toEqual(['2001:db8::1'])
  })

  test('only what the databases can know has columns', () => {
    expect(namesOf(geoLabels(['dst', 'dst_name'], { ...geo, fields: ['country'] }))).toEqual(['dst_country'])
    expect(geoLabels(SERVICE, geo)).toBeNull()
  })
})

/** Ids: github.com/corelight/community-id-spec, baseline_deflt.json. */
describe('Community ID', () => {
  const labels = communityLabels(FLOW)!

  test.each<[string, Row, string | null]>([
    ['UDP', flow('192.168.1.52', 54585, '8.8.8.8', 53, 17), '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
    ['echo', flow('192.168.0.89', 8, '192.168.0.1', null, 1), '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
    ['its answer', flow('192.168.0.1', null, '192.168.0.89', 8, 1), '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
    ['a message without answer', flow('10.0.0.1', 11, '10.0.0.2', null, 1), '1:YHxtAirCG//0OzkcVAukqKQN9xM='],
    [
      'the same in a conversation whose second end sent it',
      flow('10.0.0.2', null, '10.0.0.1', 11, 1, { sent: { packets: 0, bytes: 0 } }),
      '1:YHxtAirCG//0OzkcVAukqKQN9xM=',
    ],
    ['no ports', flow('10.1.12.1', null, '10.1.12.2', null, 46), '1:KHlLkgoJW7ifUTyTSgyVfkFHzKw='],
    ['a fragment', flow('192.168.1.52', null, '8.8.8.8', null, 17), null],
    ['no IP', flow('00:00:0c:01:02:03', null, 'ff:ff:ff:ff:ff:ff', null, null), null],
    ['the evicted flow', flow('(evicted)', null, '', null, null), null],
  ])('%s', (_name, row, id) => {
    expect(labels.values(row)).toEqual([id])
  })

  test('not without both addresses and both ports', () => {
    expect(communityLabels(FLOW.filter((column) => column !== 'dst_port'))).toBeNull()
    expect(communityLabels(SERVICE)).toBeNull()
  })
})

test('the uid of a connection follows from its ends and its beginning', () => {
  const labels = uidLabels(FLOW, [
    { name: 'min_bits_per_second', title: 'min', kind: 'rate' },
    { name: 'first_seen_ns', title: 'first seen', kind: 'text' },
  ])
  const uid = (rate: number, first: string, port = 53) =>
    labels.values(flow('192.0.2.1', 5000, '192.0.2.2', port, 17, { extras: [rate, first] }))[0]
  expect(uid(1, '1')).toMatch(/^C[0-9A-Za-z]{16}$/)
  expect(uid(2, '1')).toBe(uid(1, '1'))
  expect(uid(1, '2')).not.toBe(uid(1, '1'))
  expect(uid(1, '1', 54)).not.toBe(uid(1, '1'))
})
