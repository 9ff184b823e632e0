/** A history under kill -9, two writers, Ctrl-C and a full disk. */
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readHistory } from '../../src/node/history/read-history.ts'
import { Recorder } from '../../src/node/history/recorder.ts'
import { analysis, counts, row, SECOND, START, span } from '../loggers/records.ts'
import { seeded, temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { query, quoted, whyNoDuckDb } from '../support/duckdb.ts'
import { eventually } from '../support/live-captures.ts'
import { netkit, resultOf, startNetkit } from '../support/netkit-process.ts'
import { writeLargeCapture } from './large-capture.ts'
import { smallDisk } from './small-disk.ts'

const folder = temporaryFolder()
const newFolder = () => mkdtempSync(join(folder, 'h'))
const disk = smallDisk(256)

/** A thousand frames of 1000 bytes a second, 64 sources: 100 frames a window. */
const FRAMES = 40_000
const WINDOWS = FRAMES / 100
const FIRST_NS = 1_700_000_000n * SECOND
const WINDOW_NS = SECOND / 10n
const large = join(folder, 'large.pcap')
writeLargeCapture(large, FRAMES)
const RECORD = ['live', '-r', large, '-w', '100ms', '--by', 'src', '-q']

/** Windows of the history, each of which has to be whole: how many from the first on. */
async function wholeWindows(history: string): Promise<number> {
  let windows = 0
  for await (const { span } of readHistory(history)) {
    expect(span.startNs).toBe(FIRST_NS + BigInt(windows) * WINDOW_NS)
    expect(span.total).toEqual({ packets: 100, bytes: 100_000 })
    expect(span.rows.reduce((sum, { packets }) => sum + packets, 0)).toBe(100)
    windows++
  }
  return windows
}

function printedRows(child: ChildProcess, count: number): Promise<void> {
  let rows = 0
  return new Promise((resolve) => {
    if (count === 0) resolve()
    child.stdout!.on('data', (text: string) => {
      rows += text.split('\n').length - 1
      if (rows >= count) resolve()
    })
    child.once('close', () => resolve())
  })
}

test('kill -9 at any moment: every window that was printed is there, whole, and nothing twice', async () => {
  const random = seeded(8)
  let most = 0
  for (let i = 0; i < 6; i++) {
    const history = newFolder()
    const child = startNetkit([...RECORD, '--record', history, '-T', 'csv', '--no-header'])
    const result = resultOf(child)
    // After so many rows, of which there are 64 a window; nothing has come yet when it is killed at once.
    const rows = i === 0 ? 0 : Math.floor(random() * WINDOWS * 64)
    await printedRows(child, rows)
    child.kill('SIGKILL')
    const { stdout } = await result
    // A line that is not whole is of a window that is.
    const printed = new Set(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(',')[0]),
    ).size
    mkdirSync(history, { recursive: true })
    const windows = await wholeWindows(history)
    expect(windows).toBeGreaterThanOrEqual(printed)
    // The next start makes files of what was left, and goes on.
    const next = await netkit(['live', '-r', join(capturesFolder, 'no-frames.pcap'), '-q', '--record', history])
    expect(next).toMatchObject({ code: 0, stderr: '' })
    expect(await wholeWindows(history)).toBe(windows)
    if (windows > 0 && whyNoDuckDb === null) {
      const glob = quoted(join(history, '**/*.parquet'))
      expect(await query(`select sum(packets)::bigint as p from read_parquet(${glob})`)).toEqual([
        { p: String(100 * windows) },
      ])
    }
    if (windows < WINDOWS) most = Math.max(most, windows)
  }
  // One of them at least was killed in the middle.
  expect(most).toBeGreaterThan(0)
})

