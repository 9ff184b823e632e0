import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analysis, capture, counts, IDLE, log, row, SECOND, START, span, spanOf } from './records.ts'

test('one row type, base units, the remainder of --top as (other)', () => {
  expect(log('csv', analysis(), [span(), IDLE, capture()])).toBe(`\
window_start,window_seconds,src,src_name,dst,dst_name,protocol,packets,bytes,bits_per_second
2025-11-03T10:00:05.000000000Z,5,90.130.70.73,No-DNS,172.21.83.232,Private Network,TCP,1530,2292863,3668580.8
2025-11-03T10:00:05.000000000Z,5,172.21.80.1,Private Network,224.0.0.251,Multicast,UDP,5,1000,1600
2025-11-03T10:00:05.000000000Z,5,(other),,,,,100,212563,340100.8
`)
})

test('without a window: the first timestamp and the length of the capture; header off', () => {
  const whole = span({ startNs: START + 123_456_789n, endNs: START + 90n * SECOND, other: null })
  const text = log('csv', analysis({ windowNs: null }), [capture(), whole], { header: false })
  expect(text.split('\n').map((line) => line.split(',').slice(0, 3).join())).toEqual([
    '2025-11-03T10:00:05.123456789Z,89.876543211,90.130.70.73',
    '2025-11-03T10:00:05.123456789Z,89.876543211,172.21.80.1',
    '',
  ])
})

test('no timestamps, no rate, no name: empty, never the word null', () => {
  const rows = [row([null, null, null, null, 'ETHERNET', 1], 1, 60, null)]
  expect(log('csv', analysis(), [span({ startNs: null, endNs: null, rows, other: null })], { header: false })).toBe(
    ',,,,,,ETHERNET,1,60,\n',
  )
})

test('both directions add up to the whole', () => {
  const host = analysis({ columns: ['host', 'host_name'], bidirectional: true })
  const other = { rows: 2, packets: 9, bytes: 900, bitsPerSecond: 1440 }
  const records = [spanOf(['10.0.0.1', 'Private Network'], counts(4, 250)), span({ rows: [], other })]
  expect(log('csv', host, records)).toBe(`\
window_start,window_seconds,host,host_name,packets,bytes,bits_per_second,sent_packets,sent_bytes,received_packets,received_bytes
2025-11-03T10:00:05.000000000Z,5,10.0.0.1,Private Network,5,1000,1600,4,250,1,750
2025-11-03T10:00:05.000000000Z,5,(other),,9,900,1440,,,,
`)
})

test('an RFC 4180 reader finds every name as it was', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'é', '→', ' ', ',', '"', '\n', '\r', '\t', '\\', '=', "'") })
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 5 }), (names) => {
      const rows = names.map(([from, to]) => row(['10.0.0.1', from, '10.0.0.2', to, 'TCP', 6], 1, 60, 96))
      const records = readRfc4180(log('csv', analysis(), [span({ rows, other: null })], { header: false }))
      expect(records.map((fields) => [fields[3], fields[5]])).toEqual(names)
      expect(records.every((fields) => fields.length === 10)).toBe(true)
    }),
  )
})

test('a span of many rows comes in bounded pieces', () => {
  const rows = Array.from({ length: 5000 }, (_, i) =>
    row([`10.0.0.${i}`, 'Private Network', '10.0.0.2', null, 'TCP', 6], 1, 60, 96),
  )
  expect(log('csv', analysis(), [span({ rows, other: null })]).split('\n').length).toBe(5002)
})

/** RFC 4180 §2 with `\n` for CRLF: fields between commas, quoted ones hold anything and double their quotes. */
function readRfc4180(text: string): string[][] {
  const records: string[][] = []
  let fields: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/y
  while (field.lastIndex < text.length) {
    const match = field.exec(text)
    if (match === null) throw new Error('not RFC 4180')
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2]!)
    if (match[3] === '\n') {
      records.push(fields)
      fields = []
    }
  }
  return records
}
