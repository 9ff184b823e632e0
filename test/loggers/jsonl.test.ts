import { expect, test } from 'vitest'
import { captureObject } from '../../src/loggers/json-fields.ts'
import { analysis, capture, IDLE, log, span } from './records.ts'

test('each row is a line that stands for itself', () => {
  expect(log('jsonl', analysis({ windowNs: 250_000_000n }), [span({ endNs: span().startNs! + 250_000_000n })])).toBe(`\
{"type":"row","schema_version":1,"window_start_ns":"1762164005000000000","window_seconds":0.25,"src":"90.130.70.73","src_name":"No-DNS","dst":"172.21.83.232","dst_name":"Private Network","protocol":"TCP","protocol_number":6,"packets":1530,"bytes":2292863,"bits_per_second":3668580.8}
{"type":"row","schema_version":1,"window_start_ns":"1762164005000000000","window_seconds":0.25,"src":"172.21.80.1","src_name":"Private Network","dst":"224.0.0.251","dst_name":"Multicast","protocol":"UDP","protocol_number":17,"packets":5,"bytes":1000,"bits_per_second":1600}
{"type":"row","schema_version":1,"window_start_ns":"1762164005000000000","window_seconds":0.25,"other":true,"rows":12,"packets":100,"bytes":212563,"bits_per_second":340100.8}
`)
})

test.each([
  ['first', [capture(), span()]],
  ['last', [span(), IDLE, capture()]],
])('the capture is the last line when its record came %s', (_, records) => {
  const lines = log('jsonl', analysis(), records).split('\n')
  expect(lines.pop()).toBe('')
  const read = lines.map((line) => JSON.parse(line))
  expect(read.map(({ type, schema_version }) => [type, schema_version])).toEqual([
    ['row', 1],
    ['row', 1],
    ['row', 1],
    ['capture', 1],
  ])
  expect(read[3]).toEqual({ type: 'capture', schema_version: 1, ...captureObject(capture()) })
})

test('rows without timestamps say null', () => {
  const line = log('jsonl', analysis(), [span({ startNs: null, endNs: null, other: null })]).split('\n')[0]!
  expect(JSON.parse(line)).toMatchObject({ window_start_ns: null, window_seconds: null, src: '90.130.70.73' })
})
