import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyColumn } from '../../src/engine/records.ts'
import { CSV } from '../../src/loggers/csv.ts'
import { createLineWriter, fieldNames } from '../../src/loggers/delimited.ts'
import { TSV } from '../../src/loggers/tsv.ts'
import { analysis, PAIR_COLUMNS } from './records.ts'

describe('fieldNames', () => {
  test('of pairs are those that were promised', () => {
    expect(fieldNames(analysis()).join()).toBe(
      'window_start,window_seconds,src,src_name,dst,dst_name,protocol,packets,bytes,bits_per_second',
    )
  })

  test.each<[readonly KeyColumn[], boolean, string]>([
    [
      ['host', 'host_name'],
      true,
      'host,host_name,packets,bytes,bits_per_second,sent_packets,sent_bytes,received_packets,received_bytes',
    ],
    [['protocol', 'protocol_number'], false, 'protocol,packets,bytes,bits_per_second'],
    [['protocol_number', 'vlan'], false, 'vlan,packets,bytes,bits_per_second'],
  ])('of %j', (columns, bidirectional, names) => {
    expect(fieldNames(analysis({ columns, bidirectional })).join()).toBe(`window_start,window_seconds,${names}`)
  })

  test('name every column of the grouping but the number', () => {
    expect(fieldNames(analysis())).toEqual(expect.arrayContaining(PAIR_COLUMNS.slice(0, 5)))
  })
})

describe('createLineWriter', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', '\t', '\\', ';', '\ufeff', 'é') }),
  )
  const field = fc.oneof(text, fc.maxSafeNat(), fc.double({ noDefaultInfinity: true, noNaN: true }), fc.constant(null))

  test.each([
    ['csv', CSV],
    ['tsv', TSV],
  ])('%s writes the bytes that csv-stringify writes', (_, dialect) => {
    const line = createLineWriter(dialect)
    const { delimiter, quote, encode } = dialect
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 6 }), (fields) => {
        const encoded = fields.map((field) => (typeof field === 'string' ? encode(field) : field))
        expect(line(fields)).toBe(stringify([encoded], { delimiter, quote, record_delimiter: '\n' }))
      }),
      { numRuns: 1000 },
    )
  })
})
