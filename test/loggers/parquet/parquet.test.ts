/** What DuckDB reads of what was written: types, values, and the facts beside them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Analysis, AnalysisRecord } from '../../../src/engine/records.ts'
import { createParquetLogger } from '../../../src/loggers/parquet/parquet.ts'
import { temporaryFolder } from '../../node/fixtures.ts'
import { ATTACKS } from '../../support/attack-text.ts'
import { query, quoted, whyNoDuckDb } from '../../support/duckdb.ts'
import { analysis, capture, counts, row, SECOND, START, span } from '../records.ts'

const folder = temporaryFolder()
let made = 0

function write(about: Analysis, records: readonly AnalysisRecord[]): { path: string; pieces: Uint8Array[] } {
  const logger = createParquetLogger(about, '1.2.3')
  const pieces = [...records.flatMap((record) => [...logger.recordBytes!(record)!]), ...logger.endBytes!()]
  const path = join(folder, `${made++}.parquet`)
  writeFileSync(path, Buffer.concat(pieces))
  return { path, pieces }
}

describe.skipIf(whyNoDuckDb !== null)('a Parquet file of windows', () => {
  test('has the types that are promised, with and without rows', async () => {
    const about = analysis({
      columns: ['src', 'src_port', 'protocol', 'protocol_number', 'vlan'],
      bidirectional: true,
      extras: [
        { name: 'p95_bits_per_second', title: 'p95', kind: 'rate' },
        { name: 'retransmissions', title: 'retrans', kind: 'count' },
        { name: 'src_country', title: 'country', kind: 'text' },
      ],
    })
    const expected = {
      window_start: 'TIMESTAMP WITH TIME ZONE',
      window_start_ns: 'BIGINT',
      window_seconds: 'DOUBLE',
      window_packets: 'BIGINT',
      window_bytes: 'BIGINT',
      is_other: 'BOOLEAN',
      rows: 'BIGINT',
      src: 'VARCHAR',
      src_port: 'INTEGER',
      protocol: 'VARCHAR',
      protocol_number: 'INTEGER',
      vlan: 'VARCHAR',
      packets: 'BIGINT',
      bytes: 'BIGINT',
      bits_per_second: 'DOUBLE',
      sent_packets: 'BIGINT',
      sent_bytes: 'BIGINT',
      received_packets: 'BIGINT',
      received_bytes: 'BIGINT',
      p95_bits_per_second: 'DOUBLE',
      retransmissions: 'BIGINT',
      src_country: 'VARCHAR',
    }
    const one = span({
      rows: [{ ...row(['10.0.0.1', 80, 'TCP', 6, null], 3, 180, 288, counts(1, 60)), extras: [1.5, 7, 'NZ'] }],
    })
    for (const records of [[], [capture()], [one]]) {
      const { path } = write(about, records)
      const columns = await query(`describe select * from ${quoted(path)}`)
      expect(Object.fromEntries(columns.map(({ column_name, column_type }) => [column_name, column_type]))).toEqual(
        expected,
      )
      const schema = await query(`select name, type, logical_type from parquet_schema(${quoted(path)})`)
      expect(schema.find(({ name }) => name === 'window_start')?.logical_type).toMatch(
        /isAdjustedToUTC=1.*NANOS|isAdjustedToUTC=true.*NANOS/,
      )
      expect(await query(`select count(*) as n from ${quoted(path)}`)).toEqual([
        { n: String(records.includes(one as never) ? 2 : 0) },
      ])
    }
  })

  test('rows, the rest that --top leaves out, and a span without a time', async () => {
    const { path } = write(analysis(), [span(), span({ startNs: null, endNs: null, other: null })])
    const rows = await query(`select * exclude (window_start) from ${quoted(path)}`)
    expect(rows).toHaveLength(5)
    expect(rows[1]).toEqual({
      window_start_ns: String(START),
      window_seconds: 5,
      window_packets: '1635',
      window_bytes: '2506426',
      is_other: false,
      rows: '1',
      src: '172.21.80.1',
      src_name: 'Private Network',
      dst: '224.0.0.251',
      dst_name: 'Multicast',
      protocol: 'UDP',
      protocol_number: 17,
      packets: '5',
      bytes: '1000',
      bits_per_second: 1600,
    })
    expect(rows[2]).toMatchObject({ is_other: true, rows: '12', src: null, protocol: null, bytes: '212563' })
    expect(rows[3]).toMatchObject({ window_start_ns: null, window_seconds: null, bytes: '2292863' })
  })

  test('facts of the capture are in the metadata, and nobody’s command line', async () => {
    const { path } = write(analysis(), [span(), capture()])
    const facts = await query(`select decode(key) as k, decode(value) as v from parquet_kv_metadata(${quoted(path)})`)
    const byKey = Object.fromEntries(facts.map(({ k, v }) => [k, v as string]))
    expect(Object.keys(byKey).sort()).toEqual([
      'netkit.analysis',
      'netkit.capture',
      'netkit.kind',
      'netkit.schema_version',
      'netkit.version',
    ])
    expect(byKey['netkit.version']).toBe('1.2.3')
    expect(JSON.parse(byKey['netkit.analysis']!)).toMatchObject({ window_ns: '5000000000', basis: 'frame' })
    expect(JSON.parse(byKey['netkit.capture']!)).toMatchObject({
      frames: 1640,
      accounting: { shown: { packets: 1635 } },
    })
  })

  test('groups of rows are bounded, and each piece is one', async () => {
    const rows = Array.from({ length: 150_000 }, (_, i) =>
      row([`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`], i, 60, null),
    )
    const about = analysis({ columns: ['src'] })
    const { path, pieces } = write(about, [span({ rows, other: null })])
    expect(pieces).toHaveLength(3)
    const groups = await query(
      `select distinct row_group_id as g, row_group_num_rows as n from parquet_metadata(${quoted(path)}) order by g`,
    )
    expect(groups.map(({ n }) => n)).toEqual(['65536', '65536', '18928'])
    expect(await query(`select sum(packets) as p, count(distinct src) as s from ${quoted(path)}`)).toEqual([
      { p: String((150_000 * 149_999) / 2), s: '150000' },
    ])
  })

  test('any text, any count and any time comes back', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...Object.values(ATTACKS), '', '\0', '\ud800'))
    const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const time = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n })
    const rowsOf = fc.array(fc.record({ name: fc.option(text), packets: count, bytes: count, startNs: time }))
    await fc.assert(
      fc.asyncProperty(rowsOf, async (given) => {
        const spans = given.map(({ name, packets, bytes, startNs }) =>
          span({ startNs, endNs: startNs + SECOND, rows: [row([name], packets, bytes, null)], other: null }),
        )
        const { path } = write(analysis({ columns: ['src_name'] }), spans)
        const back = await query(`select window_start_ns as t, src_name as name, packets, bytes from ${quoted(path)}`)
        expect(back).toEqual(
          given.map(({ name, packets, bytes, startNs }) => ({
            t: String(startNs),
            // Halves of a pair are no Unicode: UTF-8 has U+FFFD for them.
            name: name?.replace(/\p{Surrogate}/gu, '\ufffd') ?? null,
            packets: String(packets),
            bytes: String(bytes),
          })),
        )
      }),
      { numRuns: 25 },
    )
  })
})
