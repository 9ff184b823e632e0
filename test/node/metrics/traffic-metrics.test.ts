import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { TrafficMetrics } from '../../../src/node/metrics/traffic-metrics.ts'
import { missingTools } from '../../support/tools.ts'

const COLUMNS = ['src', 'src_name', 'src_name_source', 'dst_port', 'protocol', 'protocol_number'] as const
const total = { packets: 7, bytes: 700 }

function measured(): TrafficMetrics {
  const metrics = new TrafficMetrics(COLUMNS, 2)
  const rows = [
    { key: ['10.0.0.1', 'a.example', 'dns', 443, 'TCP', 6], packets: 3, bytes: 300 },
    { key: ['10.0.0.2', 'Private "Network"\n', null, null, 'UDP', 17], packets: 2, bytes: 200 },
    { key: ['10.0.0.3', null, null, 53, 'UDP', 17], packets: 1, bytes: 100 },
  ]
  metrics.add({ endNs: 1_700_000_000_500_000_000n, rows, rest: { packets: 1, bytes: 100 }, total })
  return metrics
}

const valuesOf = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name))

test('counters by row without names, which come and go; the others together', async () => {
  const metrics = measured()
  const text = await metrics.text()
  expect(valuesOf(text, 'netkit_bytes_total')).toEqual([
    'netkit_bytes_total{src="10.0.0.1",dst_port="443",protocol="TCP"} 300',
    'netkit_bytes_total{src="10.0.0.2",dst_port="",protocol="UDP"} 200',
    'netkit_bytes_total{src="other",dst_port="other",protocol="other"} 200',
  ])
  expect(valuesOf(text, 'netkit_capture_packets_total')).toEqual(['netkit_capture_packets_total 7'])
  expect(valuesOf(text, 'netkit_last_window')).toEqual(['netkit_last_window_timestamp_seconds 1700000000.5'])
  expect(valuesOf(text, 'netkit_dropped_packets')).toEqual([])
  metrics.setDropped(5)
  metrics.add({ endNs: null, rows: [], rest: total, total })
  const later = await metrics.text()
  expect(valuesOf(later, 'netkit_dropped_packets')).toEqual(['netkit_dropped_packets 5'])
  expect(valuesOf(later, 'netkit_packets_total')[2]).toBe(
    'netkit_packets_total{src="other",dst_port="other",protocol="other"} 9',
  )
  expect(valuesOf(later, 'netkit_capture_bytes_total')).toEqual(['netkit_capture_bytes_total 1400'])
  expect(later).toMatch(/^process_resident_memory_bytes \d+$/m)
})

const reason = missingTools('promtool')
if (reason !== null) console.log(`promtool's word on metrics is skipped: ${reason}`)

test.skipIf(reason !== null)('promtool has nothing to say against them', async () => {
  const input = await measured().text()
  expect(execFileSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8', stdio: 'pipe' })).toBe('')
})
