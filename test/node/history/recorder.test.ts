/** Windows into a history and back: hours, restarts, what a crash leaves, limits, and what belongs to somebody else. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import type { Analysis, SpanRecord } from '../../../src/engine/records.ts'
import { readHistory } from '../../../src/node/history/read-history.ts'
import { Recorder, type RecorderOptions } from '../../../src/node/history/recorder.ts'
import { openHours } from '../../../src/node/sql/open-hours.ts'
import { analysis, counts, row, SECOND, span } from '../../loggers/records.ts'
import { query, quoted, whyNoDuckDb } from '../../support/duckdb.ts'
import { temporaryFolder } from '../fixtures.ts'

async function everyOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const folder = temporaryFolder()
const newFolder = () => mkdtempSync(join(folder, 'h'))
const HOUR = 3600n * SECOND
/** 2025-11-03T10:00:00Z. */
const TEN = 1_762_164_000n * SECOND
const ABOUT = analysis({ columns: ['src', 'src_port'], windowNs: 10n * SECOND })

function windowAt(startNs: bigint, packets = 1, rows = 2): SpanRecord {
  return span({
    startNs,
    endNs: startNs + 10n * SECOND,
    rows: Array.from({ length: rows }, (_, i) => row([`10.0.0.${i}`, 80 + i], packets, 100 * packets, 80)),
    other: { rows: 3, packets: 1, bytes: 60, bitsPerSecond: 48 },
    total: counts(rows * packets + 1, 100 * rows * packets + 60),
  })
}

interface Opened {
  readonly recorder: Recorder
  readonly said: string[]
}

async function open(history: string, changes: Partial<RecorderOptions> = {}): Promise<Opened> {
  const said: string[] = []
  const options = { analysis: ABOUT, version: '0.1.0', now: () => TEN + HOUR, say: (text: string) => said.push(text) }
  return { recorder: await Recorder.open(history, { ...options, ...changes }), said }
}

async function record(history: string, windows: readonly SpanRecord[], changes: Partial<RecorderOptions> = {}) {
  const { recorder, said } = await open(history, changes)
  for (const window of windows) await recorder.add(window)
  await recorder.close()
  return said
}

/** As a kill -9 leaves it: what is in the folder while the recorder is open. */
async function killed(windows: readonly SpanRecord[], from?: string): Promise<string> {
  const history = from ?? newFolder()
  const { recorder } = await open(history)
  for (const window of windows) await recorder.add(window)
  const left = newFolder()
  copyFolder(history, left)
  await recorder.close()
  return left
}

function copyFolder(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      mkdirSync(join(to, entry.name), { recursive: true })
      copyFolder(join(from, entry.name), join(to, entry.name))
    } else if (entry.name !== 'lock') copyFileSync(join(from, entry.name), join(to, entry.name))
  }
}

const filesIn = (history: string): string[] =>
  readdirSync(history, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(history, join(entry.parentPath, entry.name)))
    .sort()

async function startsIn(history: string, range = {}): Promise<bigint[]> {
  const windows = await everyOf(readHistory(history, range))
  return windows.map(({ span }) => span.startNs!)
}

test('an hour a file, read back as it was', async () => {
  const history = newFolder()
  const windows = [windowAt(TEN), windowAt(TEN + 10n * SECOND, 5), windowAt(TEN + HOUR), windowAt(TEN + 26n * HOUR)]
  expect(await record(history, windows)).toEqual([])
  expect(filesIn(history)).toEqual(['2025-11-03/10.parquet', '2025-11-03/11.parquet', '2025-11-04/12.parquet'])
  const back = await everyOf(readHistory(history))
  expect(back.map(({ span }) => span)).toEqual(windows)
  expect(back[0]!.analysis).toEqual({ ...ABOUT })
  const range = { sinceNs: TEN + 10n * SECOND, untilNs: TEN + 26n * HOUR }
  expect(await startsIn(history, range)).toEqual([TEN + 10n * SECOND, TEN + HOUR])
})

