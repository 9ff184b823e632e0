import { expect, test } from 'vitest'
import { PACKET_FORMATS, packetFormatFromPath } from '../../../src/loggers/packets/create-packet-format.ts'

test.each([
  ['capture_log.txt', 'text'],
  ['a.b/x.LOG', 'text'],
  ['x.csv', 'csv'],
  ['x.jsonl', 'jsonl'],
  ['x.ndjson', 'jsonl'],
  ['x.pcapng', 'pcapng'],
  ['x', null],
  ['x.json', null],
  ['constructor', null],
])('%s is %s', (path, format) => {
  expect(packetFormatFromPath(path)).toBe(format)
})

test('the formats there are', () => {
  expect(PACKET_FORMATS).toEqual(['text', 'csv', 'jsonl', 'pcapng', 'parquet'])
})
