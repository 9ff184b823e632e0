import { expect, test } from 'vitest'
import { LOG_FORMATS } from '../../src/loggers/create-logger.ts'
import { FILE_FORMATS, formatFromPath, openLogger } from '../../src/loggers/open-logger.ts'
import { analysis, log, span } from './records.ts'

test.each([
  ['out.txt', 'text'],
  ['a.b.log', 'text'],
  ['/tmp/out.csv', 'csv'],
  ['OUT.TSV', 'tsv'],
  ['x.json', 'json'],
  ['x.jsonl', 'jsonl'],
  ['x.ndjson', 'jsonl'],
  ['README.md', 'md'],
  ['x.parquet', 'parquet'],
  ['x.pcap', null],
  ['csv', null],
  ['dir.csv/file', null],
  ['x.constructor', null],
])('%s is written as %s', (path, format) => expect(formatFromPath(path)).toBe(format))

test('formats of the command line are those of the library, and Parquet, which is loaded then', async () => {
  expect(FILE_FORMATS).toEqual([...LOG_FORMATS, 'parquet'])
  const csv = await openLogger('csv', analysis())
  expect([csv.begin(), ...csv.record(span())].join('')).toBe(log('csv', analysis(), [span()]))
  const parquet = await openLogger('parquet', analysis())
  const bytes = [...(parquet.recordBytes?.(span()) ?? []), ...(parquet.endBytes?.() ?? [])].flatMap((piece) => [
    ...piece,
  ])
  expect(String.fromCharCode(...bytes.slice(0, 4), ...bytes.slice(-4))).toBe('PAR1PAR1')
})