test.skipIf(whyNoDuckDb !== null)('DuckDB reads the folder, and the spans that were watched', async () => {
  const history = newFolder()
  await record(history, [
    windowAt(TEN),
    windowAt(TEN + 10n * SECOND),
    windowAt(TEN + 60n * SECOND),
    windowAt(TEN + HOUR),
  ])
  const glob = quoted(join(history, '**/*.parquet'))
  expect(
    await query(
      `select count(*) as n, sum(packets)::bigint as p, count(distinct window_start_ns) as w from read_parquet(${glob})`,
    ),
  ).toEqual([{ n: '12', p: '12', w: '4' }])
  const [facts] = await query(
    `select decode(value) as v from parquet_kv_metadata(${quoted(join(history, '2025-11-03/10.parquet'))}) where decode(key) = 'netkit.history'`,
  )
  const text = (ns: bigint) => String(ns)
  expect(JSON.parse(facts!.v as string)).toEqual({
    version: 1,
    journal: expect.stringMatching(/^[0-9a-f-]{36}$/),
    windows: 3,
    packets: 9,
    bytes: 780,
    recorded: [
      [text(TEN), text(TEN + 20n * SECOND)],
      [text(TEN + 60n * SECOND), text(TEN + 70n * SECOND)],
    ],
  })
})

test('begun again in the same hour: a second file, or the journal that a kill has left', async () => {
  const history = newFolder()
  await record(history, [windowAt(TEN)])
  await record(history, [windowAt(TEN + 20n * SECOND)])
  expect(filesIn(history)).toEqual(['2025-11-03/10-2.parquet', '2025-11-03/10.parquet'])
  const left = await killed([windowAt(TEN + 30n * SECOND)], history)
  expect(filesIn(left)).toContain('.netkit/2025-11-03T10-3.journal')
  expect(await startsIn(left)).toEqual([TEN, TEN + 20n * SECOND, TEN + 30n * SECOND])
  await record(left, [windowAt(TEN + 40n * SECOND)])
  expect(filesIn(left)).toEqual(['10-2', '10-3', '10'].map((name) => `2025-11-03/${name}.parquet`))
  expect(await startsIn(left)).toEqual([0n, 20n, 30n, 40n].map((seconds) => TEN + seconds * SECOND))
})

test('a journal of another hour, or of another grouping, is sealed at the start', async () => {
  const other: Analysis = { ...ABOUT, basis: 'ip' }
  for (const [changes, hour] of [
    [{}, TEN + HOUR],
    [{ analysis: other }, TEN],
  ] as const) {
    const left = await killed([windowAt(TEN)])
    await record(left, [windowAt(hour + 50n * SECOND)], changes)
    expect(filesIn(left)).toHaveLength(2)
    expect(await startsIn(left)).toEqual([TEN, hour + 50n * SECOND])
  }
})

test('killed between the file and the end of its journal: nothing is there twice', async () => {
  const left = await killed([windowAt(TEN)])
  const again = newFolder()
  copyFolder(left, again)
  await record(again, [])
  expect(filesIn(again)).toEqual(['2025-11-03/10.parquet'])
  // Both are there, as between the two steps; and half of a file that was being written.
  copyFolder(left, again)
  writeFileSync(join(again, '.netkit/sealing.part'), 'PAR1 half')
  expect(await startsIn(again)).toEqual([TEN])
  await record(again, [])
  expect(await startsIn(again)).toEqual([TEN])
  expect(filesIn(again).filter((name) => name.endsWith('.journal'))).toEqual([])
})

test('journals of a crash in the middle of a line, and those of a later netkit', async () => {
  const left = await killed([windowAt(TEN)])
  const [journal] = filesIn(left)
  const text = readFileSync(join(left, journal!), 'utf8')
  writeFileSync(join(left, journal!), `${text}{"start":"17621640`)
  writeFileSync(join(left, '.netkit/2025-11-03T09.journal'), '{"netkit_jour')
  writeFileSync(join(left, '.netkit/2025-11-03T11.journal'), '{"netkit_journal":2}\n')
  const said = await record(left, [windowAt(TEN + HOUR)])
  expect(said).toEqual([expect.stringContaining('2025-11-03T11.journal is no journal that this netkit can read')])
  expect(await startsIn(left)).toEqual([TEN, TEN + HOUR])
  // Its name is taken.
  expect(filesIn(left)).toEqual(['.netkit/2025-11-03T11.journal', '2025-11-03/10.parquet', '2025-11-03/11-2.parquet'])
})

