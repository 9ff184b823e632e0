import { expect, test } from 'vitest'
import { createDiffText, DIFF_FORMATS } from '../../src/loggers/create-diff-text.ts'
import { report } from './diff-report.ts'

test.each([
  ['text', 'A  a.pcap'],
  ['csv', 'by,status,host'],
  ['tsv', 'by\tstatus\thost'],
  ['json', '{\n  "schema_version"'],
  ['jsonl', '{"type":"row"'],
  ['md', '- A: a.pcap'],
] as const)('%s', (format, start) => {
  expect([...createDiffText(format, report, {})].join('').slice(0, start.length)).toBe(start)
  expect(DIFF_FORMATS).toContain(format)
})
