import { expect, it } from 'vitest'
import type { ExtraColumn, Row } from '../../src/engine/records.ts'
import type { LogFormat } from '../../src/loggers/create-logger.ts'
import { type ExtraValue, formatExtra } from '../../src/loggers/extra-text.ts'
import { analysis, capture, log, row, span } from './records.ts'

it.each<[ExtraValue, ExtraColumn['kind'], string]>([
  [1_234_567, 'rate', '1234.57 Kbps'],
  [1_234_567, 'bytes', '1.23 MB'],
  [12, 'count', '12'],
  [0.5, 'share', '50.0%'],
  [0.0421, 'milliseconds', '0.042 ms'],
  [2.345678, 'milliseconds', '2.35 ms'],
  [31.4159, 'milliseconds', '31.4 ms'],
  [314.159, 'milliseconds', '314 ms'],
  ['NL', 'text', 'NL'],
  ['\u001b[31mred', 'text', '\\x1b[31mred'],
  [null, 'rate', '-'],
  ['', 'text', '-'],
  [undefined, 'count', '-'],
])('%s as %s is %s', (value, kind, text) => {
  expect(formatExtra(value, kind, 'Kbps')).toBe(text)
})

const EXTRAS: readonly ExtraColumn[] = [
  { name: 'p95_bits_per_second', title: 'p95', kind: 'rate' },
  { name: 'src_country', title: 'country', kind: 'text' },
]
const key = ['10.0.0.1', 'a', '10.0.0.2', 'b', 'TCP', 6]
const rows: readonly Row[] = [
  { ...row(key, 5, 1000, 1600), extras: [2500, '=N|L'] },
  { ...row(key, 1, 60, 96), extras: [null, null] },
]
const other = { rows: 2, packets: 9, bytes: 900, bitsPerSecond: 1440 }
const print = (format: LogFormat, windowNs: bigint | null) =>
  log(format, analysis({ extras: EXTRAS, windowNs }), [
    ...(windowNs === null ? [capture()] : []),
    span({ rows, other, totalExtras: [4000, null] }),
  ])

it('columns of their own in csv, empty where there is no value', () => {
  expect(print('csv', 5_000_000_000n)).toBe(`\
window_start,window_seconds,src,src_name,dst,dst_name,protocol,packets,bytes,bits_per_second,p95_bits_per_second,src_country
2025-11-03T10:00:05.000000000Z,5,10.0.0.1,a,10.0.0.2,b,TCP,5,1000,1600,2500,=N|L
2025-11-03T10:00:05.000000000Z,5,10.0.0.1,a,10.0.0.2,b,TCP,1,60,96,,
2025-11-03T10:00:05.000000000Z,5,(other),,,,,9,900,1440,,
`)
})

it('members in json and jsonl, null where there is no value', () => {
  const [first, second] = print('jsonl', 5_000_000_000n)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(first).toMatchObject({ bits_per_second: 1600, p95_bits_per_second: 2500, src_country: '=N|L' })
  expect(second).toMatchObject({ p95_bits_per_second: null, src_country: null })
  const report = JSON.parse(print('json', null)) as { rows: object[] }
  expect(report.rows[0]).toMatchObject({ p95_bits_per_second: 2500, src_country: '=N|L' })
})

it('columns of the report, the total among them', () => {
  const lines = print('text', null).split('\n')
  const words = (text: string) =>
    lines
      .find((line) => line.includes(text))
      ?.trim()
      .split(/\s{2,}/)
  expect(words('Top pairs')?.slice(-2)).toEqual(['p95', 'country'])
  expect(words('1.60 Kbps')?.slice(-2)).toEqual(['2.50 Kbps', '=N|L'])
  expect(words('0.10 Kbps')?.slice(-2)).toEqual(['-', '-'])
  expect(words('… 2 other pairs')?.at(-1)).toBe('1.44 Kbps')
  expect(words('Total')?.slice(-2)).toEqual(['4.00 Kbps', '-'])
})

it('words behind the rate in windows of text, only those that there are', () => {
  const lines = print('text', 5_000_000_000n).split('\n')
  expect(lines[1]).toMatch(/: 1\.60 Kbps, p95 2\.50 Kbps, country =N\|L$/)
  expect(lines[2]).toMatch(/: 0\.10 Kbps$/)
})

it('cells of a Markdown table, escaped', () => {
  const lines = print('md', 5_000_000_000n).split('\n')
  expect(lines[2]).toMatch(/\| Rate \| p95 \| country \|$/)
  expect(lines[3]).toMatch(/\| ---: \| ---: \| --- \|$/)
  expect(lines[4]).toMatch(/\| 1\.60 Kbps \| 2\.50 Kbps \| =N\\\|L \|$/)
  expect(lines[7]).toMatch(/\| 4\.00 Kbps \| - \|$/)
})