describe('a running capture', () => {
  const waiting = `cat '${join(capturesFolder, 'office.pcap')}'; sleep 60`

  test('has its history to itself until Ctrl-C, which closes it', async () => {
    const history = newFolder()
    const child = startNetkit(['live', '--cmd', waiting, '--record', history, '-w', '1'])
    const first = resultOf(child)
    let said = ''
    child.stderr!.on('data', (text) => {
      said += text
    })
    expect(await eventually(() => said.includes('recording'), 20_000)).toBe(true)
    const { code, stderr } = await netkit(['live', '--cmd', waiting, '--record', history])
    expect(code).toBe(1)
    expect(stderr).toContain(
      `${history} is being recorded into by the netkit with process id ${child.pid}; a history has one writer`,
    )
    child.kill('SIGINT')
    expect(await first).toMatchObject({ code: 0, stderr: expect.stringContaining(`812 frames, in ${history}`) })
    let frames = 0
    for await (const { span } of readHistory(history)) frames += span.total.packets
    expect(frames).toBe(812)
  })

  test('as one Parquet file is closed by Ctrl-C, and is not there before', async () => {
    const path = join(newFolder(), 'live.parquet')
    const child = startNetkit(['live', '--cmd', waiting, '-w', '1', '-o', path])
    const result = resultOf(child)
    let said = ''
    child.stderr!.on('data', (text) => {
      said += text
    })
    expect(await eventually(() => said.includes('listening'), 20_000)).toBe(true)
    expect(existsSync(path)).toBe(false)
    child.kill('SIGINT')
    expect((await result).code).toBe(0)
    if (whyNoDuckDb !== null) return
    expect(await query(`select sum(packets)::bigint as p from ${quoted(path)}`)).toEqual([{ p: '812' }])
  })
})

test.skipIf(disk.reason !== null)(
  'a full disk: it says so once, goes on, and records again when there is room',
  async () => {
    const history = join(disk.folder, 'history')
    const said: string[] = []
    const about = analysis({ columns: ['src'], windowNs: 10n * SECOND })
    const options = { analysis: about, version: '0.1.0', now: () => START, say: (text: string) => said.push(text) }
    const windowAt = (i: number) =>
      span({
        startNs: START + BigInt(i) * 10n * SECOND,
        endNs: START + BigInt(i + 1) * 10n * SECOND,
        rows: Array.from({ length: 100 }, (_, k) => row([`10.0.${i}.${k}`], 1, 60, 48)),
        other: null,
        total: counts(100, 6000),
      })
    const recorder = await Recorder.open(history, options)
    await recorder.add(windowAt(0))
    const ballast = join(disk.folder, 'ballast')
    expect(() => writeFileSync(ballast, Buffer.alloc(1 << 20))).toThrow('ENOSPC')
    for (let i = 1; i < 4; i++) await recorder.add(windowAt(i))
    expect(said).toEqual([
      `windows are not recorded in ${history} until it can be written: no space left on the device`,
    ])
    rmSync(ballast)
    await recorder.add(windowAt(4))
    expect(said.slice(1)).toEqual([
      `recording into ${history} again; 3 windows were lost, from 2025-11-03T10:00:15.000Z on`,
    ])
    // There is no room for the file of the hour either: it stays a journal until the next start.
    said.length = 0
    expect(() => writeFileSync(ballast, Buffer.alloc(1 << 20))).toThrow('ENOSPC')
    await recorder.close()
    expect(said).toEqual([
      expect.stringMatching(/\.journal waits to become Parquet: no space left on the device$/),
      `what waits in ${history} becomes Parquet at the next start`,
    ])
    const startsIn = async () => {
      const starts: bigint[] = []
      for await (const { span } of readHistory(history)) starts.push(span.startNs!)
      return starts
    }
    expect(await startsIn()).toEqual([windowAt(0).startNs, windowAt(4).startNs])
    rmSync(ballast)
    await (await Recorder.open(history, options)).close()
    expect(await startsIn()).toEqual([windowAt(0).startNs, windowAt(4).startNs])
    expect(readdirSync(join(history, '2025-11-03'))).toEqual(['10.parquet'])
  },
)
