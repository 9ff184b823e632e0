/** Columns of headers, frame by frame, as tshark reads them. */
import { describe, expect, test } from 'vitest'
import { ask } from '../../support/ask.ts'
import { capturesFolder } from '../../support/captures.ts'
import { missingTools, output } from '../../support/tools.ts'

const FIELDS = {
  frame: 'frame.number',
  length: 'frame.len',
  captured_length: 'frame.cap_len',
  src_mac: 'eth.src',
  dst_mac: 'eth.dst',
  tcp_sequence: 'tcp.seq_raw',
  tcp_acknowledgment: 'tcp.ack_raw',
  tcp_window: 'tcp.window_size_value',
} as const
const MORE = [
  'ip.ttl',
  'ipv6.hlim',
  'icmp.type',
  'icmpv6.type',
  'icmp.code',
  'icmpv6.code',
  'tcp.flags',
  'ip.len',
  'tcp.len',
  'frame.time_epoch',
]
const LETTERS = 'FSRPAUEC'

describe.skipIf(missingTools('tshark') !== null)('as tshark', () => {
  test.each(['office.pcapng', 'tcp-trouble.pcap', 'vlan.pcapng', 'office-snaplen-96.pcap'])('%s', async (file) => {
    const path = `${capturesFolder}${file}`
    const fields = [...Object.values(FIELDS), ...MORE]
    const text = output('tshark', [
      ...['-r', path, '-T', 'fields', '-E', 'occurrence=f', '-E', 'separator=|'],
      ...['-o', 'ip.defragment:FALSE', '-o', 'tcp.desegment_tcp_streams:FALSE'],
      ...fields.flatMap((field) => ['-e', field]),
    ])
    const lines = text.trimEnd().split('\n')
    const rows = await ask([path], 'select * from packets order by frame')
    expect(rows).toHaveLength(lines.length)
    for (const [i, line] of lines.entries()) {
      const values = line.split('|')
      const field = (name: string) => values[fields.indexOf(name)] || null
      const row = rows[i]!
      for (const [column, name] of Object.entries(FIELDS)) {
        const value = field(name)
        expect({ [column]: row[column] === null ? null : String(row[column]) }).toEqual({ [column]: value })
      }
      const number = (...names: string[]) => {
        const found = names.map(field).find((value) => value !== null)
        return found === undefined ? null : Number(found)
      }
      expect(row.ttl).toBe(number('ip.ttl', 'ipv6.hlim'))
      expect(row.icmp_type).toBe(number('icmp.type', 'icmpv6.type'))
      expect(row.icmp_code).toBe(number('icmp.code', 'icmpv6.code'))
      if (field('ip.len') !== null) expect(row.ip_length).toBe(number('ip.len'))
      if (field('tcp.len') !== null) expect(row.payload_length).toBe(number('tcp.len'))
      const flags = field('tcp.flags')
      const bits = flags === null ? null : [...LETTERS].filter((_, bit) => (Number(flags) >> bit) & 1).join('')
      expect(row.tcp_flags).toBe(bits)
      expect(row.time_ns).toBe(field('frame.time_epoch')!.replace('.', ''))
    }
  })
})
