/** One small diff, for the tests of every format. */
import { compareRows, type DiffReport } from '../../src/engine/diff-rows.ts'
import type { KeyColumn } from '../../src/engine/records.ts'
import { analysis, row, SECOND } from './records.ts'

const HOST: readonly KeyColumn[] = ['host', 'host_name']
const SERVICE: readonly KeyColumn[] = ['protocol', 'protocol_number', 'port']

const hosts = compareRows(
  [row(['10.0.0.1', 'x|y', ''], 10, 1000, 8000), row(['10.0.0.2', ''], 1, 100, 800), row(['10.0.0.9', ''], 1, 1, 8)],
  [row(['10.0.0.1', 'x|y', ''], 30, 5000, 20_000), row(['=3', ''], 1, 100, 400), row(['10.0.0.9', ''], 1, 1, 8)],
  HOST,
)
const services = compareRows([row(['TCP', 6, 80], 1, 1, 4e6)], [row(['TCP', 6, 80], 1, 1, 400)], SERVICE)
const side = { files: ['a.pcap'], durationNs: SECOND, packets: 12, bytes: 1101, bitsPerSecond: 8808 }
const whole = { ...analysis(), windowNs: null }

export const report: DiffReport = {
  a: side,
  b: { ...side, files: ['1', '2', '3', '4', '5\n'], durationNs: null, bitsPerSecond: null },
  sections: [
    {
      by: 'host',
      analysis: { ...whole, columns: HOST, bidirectional: true },
      rows: hosts.filter(({ key }) => key[0] !== '10.0.0.2'),
      counts: { new: 1, gone: 1, changed: 1, same: 1 },
    },
    {
      by: 'service',
      analysis: { ...whole, columns: SERVICE },
      rows: services,
      counts: { new: 0, gone: 0, changed: 1, same: 0 },
    },
    {
      by: 'vlan',
      analysis: { ...whole, columns: ['vlan'] },
      rows: [],
      counts: { new: 0, gone: 0, changed: 0, same: 0 },
    },
  ],
}
