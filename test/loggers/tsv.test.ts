import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analysis, capture, log, row, span } from './records.ts'

test('the rows of csv with tabs', () => {
  expect(log('tsv', analysis(), [span(), capture()])).toBe(
    log('csv', analysis(), [span(), capture()]).replaceAll(',', '\t'),
  )
})

test('tabs, line ends and backslashes are escaped, quotes are ordinary characters', () => {
  const rows = [row(['10.0.0.1', 'a\tb\\c', '10.0.0.2', '"x",\r\n', 'TCP', 6], 1, 60, 96)]
  expect(log('tsv', analysis(), [span({ rows, other: null })], { header: false })).toBe(
    '2025-11-03T10:00:05.000000000Z\t5\t10.0.0.1\ta\\tb\\\\c\t10.0.0.2\t"x",\\r\\n\tTCP\t1\t60\t96\n',
  )
})

test('every row is one line of ten fields, and the escapes give the names back', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'n', 't', ' ', '"', '\n', '\r', '\t', '\\') })
  const meaning: Record<string, string> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' }
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 5 }), (names) => {
      const rows = names.map(([from, to]) => row(['10.0.0.1', from, '10.0.0.2', to, 'TCP', 6], 1, 60, 96))
      const text = log('tsv', analysis(), [span({ rows, other: null })], { header: false })
      const fields = text
        .slice(0, -1)
        .split('\n')
        .map((line) => line.split('\t'))
      expect(fields.map((record) => record.length)).toEqual(names.map(() => 10))
      const read = (value = '') => value.replace(/\\./g, (pair) => meaning[pair]!)
      expect(fields.map((record) => [read(record[3]), read(record[5])])).toEqual(names)
    }),
  )
})
