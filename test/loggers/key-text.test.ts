import { expect, test } from 'vitest'
import type { KeyColumn, KeyValue } from '../../src/engine/records.ts'
import { createKeyText, groupNoun } from '../../src/loggers/key-text.ts'
import { analysis, PAIR_COLUMNS } from './records.ts'

const FLOW: KeyColumn[] = [
  'src',
  'src_name',
  'src_port',
  'dst',
  'dst_name',
  'dst_port',
  'protocol',
  'protocol_number',
  'vlan',
]

function say(columns: readonly KeyColumn[], key: readonly KeyValue[], bidirectional = false) {
  const about = analysis({ columns, bidirectional })
  return `${groupNoun(about)}: ${createKeyText(about)(key)}`
}

test.each<[readonly KeyColumn[], KeyValue[], string]>([
  [
    PAIR_COLUMNS,
    ['10.0.0.1', 'Private Network', '8.8.8.8', 'No-DNS', 'UDP', 17],
    'pair: 10.0.0.1 (Private Network) → 8.8.8.8 (No-DNS) (UDP)',
  ],
  [['direction'], ['up'], 'direction: up'],
  [['direction'], [null], 'direction: no direction'],
  [
    ['src', 'src_name', 'direction'],
    ['10.0.0.1', 'Private Network', 'up'],
    'source: 10.0.0.1 (Private Network) → any going up',
  ],
  [PAIR_COLUMNS, ['(evicted)', null, null, null, '(evicted)', null], 'pair: (evicted)'],
  [
    PAIR_COLUMNS,
    ['00:11:22:33:44:55', null, 'ff:ff:ff:ff:ff:ff', 'Broadcast', 'ARP', 2054],
    'pair: 00:11:22:33:44:55 → ff:ff:ff:ff:ff:ff (Broadcast) (ARP)',
  ],
  [PAIR_COLUMNS, [null, null, null, null, 'LINKTYPE_USER0', 147], 'pair: no address (LINKTYPE_USER0)'],
  [PAIR_COLUMNS, ['10.0.0.1', null, '10.0.0.2', null, null, 143], 'pair: 10.0.0.1 → 10.0.0.2 (protocol 143)'],
  [
    FLOW,
    ['10.0.0.1', 'Private Network', 443, '10.0.0.2', 'Private Network', 50000, 'TCP', 6, 10],
    'flow: 10.0.0.1:443 (Private Network) → 10.0.0.2:50000 (Private Network) (TCP) vlan 10',
  ],
  [
    FLOW,
    ['2001:db8::1', 'Documentation', 53, 'ff02::fb', 'Multicast', 5353, 'UDP', 17, null],
    'flow: [2001:db8::1]:53 (Documentation) → [ff02::fb]:5353 (Multicast) (UDP)',
  ],
  [
    FLOW,
    ['fe80::1', 'Link-Local', null, 'ff02::1', 'Multicast', null, 'ICMPv6', 58, '10.20'],
    'flow: fe80::1 (Link-Local) → ff02::1 (Multicast) (ICMPv6) vlan 10.20',
  ],
  [['src', 'src_name'], ['10.0.0.1', 'Private Network'], 'source: 10.0.0.1 (Private Network) → any'],
  [['dst', 'dst_name'], ['10.0.0.1', 'Private Network'], 'destination: any → 10.0.0.1 (Private Network)'],
  [['host', 'host_name'], ['10.0.0.1', 'Private Network'], 'host: 10.0.0.1 (Private Network)'],
  [['host', 'host_name', 'protocol', 'protocol_number'], ['10.0.0.1', null, 'TCP', 6], 'host: 10.0.0.1 (TCP)'],
  [['protocol', 'protocol_number'], ['TCP', 6], 'protocol: TCP'],
  [['protocol', 'protocol_number', 'port'], ['TCP', 6, 443], 'port: port 443 (TCP)'],
  [['port'], [null], 'port: no port'],
  [['vlan'], [10], 'VLAN: vlan 10'],
  [['vlan', 'protocol'], [null, 'TCP'], 'VLAN: no vlan (TCP)'],
  [['interface'], ['eth0'], 'interface: interface eth0'],
  [['host', 'interface'], ['10.0.0.1', 'eth0'], 'group: 10.0.0.1 on eth0'],
  [['subnet'], ['10.0.0.0/24'], 'subnet: 10.0.0.0/24'],
  [['src_subnet'], ['10.0.0.0/24'], 'source subnet: 10.0.0.0/24 → any'],
  [['src_subnet', 'dst_subnet'], ['10.0.0.0/24', '2001:db8::/64'], 'subnet pair: 10.0.0.0/24 → 2001:db8::/64'],
  [
    ['src_mac', 'dst_mac'],
    ['00:11:22:33:44:55', '66:77:88:99:aa:bb'],
    'MAC pair: 00:11:22:33:44:55 → 66:77:88:99:aa:bb',
  ],
  [
    ['src', 'src_subnet', 'src_mac'],
    ['10.0.0.1', '10.0.0.0/24', '00:11:22:33:44:55'],
    'group: 10.0.0.1 in 10.0.0.0/24 at 00:11:22:33:44:55 → any',
  ],
])('%j %j', (columns, key, said) => expect(say(columns, key)).toBe(said))

test('a conversation has an arrow with two heads', () => {
  expect(say(FLOW, ['10.0.0.1', null, 443, '10.0.0.2', null, 50000, 'TCP', 6, null], true)).toBe(
    'conversation: 10.0.0.1:443 ↔ 10.0.0.2:50000 (TCP)',
  )
})

test('names cannot send escape sequences', () => {
  expect(say(['host', 'host_name'], ['10.0.0.1', 'evil\x1b[2J\n.example'])).toBe(
    'host: 10.0.0.1 (evil\\x1b[2J\\x0a.example)',
  )
})

test('a name says who told it and how many others there are; one that is no host name is quoted', () => {
  const columns = ['src', 'src_name', 'src_name_source'] as const
  const others = (address: string) => (address === '192.0.2.1' ? 1 : 0)
  const text = createKeyText({ columns, windowNs: null, basis: 'frame', bidirectional: false }, others)
  expect(text(['192.0.2.1', 'api.example.com', 'dns'])).toBe('192.0.2.1 (api.example.com [dns, +1]) → any')
  expect(text(['192.0.2.2', 'a.example [hosts', 'tls'])).toBe('192.0.2.2 ("a.example [hosts" [tls]) → any')
  expect(text(['192.0.2.3', 'Documentation', null])).toBe('192.0.2.3 (Documentation) → any')
})
