import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CSV } from '../../src/loggers/csv.ts'
import { createLineWriter } from '../../src/loggers/delimited.ts'
import { guardDialect } from '../../src/loggers/dialect.ts'
import { excelSafe } from '../../src/loggers/excel-safe.ts'
import { printable } from '../../src/loggers/printable.ts'
import { TSV } from '../../src/loggers/tsv.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', 'a', ',', '"', '\n', '\r', '\t', '\\', '\x1b', '\u202e') }),
)

test('without a wish it is the dialect itself', () => {
  expect(guardDialect(CSV, {})).toBe(CSV)
  expect(guardDialect(TSV, { excelSafe: false, forTerminal: false })).toBe(TSV)
})

test('csv for a spreadsheet: csv-stringify, with carriage returns quoted', () => {
  const line = createLineWriter(guardDialect(CSV, { excelSafe: true }))
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (fields) => {
      const options = { record_delimiter: '\n', quoted_match: /\r/ }
      expect(line(fields)).toBe(stringify([fields.map(excelSafe)], options))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['csv', CSV],
  ['tsv', TSV],
])('%s for a terminal: nothing that it would obey', (_, dialect) => {
  const line = createLineWriter(guardDialect(dialect, { forTerminal: true }))
  fc.assert(
    fc.property(text, text, (first, second) => {
      const written = line([first, second, 1])
      const cells = written.slice(0, -1).replaceAll(dialect.delimiter, '')
      expect(printable(cells)).toBe(cells)
    }),
    { numRuns: 500 },
  )
})

test('for both: the apostrophe is for what the text began with', () => {
  const line = createLineWriter(guardDialect(CSV, { excelSafe: true, forTerminal: true }))
  expect(line(['\t=1', '\x1b=1'])).toBe(`'\\x09=1,\\x1b=1\n`)
})
