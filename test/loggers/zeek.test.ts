import { describe, expect, test } from 'vitest'
import type { Analysis, ExtraColumn, KeyValue, Row } from '../../src/engine/records.ts'
import { createZeekLogger } from '../../src/loggers/zeek.ts'
import { parseZeekLog } from '../support/zeek-log.ts'
import { capture, SECOND, START, span } from './records.ts'

const COLUMNS = ['src', 'src_name', 'src_port', 'dst', 'dst_name', 'dst_port', 'protocol', 'protocol_number'] as const
const EXTRAS = [
  'first_seen_ns',
  'last_seen_ns',
  'duration_ms',
  'first_sender',
  'sent_ip_bytes',
  'received_ip_bytes',
  'conn_state',
  'history',
  'community_id',
  'uid',
] as const
type Extra = (typeof EXTRAS)[number]

const ANALYSIS: Analysis = {
  columns: COLUMNS,
  windowNs: null,
  basis: 'payload',
  bidirectional: true,
  extras: EXTRAS.map((name): ExtraColumn => ({ name, title: name, kind: 'text' })),
}

const KNOWN: Readonly<Record<Extra, string | number | null>> = {
  first_seen_ns: `${START + 123_456_789n}`,
  last_seen_ns: `${START + 2n * SECOND}`,
  duration_ms: 0,
  first_sender: 'src',
  sent_ip_bytes: 240,
  received_ip_bytes: 1500,
  conn_state: 'SF',
  history: 'ShADadFf',
  community_id: '1:wCb3OG7yAFWelaUydu0D+125CLM=',
  uid: 'CHhAvVGS1DHFjwGM9',
}

const TCP = ['192.0.2.1', 'Documentation', 51234, '198.51.100.7', 'No-DNS', 443, 'TCP', 6]

/** 3 packets and 100 bytes there, 2 packets and 900 back. */
function rowOf(key: readonly KeyValue[] = TCP, known: Partial<typeof KNOWN> = {}, back = 2): Row {
  const all = { ...KNOWN, ...known }
  return {
    key,
    packets: 3 + back,
    bytes: 100 + 450 * back,
    bitsPerSecond: null,
    sent: { packets: 3, bytes: 100 },
    extras: EXTRAS.map((name) => all[name]),
  }
}

function log(rows: readonly Row[], analysis = ANALYSIS): string {
  const logger = createZeekLogger(analysis)
  const records = [capture(), span({ rows })]
  return [logger.begin(), ...records.flatMap((record) => [...logger.record(record)]), logger.end()].join('')
}

function only(row: Row): Readonly<Record<string, string>> {
  const { rows } = parseZeekLog(log([row]))
  expect(rows.length).toBe(1)
  return rows[0]!
}

/** docs.zeek.org/en/master/logs/conn.html, and base/protocols/conn/main.zeek: the names and types of Conn::Info. */
test('the head and the tail are those of a log of Zeek', () => {
  expect(log([]).split('\n')).toEqual([
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tconn',
    '#open\t2025-11-03-10-00-05',
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\tcommunity_id',
    '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]\tstring',
    '#close\t2025-11-03-10-00-10',
    '',
  ])
})

test('a line has what is known of a conversation, from its first end', () => {
  expect(only(rowOf())).toEqual({
    ts: '1762164005.123456',
    uid: 'CHhAvVGS1DHFjwGM9',
    'id.orig_h': '192.0.2.1',
    'id.orig_p': '51234',
    'id.resp_h': '198.51.100.7',
    'id.resp_p': '443',
    proto: 'tcp',
    service: '-',
    duration: '1.876543',
    orig_bytes: '100',
    resp_bytes: '900',
    conn_state: 'SF',
    local_orig: '-',
    local_resp: '-',
    missed_bytes: '-',
    history: 'ShADadFf',
    orig_pkts: '3',
    orig_ip_bytes: '240',
    resp_pkts: '2',
    resp_ip_bytes: '1500',
    tunnel_parents: '-',
    community_id: '1:wCb3OG7yAFWelaUydu0D+125CLM=',
  })
})