test('a file of somebody else under the name of the hour stays, and one that is damaged is told', async () => {
  const left = await killed([windowAt(TEN)])
  mkdirSync(join(left, '2025-11-03'))
  writeFileSync(join(left, '2025-11-03/10.parquet'), 'PAR1 somebody else PAR1')
  await record(left, [])
  expect(filesIn(left)).toEqual(['2025-11-03/10-90001.parquet', '2025-11-03/10.parquet'])
  const problems: string[] = []
  const windows = await everyOf(readHistory(left, { onProblem: (path, reason) => problems.push(`${path}: ${reason}`) }))
  expect(windows.map(({ span }) => span.startNs)).toEqual([TEN])
  expect(problems).toEqual([expect.stringMatching(/10\.parquet: it is no whole Parquet file \(/)])
})

test('a clock that is set back begins the hour again', async () => {
  const history = newFolder()
  await record(history, [windowAt(TEN), windowAt(TEN + HOUR), windowAt(TEN + 10n * SECOND)])
  expect(filesIn(history)).toEqual(['10-2', '10', '11'].map((name) => `2025-11-03/${name}.parquet`))
})

test('--keep: hours that are too old go, and what is not ours stays', async () => {
  const history = newFolder()
  await record(
    history,
    [0n, 1n, 2n, 3n].map((hours) => windowAt(TEN + hours * HOUR)),
  )
  const day = join(history, '2025-11-03')
  mkdirSync(join(history, '2025-01-01'))
  const foreign = ['2025-01-01/00.parquet', '2025-11-03/notes.txt', '2025-11-03/10.parquet.bak', 'mine.parquet']
  for (const name of foreign) writeFileSync(join(history, name), 'PAR1 somebody else PAR1')
  copyFileSync(join(day, '10.parquet'), join(history, 'copy.parquet'))
  symlinkSync(join(history, 'copy.parquet'), join(day, '09.parquet'))
  await record(history, [], { keepNs: 2n * HOUR, now: () => TEN + 4n * HOUR })
  expect(filesIn(history)).toEqual(
    [...foreign, 'copy.parquet', '2025-11-03/09.parquet', '2025-11-03/12.parquet', '2025-11-03/13.parquet'].sort(),
  )
})

test('--max-size: the oldest go until the rest fits; empty days go with them', async () => {
  const history = newFolder()
  await record(
    history,
    [0n, 24n, 25n].map((hours) => windowAt(TEN + hours * HOUR, 1, 500)),
  )
  const bytes = readFileSync(join(history, '2025-11-04/10.parquet')).length
  await record(history, [], { maxBytes: Math.floor(bytes * 2.5) })
  expect(filesIn(history)).toEqual(['2025-11-04/10.parquet', '2025-11-04/11.parquet'])
  expect(existsSync(join(history, '2025-11-03'))).toBe(false)
  await record(history, [], { maxBytes: 0 })
  expect(filesIn(history)).toEqual([])
})

test('a folder that cannot be made, and one that is gone', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(open(join(folder, 'file'))).rejects.toThrow(/^cannot record into .*file: /)
  const history = newFolder()
  const { recorder, said } = await open(history)
  await recorder.add(windowAt(TEN))
  rmSync(history, { recursive: true })
  for (const seconds of [10n, 20n]) await recorder.add(windowAt(TEN + seconds * SECOND))
  await recorder.close()
  expect(said).toEqual([expect.stringContaining('was removed while it was written; recording begins anew')])
  expect(await startsIn(history)).toEqual([TEN + 10n * SECOND, TEN + 20n * SECOND])
})

test('the same window twice: the sums are those of both, before and after it is sealed', async () => {
  const packetsIn = async (history: string) =>
    (await everyOf(readHistory(history))).reduce(
      (sum, { span }) => sum + span.rows.reduce((n, r) => n + r.packets, 0),
      0,
    )
  // Restarted within the window, and a clock that was set back.
  const left = await killed([windowAt(TEN)])
  const again = await killed([windowAt(TEN, 5), windowAt(TEN, 7)], left)
  expect(await packetsIn(again)).toBe(2 * (1 + 5 + 7))
  await record(again, [])
  expect(filesIn(again)).toEqual(['10-2', '10-3', '10'].map((name) => `2025-11-03/${name}.parquet`))
  expect(await packetsIn(again)).toBe(2 * (1 + 5 + 7))
})

test('a journal that was sealed under another name is not counted again', async () => {
  const left = await killed([windowAt(TEN)])
  const [journal] = filesIn(left)
  const text = readFileSync(join(left, journal!))
  mkdirSync(join(left, '2025-11-03'))
  writeFileSync(join(left, '2025-11-03/10.parquet'), 'somebody else')
  await record(left, [])
  writeFileSync(join(left, journal!), text)
  const sealed = join(left, '2025-11-03/10-90001.parquet')
  expect(await startsIn(left)).toEqual([TEN])
  expect(await openHours(left, ['2025-11-03T10.journal'], [sealed], newFolder())).toEqual([])
  rmSync(join(left, '2025-11-03/10.parquet'))
  await record(left, [])
  expect(filesIn(left)).toEqual(['2025-11-03/10-90001.parquet'])
})
