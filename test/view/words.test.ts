import { expect, test } from 'vitest'
import {
  decimalsOf,
  durationWords,
  extraTitle,
  fullText,
  spanWords,
  tableNouns,
  tableTitle,
  withCommas,
} from '../../src/view/words.ts'

test('counts have commas, whatever the language', () => {
  expect([0, 999, 1000, 1234567, 9007199254740991].map(withCommas)).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
    '9,007,199,254,740,991',
  ])
})

test('times have the decimals that the buckets need', () => {
  expect([60_000_000_000n, 1_000_000_000n, 500_000_000n, 50_000_000n, 1_000n].map(decimalsOf)).toEqual([0, 0, 1, 2, 6])
})

test('a span says its date once, unless there are two', () => {
  const startNs = 1_762_214_390_500_000_000n
  expect(spanWords({ startNs, endNs: startNs + 5_000_000_000n }, 1)).toBe('2025-11-03 23:59:50.5 – 23:59:55.5 UTC')
  expect(spanWords({ startNs, endNs: startNs + 10_000_000_000n }, 0)).toBe(
    '2025-11-03 23:59:50 – 2025-11-04 00:00:00 UTC',
  )
  expect(spanWords({ startNs: null, endNs: null }, 0)).toBe('no time')
})

test('durations are as long as people read them', () => {
  const words = [300_070_618_000n, 23_022_306_000n, 7_633_662_000n, 90_061_000_000_000n, 1_234_567n, 12n]
  expect(words.map(durationWords)).toEqual(['5 m', '23 s', '7.633 s', '1 d 1 h 1 m', '1.234 ms', '12 ns'])
})

test('tables are called what people call them', () => {
  const titles = [
    { by: 'pair', noun: 'pair', sort: 'bytes' },
    { by: 'service', noun: 'port', sort: 'bytes' },
    { by: 'src/24', noun: 'source subnet', sort: 'bytes' },
    { by: 'vlan', noun: 'VLAN', sort: 'packets' },
    { by: 'conversation', noun: 'conversation', sort: 'retransmissions' },
  ]
  expect(titles.map(tableTitle)).toEqual(['Pairs', 'Services', 'Source subnets', 'VLANs', 'TCP health'])
  expect(titles.map(tableNouns)).toEqual(['pairs', 'services', 'source subnets', 'VLANs', 'conversations'])
})

test('further columns are called as people write them', () => {
  const column = (name: string, title: string) => ({ name, title, kind: 'count' }) as const
  const columns = [
    column('handshake_rtt_ms', 'iRTT'),
    column('rtt_mean_ms', 'rtt'),
    column('out_of_order', 'ooo'),
    column('src_country', 'country'),
  ]
  expect(columns.map(extraTitle)).toEqual(['iRTT', 'RTT', 'Out\u00a0of order', 'Country'])
})

test('what has room is no title, and nobody reads one of 60 kB', () => {
  expect(fullText('192.168.100.200')).toBeNull()
  expect(fullText('a-name-that-is-cut.example')).toBe('a-name-that-is-cut.example')
  expect(fullText('x'.repeat(60_000))).toBe(`${'x'.repeat(400)}…`)
})