describe('the originator is', () => {
  const ends = (row: Row) => {
    const fields = only(row)
    return [fields['id.orig_h'], fields.orig_bytes, fields.orig_pkts, fields.orig_ip_bytes, fields['id.resp_p']]
  }
  const source = ['192.0.2.1', '100', '3', '240', '443']
  const destination = ['198.51.100.7', '900', '2', '1500', '51234']

  test('who sent first', () => {
    expect(ends(rowOf(TCP, { first_sender: 'src' }))).toEqual(source)
    expect(ends(rowOf(TCP, { first_sender: 'dst' }))).toEqual(destination)
  })

  test('the other one where the history of TCP says so', () => {
    expect(ends(rowOf(TCP, { first_sender: 'src', history: '^hADad' }))).toEqual(destination)
    expect(ends(rowOf(TCP, { first_sender: 'dst', history: '^hADad' }))).toEqual(source)
    expect(ends(rowOf(TCP, { first_sender: 'src', history: '^h^ADad' }))).toEqual(source)
  })

  test('of UDP who sent first, whatever stands in the history', () => {
    const udp = [...TCP.slice(0, 6), 'UDP', 17]
    expect(ends(rowOf(udp, { first_sender: 'src', history: '^' }))).toEqual(source)
  })
})

describe('states', () => {
  const stateOf = (protocol: number, back: number, known: Partial<typeof KNOWN> = {}) => {
    const { proto, conn_state, history } = only(rowOf([...TCP.slice(0, 6), 'X', protocol], known, back))
    return [proto, conn_state, history]
  }

  /** scripts/base/protocols/conn/main.zeek, conn_state; analyzers of UDP write D for the originator's packets and d for the others. */
  test('of UDP by whether it was answered, of ICMP none', () => {
    expect(stateOf(17, 2)).toEqual(['udp', 'SF', 'Dd'])
    expect(stateOf(17, 0)).toEqual(['udp', 'S0', 'D'])
    expect(stateOf(1, 2)).toEqual(['icmp', 'OTH', '-'])
    expect(stateOf(58, 0)).toEqual(['icmp', 'OTH', '-'])
    expect(stateOf(47, 2)).toEqual(['unknown_transport', 'OTH', '-'])
  })

  test('of TCP as it was followed, or unset', () => {
    expect(stateOf(6, 2, { conn_state: 'S0', history: 'S' })).toEqual(['tcp', 'S0', 'S'])
    expect(stateOf(6, 2, { conn_state: null, history: null })).toEqual(['tcp', '-', '-'])
  })
})

test('of a single moment there is no duration, and no bytes', () => {
  const { ts, duration, orig_bytes, resp_bytes, orig_pkts } = only(rowOf(TCP, { last_seen_ns: KNOWN.first_seen_ns }))
  expect([ts, duration, orig_bytes, resp_bytes, orig_pkts]).toEqual(['1762164005.123456', '-', '-', '-', '3'])
})

test('before 1970, and at no time', () => {
  expect(only(rowOf(TCP, { first_seen_ns: '-1500000000', last_seen_ns: '0' })).ts).toBe('-1.500000')
  expect(only(rowOf(TCP, { first_seen_ns: null, last_seen_ns: null })).ts).toBe('-')
})

test('what has no IP is no connection', () => {
  expect(parseZeekLog(log([rowOf([...TCP.slice(0, 6), 'ARP', null]), rowOf()])).rows.length).toBe(1)
})

test('ports are 0 where there are none', () => {
  const fields = only(rowOf(['192.0.2.1', null, null, '192.0.2.2', null, null, 'GRE', 47]))
  expect([fields['id.orig_p'], fields['id.resp_p']]).toEqual(['0', '0'])
})

test('text cannot leave its field', () => {
  expect(only(rowOf(TCP, { history: 'S\t\n\x1b[31m' })).history).toBe('S\\x09\\x0a\\x1b[31m')
})

test('rows without what it takes are refused', () => {
  expect(() => createZeekLogger({ ...ANALYSIS, extras: [] })).toThrow('zeek: rows lack uid, first_seen_ns')
})
