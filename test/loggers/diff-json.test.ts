import { expect, test } from 'vitest'
import { diffJson, diffJsonl } from '../../src/loggers/diff-json.ts'
import { report } from './diff-report.ts'

const json = JSON.parse([...diffJson(report)].join(''))
const lines = [...diffJsonl(report)].map((line) => JSON.parse(line))

test('names the two, the sections, and each row with both its sides', () => {
  expect(json.a).toEqual({ files: ['a.pcap'], duration_seconds: 1, packets: 12, bytes: 1101, bits_per_second: 8808 })
  expect(json.b).toMatchObject({ duration_seconds: null, bits_per_second: null })
  expect(json.sections[0]).toEqual({ by: 'host', columns: ['host', 'host_name'], new: 1, gone: 1, changed: 1, same: 1 })
  expect(json.rows).toHaveLength(4)
  expect(json.rows[1]).toEqual({
    by: 'host',
    status: 'new',
    host: '=3',
    host_name: '',
    a_packets: null,
    a_bytes: null,
    a_bits_per_second: null,
    b_packets: 1,
    b_bytes: 100,
    b_bits_per_second: 400,
    change_bits_per_second: 400,
    factor: null,
  })
})

test('JSON Lines have the same rows and the rest last', () => {
  const { schema_version, a, b, sections, rows } = json
  expect(lines).toEqual([
    ...rows.map((row: object) => ({ type: 'row', schema_version, ...row })),
    { type: 'diff', schema_version, a, b, sections },
  ])
})

test('without a row the list is empty', () => {
  expect(JSON.parse([...diffJson({ ...report, sections: [] })].join('')).rows).toEqual([])
})
