/** A capture, recorded: its report and its diff have the numbers that those of the capture have. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { KeyValue } from '../../src/engine/records.ts'
import { readHistory } from '../../src/node/history/read-history.ts'
import { reportHistory } from '../../src/pipeline/history-report.ts'
import { createReport } from '../../src/report/create-report.ts'
import type { ReportCounts, ReportData, ReportTable } from '../../src/report/report-data.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { netkit } from '../support/netkit-process.ts'
import { reportSourceOf } from '../support/report-files.ts'

const folder = temporaryFolder()
const newFolder = () => mkdtempSync(join(folder, 'h'))
const capture = (name: string) => join(capturesFolder, name)
const office = capture('office.pcapng')

async function recorded(...args: readonly string[]): Promise<string> {
  const history = newFolder()
  expect(await netkit(['live', '-r', office, '--record', history, '-q', ...args])).toMatchObject({
    code: 0,
    stderr: '',
  })
  return history
}

const sums = ({ packets, bytes }: ReportCounts) => [packets, bytes]

/** Rows by what they are known by: names are those of the time when a window was over. */
function rowsOf({ columns, rows }: ReportTable): Record<string, unknown> {
  const identity = (key: readonly KeyValue[]) => key.filter((_, i) => !/_name(_source)?$/.test(columns[i]!)).join(' ')
  return Object.fromEntries(rows.map(({ key, sent, ...row }) => [identity(key), [...sums(row), sent && sums(sent)]]))
}

function cellsOf({ matrix }: ReportData): Record<string, unknown> {
  const { hosts, cells } = matrix!
  return Object.fromEntries(
    cells.map(({ from, to, ...cell }) => [`${hosts[from]!.address} ${hosts[to]!.address}`, sums(cell)]),
  )
}

describe.each(['pair', 'flow', 'conversation', 'host', 'service'])('recorded by %s', (by) => {
  test('a report has the tables of the capture’s own', async () => {
    const history = await recorded('-w', '1', '--by', by)
    const counted = await reportHistory(() => readHistory(history), { sort: 'bytes', top: 50, name: history })
    const origin = { netkitVersion: '0', command: null, inputs: null, sinceNs: undefined, untilNs: undefined }
    const data = createReport({ ...counted!, ...origin, check: null, units: 'auto' })
    const expected = createReport((await reportSourceOf([office], { by }))!)
    expect(sums(data.total)).toEqual(sums(expected.total))
    const add = (sum: number, value: number) => sum + value
    expect(data.total.series.bytes.reduce(add, 0)).toBe(data.total.bytes)
    expect(data.tables[0]!.by).toBe(by)
    let compared = 0
    for (const table of data.tables) {
      const own = expected.tables.find((other) => other.by === table.by)
      if (own === undefined) continue
      expect(rowsOf(table), table.by).toEqual(rowsOf(own))
      compared++
    }
    expect(compared).toBeGreaterThanOrEqual(by === 'host' ? 1 : 2)
    if (by === 'host' || by === 'service') expect(data.matrix).toBeNull()
    else expect(cellsOf(data)).toEqual(cellsOf(expected))
  })
})

describe('the command', () => {
  test('report: the history, a day of it, a time without windows, and flags that ask for packets', async () => {
    const history = await recorded('-w', '1')
    const page = join(folder, 'page.html')
    for (const name of [history, join(history, '2026-11-22'), `${history}/`]) {
      expect(await netkit(['report', name, '-o', page])).toMatchObject({ code: 0, stderr: '' })
      expect(readFileSync(page, 'utf8')).toContain('netkit history')
    }
    const empty = join(history, '2026-11-23')
    expect(await netkit(['report', empty, '-o', page])).toMatchObject({
      code: 5,
      stderr: `netkit: ${empty} has no windows\n`,
    })
    const later = await netkit(['report', history, '-o', page, '--since', '2026-11-23'])
    expect(later).toMatchObject({ code: 5, stderr: `netkit: ${history} has no windows in that time\n` })
    for (const flags of [['--filter', 'port 53'], ['--by', 'host'], ['--check'], ['--bytes', 'ip']]) {
      const { code, stderr } = await netkit(['report', history, '-o', page, ...flags])
      expect([code, stderr]).toEqual([2, expect.stringContaining(`${flags[0]}: a history has windows, and no packets`)])
    }
    const both = await netkit(['report', history, office, '-o', page])
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('one kind at a time')])
  })

  test('diff: two histories as their two captures, rates over the time that was watched', async () => {
    const history = await recorded('-w', '1', '--by', 'flow')
    const half = newFolder()
    expect(
      (await netkit(['live', '-r', office, '-c', '400', '--record', half, '-q', '-w', '1', '--by', 'flow'])).code,
    ).toBe(0)
    const { stdout, code } = await netkit(['diff', history, half, '-T', 'json'])
    expect(code).toBe(0)
    const diff = JSON.parse(stdout)
    const own = JSON.parse((await netkit(['diff', office, office, '-T', 'json'])).stdout)
    expect(diff.a).toMatchObject({ packets: own.a.packets, bytes: own.a.bytes })
    expect(diff.b).toMatchObject({ packets: 400 })
    // Seconds without a packet were watched as well: from 10:28:22 to the last frame, by whole seconds.
    expect(Number(diff.a.duration_ns ?? diff.a.duration_seconds * 1e9)).toBe(24e9)
  })

  test('--record with rows too, and what does not go together', async () => {
    const history = newFolder()
    const { stdout } = await netkit(['live', '-r', office, '--record', history, '-q', '-T', 'jsonl'])
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    let packets = 0
    for await (const { analysis, span } of readHistory(history)) {
      expect(analysis.windowNs).toBe(10_000_000_000n)
      packets += span.total.packets
    }
    expect(packets).toBe(812)
    expect(rows.reduce((sum, { type, packets: count }) => sum + (type === 'row' ? count : 0), 0)).toBe(812)
    for (const flags of [['--detailed'], ['--web']]) {
      expect((await netkit(['live', '-r', office, '--record', history, ...flags])).code).toBe(2)
    }
    expect((await netkit(['live', '-r', office, '--keep', '30d'])).code).toBe(2)
    const bad = await netkit(['live', '-r', office, '--record', history, '--max-size', 'much'])
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('--max-size: ')])
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const { code, stderr } = await netkit(['live', '-r', office, '--record', file])
    expect([code, stderr]).toEqual([1, expect.stringContaining(`cannot record into ${file}: `)])
  })
})
