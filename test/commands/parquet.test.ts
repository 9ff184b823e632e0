/** --format parquet of analyze and log, against their own JSON Lines, read by DuckDB. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { query, quoted, whyNoDuckDb } from '../support/duckdb.ts'
import { inTerminal, NETKIT, netkit, shell } from '../support/netkit-process.ts'

const folder = temporaryFolder()
const capture = (name: string) => join(capturesFolder, name)

/** 64-bit integers as text, times as nanoseconds: as JSON Lines of the same has them. */
function linesOf(jsonl: string, type: string): Record<string, unknown>[] {
  const lines = jsonl
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return lines.filter((line) => line.type === type)
}

describe.skipIf(whyNoDuckDb !== null)('analyze', () => {
  const cases = [
    ['office.pcap', '-w', '1', '--by', 'conversation', '--top', '3'],
    ['office.pcapng', '--by', 'flow', '--tcp', '--stats'],
    ['any-sll2.pcap', '--by', 'interface,vlan', '-w', '0.5', '--step', '0.1'],
    ['pcap-ns-big-endian.pcap', '--by', 'host', '-w', '10ms'],
    ['pcapng-simple-packets.pcapng'],
  ]
  test.each(cases)('%s %s: every row is that of JSON Lines', async (name, ...flags) => {
    const path = join(folder, `${name}.parquet`)
    const { stdout } = await netkit(['analyze', capture(name!), ...flags, '-T', 'jsonl'])
    expect(await netkit(['analyze', capture(name!), ...flags, '-o', path])).toMatchObject({ code: 0, stderr: '' })
    const rows = await rowsIn(path, 'window_start, window_packets, window_bytes')
    const expected = linesOf(stdout, 'row').map(
      ({ type: _, schema_version: __, other = false, rows = 1, ...line }) => ({
        is_other: other,
        rows,
        ...line,
        // Without a name an interface is its number, here as text.
        ...(line.interface !== undefined && { interface: String(line.interface) }),
      }),
    )
    expect(expected.length).toBeGreaterThan(0)
    // Rows that --top leaves out have no key in JSON Lines, and nulls here.
    expect(rows.map((row, i) => (row.is_other ? pick(row, Object.keys(expected[i]!)) : row))).toEqual(expected)
    if (!flags.includes('--step')) {
      const [sums] = await query(
        `select sum(p)::bigint as packets from (select distinct window_start_ns, window_packets as p from ${quoted(path)})`,
      )
      expect(Number(sums!.packets)).toBe(linesOf(stdout, 'capture')[0]!.frames)
    }
  })

  test('a capture without frames, one that is cut, and a file that is none', async () => {
    const path = join(folder, 'empty.parquet')
    expect((await netkit(['analyze', capture('no-frames.pcap'), '-o', path])).code).toBe(0)
    expect(await query(`select count(*) as n from ${quoted(path)}`)).toEqual([{ n: '0' }])
    writeFileSync(join(folder, 'cut.pcap'), readFileSync(capture('office.pcap')).subarray(0, 5000))
    expect((await netkit(['analyze', join(folder, 'cut.pcap'), '-o', path])).code).toBe(6)
    expect(Number((await query(`select sum(packets)::bigint as n from ${quoted(path)}`))[0]!.n)).toBeGreaterThan(10)
    writeFileSync(join(folder, 'none.pcap'), 'no capture')
    const before = readFileSync(path)
    expect((await netkit(['analyze', join(folder, 'none.pcap'), '-o', path])).code).toBe(5)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('into a pipe, and onto no terminal', async () => {
    const path = join(folder, 'piped.parquet')
    expect((await shell(`netkit analyze '${capture('office.pcap')}' -T parquet > '${path}'`)).code).toBe(0)
    expect(await query(`select sum(packets)::bigint as n from ${quoted(path)}`)).toEqual([{ n: '812' }])
    for (const command of ['analyze', 'log']) {
      const line = `${process.execPath} ${NETKIT} ${command} ${capture('office.pcap')} -T parquet`
      const { code, stdout } = await inTerminal(line)
      expect(code).toBe(2)
      expect(stdout).toContain('--format parquet: not onto a terminal')
      expect(stdout).not.toContain('PAR1')
    }
  })
})

describe.skipIf(whyNoDuckDb !== null)('log', () => {
  test.each(['office.pcapng', 'pcap-ns-big-endian.pcap', 'pcapng-simple-packets.pcapng', 'any-sll2.pcap'])(
    '%s: every frame is that of JSON Lines',
    async (name) => {
      const path = join(folder, `log-${name}.parquet`)
      const { stdout } = await netkit(['log', capture(name), '-q', '-T', 'jsonl'])
      expect(await netkit(['log', capture(name), '-q', '-o', path])).toMatchObject({ code: 0, stderr: '' })
      const rows = await rowsIn(path, 'time')
      const expected = linesOf(stdout, 'packet').map(({ type: _, schema_version: __, ...line }) => line)
      expect(rows).toEqual(expected.map((line) => ({ ...line, interface: String(line.interface) })))
      // DuckDB has times with a zone to the microsecond only.
      const off = await query(`select count(*) as n from ${quoted(path)} where epoch_us(time) <> time_ns // 1000`)
      expect(off).toEqual([{ n: '0' }])
    },
  )

  test('goes into one file, whole', async () => {
    const path = join(folder, 'rotated.parquet')
    const { code, stderr } = await netkit(['log', capture('office.pcap'), '-o', path, '--rotate', 'size=1MB'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--rotate: a Parquet file is written as a whole')])
    const { stderr: said } = await netkit(['log', capture('office.pcap'), '-o', path])
    expect(said).toContain('logged 812 frames, 258413 bytes')
  })
})

/** 64-bit integers, which DuckDB hands out as text, as JSON Lines has them. */
async function rowsIn(path: string, without: string): Promise<Record<string, unknown>[]> {
  const columns = await query(`describe select * from ${quoted(path)}`)
  const isCount = (name: string) =>
    !name.endsWith('_ns') &&
    columns.some(({ column_name, column_type }) => column_name === name && column_type === 'BIGINT')
  const rows = await query(`select * exclude (${without}) from ${quoted(path)}`)
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, isCount(name) && value !== null ? Number(value) : value]),
    ),
  )
}

function pick(row: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => keys.includes(key)))
}
