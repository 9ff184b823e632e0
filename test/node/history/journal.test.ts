/** A journal that was cut anywhere has the windows whose last byte was there, and goes on from them. */
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SpanRecord } from '../../../src/engine/records.ts'
import { inspectJournal, Journal, type JournalWindow, readJournal } from '../../../src/node/history/journal.ts'
import { analysis, counts, row, SECOND, START, span } from '../../loggers/records.ts'
import { ATTACKS } from '../../support/attack-text.ts'
import { temporaryFolder } from '../fixtures.ts'

async function everyOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const folder = temporaryFolder()
let made = 0
const newPath = () => join(folder, `${made++}.journal`)

const HEADER = {
  id: 'ac9ccec4-6a6e-4b0a-9d34-6f4a0b9e7c11',
  file: '2025-11-03/10.parquet',
  version: '0.1.0',
  analysis: analysis({ columns: ['src'] }),
}

const windowAt = (i: number): SpanRecord =>
  span({
    startNs: START + BigInt(i) * SECOND,
    endNs: START + BigInt(i + 1) * SECOND,
    rows: Object.values(ATTACKS).map((name) => row([name], i, 60 * i, 0.5)),
    total: counts(14 * i, 14 * 60 * i),
  })

async function windowsIn(path: string): Promise<JournalWindow[]> {
  const found = await inspectJournal(path)
  return found === null ? [] : await everyOf(readJournal(path, found))
}

async function journalOf(windows: number): Promise<{ path: string; lengths: number[] }> {
  const path = newPath()
  const journal = await Journal.create(path, HEADER)
  const lengths = [journal.length]
  for (let i = 0; i < windows; i++) {
    await journal.append(windowAt(i))
    lengths.push(journal.length)
  }
  await journal.close()
  return { path, lengths }
}

test('what was appended is read back', async () => {
  const { path } = await journalOf(3)
  const windows = await windowsIn(path)
  expect(windows).toHaveLength(3)
  const { startNs, endNs, rows, other, total } = windowAt(2)
  expect(windows[2]).toEqual({ startNs, endNs, total, other, rows: rows.map((row) => ({ ...row })) })
  expect((await inspectJournal(path))?.header).toEqual(HEADER)
})

test('cut at any byte, and gone on from there', async () => {
  const { path, lengths } = await journalOf(2)
  const size = readFileSync(path).length
  expect(lengths.at(-1)).toBe(size)
  for (let cut = 0; cut <= size; cut += cut < lengths[0]! + 50 || cut > size - 50 ? 1 : 37) {
    const copy = newPath()
    copyFileSync(path, copy)
    truncateSync(copy, cut)
    const whole = lengths.findLastIndex((length) => length <= cut)
    expect((await windowsIn(copy)).length, `cut at ${cut}`).toBe(Math.max(0, whole))
    const found = await inspectJournal(copy)
    if (whole < 0) {
      expect(found).toBeNull()
      continue
    }
    const journal = await Journal.resume(copy, found!)
    await journal.append(windowAt(7))
    await journal.close()
    expect((await windowsIn(copy)).at(-1)?.startNs).toBe(windowAt(7).startNs)
  }
}, 120_000)

test('a byte that was changed ends it before its window', async () => {
  const { path, lengths } = await journalOf(3)
  const bytes = readFileSync(path)
  for (let at = lengths[1]!; at < lengths[2]!; at += 61) {
    const damaged = Buffer.from(bytes)
    damaged[at] = damaged[at]! ^ 1
    const copy = newPath()
    writeFileSync(copy, damaged)
    expect((await windowsIn(copy)).length, `byte ${at}`).toBe(1)
  }
})

test('a file that is no journal, however long its line is', async () => {
  const path = newPath()
  for (const text of [
    '',
    '{}\n',
    'x'.repeat(1 << 20),
    '{"netkit_journal":1,"file":"../../etc/passwd"}\n',
    '{"netkit_journal":2}\n',
  ]) {
    writeFileSync(path, text)
    expect(await inspectJournal(path)).toBeNull()
  }
})
