import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { KeyValue } from '../../src/engine/records.ts'
import { displayWidth } from '../../src/loggers/text-table.ts'
import { arrowOf, createReadKey, keyColumn, keyLine, naturalWidth } from '../../src/tui/row-key.ts'

const SHORT = { names: true, long: false }
const LONG = { names: true, long: true }
const ADDRESSES = { names: false, long: false }

function reader(by: string, names: Record<string, string> = {}) {
  const { columns, bidirectional } = parseBy(by)
  const analysis = { columns, bidirectional, windowNs: null, basis: 'frame' } as const
  const readKey = createReadKey(analysis, (address) => names[address] ?? null)
  return {
    readKey,
    line: (key: readonly KeyValue[], style = SHORT) => keyLine(readKey(key, style), arrowOf(analysis)),
  }
}

const FLOW = ['10.0.0.1', 'Private Network', 50000, '2001:db8::1', 'Documentation', 443, 'TCP', 6, null]
const HOSTS = { '10.0.0.1': 'laptop.lan' }

describe('what a row says', () => {
  const flow = parseBy('flow').columns
  const inOrder = (values: Record<string, KeyValue>) => flow.map((column) => values[column] ?? null)
  const key = inOrder({
    src: FLOW[0]!,
    src_name: FLOW[1]!,
    src_port: FLOW[2]!,
    dst: FLOW[3]!,
    dst_name: FLOW[4]!,
    dst_port: FLOW[5]!,
    protocol: 'TCP',
    protocol_number: 6,
  })

  test('addresses, with ports as RFC 3986 writes them', () => {
    expect(reader('flow').line(key)).toBe('10.0.0.1:50000 → [2001:db8::1]:443 TCP')
  })

  test('names in place of addresses, where somebody knows them and they are wanted', () => {
    expect(reader('flow', HOSTS).line(key)).toBe('laptop.lan:50000 → [2001:db8::1]:443 TCP')
    expect(reader('flow', HOSTS).line(key, ADDRESSES)).toBe('10.0.0.1:50000 → [2001:db8::1]:443 TCP')
  })

  test('both, where there is room: the label too', () => {
    expect(reader('flow', HOSTS).line(key, LONG)).toBe(
      'laptop.lan:50000 (10.0.0.1) → [2001:db8::1]:443 (Documentation) TCP',
    )
  })

  test('a name that the capture itself gave', () => {
    const named = key.map((value) => (value === 'Documentation' ? 'www.example.com' : value))
    expect(reader('flow').line(named)).toBe('10.0.0.1:50000 → www.example.com:443 TCP')
    // It comes before what servers say, and may read like a label.
    const told = key.map((value, i) => ({ src_name: 'Multicast', src_name_source: 'mdns' })[flow[i] as string] ?? value)
    expect(reader('flow', HOSTS).line(told)).toBe('Multicast:50000 → [2001:db8::1]:443 TCP')
  })

  test('VLANs, hosts, and what is none of these', () => {
    expect(reader('flow').line(key.map((value, i) => (flow[i] === 'vlan' ? '10.20' : value)))).toMatch(
      /TCP vlan 10\.20$/,
    )
    expect(reader('host', HOSTS).line(['10.0.0.1', 'Private Network', null])).toBe('laptop.lan')
    expect(reader('service').line(['TCP', 6, 443])).toBe('port 443 (TCP)')
    expect(reader('protocol').line(['UDP', 17])).toBe('UDP')
    expect(reader('pair').line([null, null, null, null, null, null, 'unknown', null])).toBe(
      'no address → no address unknown',
    )
  })

  test('what comes from outside cannot act on the terminal', () => {
    const evil = { '10.0.0.1': '\x1b[2Jgone' }
    expect(reader('host', evil).line(['10.0.0.1', 'Private Network', null])).toBe('\\x1b[2Jgone')
    expect(reader('host').line(['eth0\x07', null, null])).toBe('eth0\\x07')
  })
})

describe('as a column', () => {
  const { readKey } = reader('pair')
  const keys = [
    ['192.168.1.20', '', null, '198.51.100.60', '', null, 'UDP', 17],
    ['2001:db8:85a3:1319:8a2e:370:7344:7334', '', null, 'fd00::20', '', null, 'ICMPv6', 58],
  ].map((key) => readKey(key, SHORT))

  test('ends stand below each other', () => {
    expect(keyColumn(keys, '→', 70)).toEqual([
      '192.168.1.20                          → 198.51.100.60 UDP             ',
      '2001:db8:85a3:1319:8a2e:370:7344:7334 → fd00::20      ICMPv6          ',
    ])
  })

  test('the end that is too long loses its middle, the other stays', () => {
    expect(keyColumn(keys, '→', 40)).toEqual([
      '192.168.1.20      → 198.51.100.60 UDP   ',
      '2001:db8…344:7334 → fd00::20      ICMPv6',
    ])
  })

  test('nothing is shortened from the natural width on', () => {
    const width = naturalWidth(keys, '→')
    expect(keyColumn(keys, '→', width).join()).not.toContain('…')
    expect(keyColumn(keys, '→', width - 1).join()).toContain('…')
  })

  test('every line is as wide as asked for, ports are kept', () => {
    const flow = reader('flow').readKey
    const ends = { src: '2001:db8:85a3:1319:8a2e:370:7344:7334', src_port: 50000, dst: '10.0.0.1', dst_port: 443 }
    const key = parseBy('flow').columns.map((column) => (ends as Record<string, KeyValue>)[column] ?? null)
    for (let width = 20; width < 80; width++) {
      const [line] = keyColumn([flow(key, SHORT)], '→', width)
      expect(displayWidth(line!)).toBe(width)
      expect(line).toContain(':50000')
      expect(line).toContain(':443')
    }
  })
})
