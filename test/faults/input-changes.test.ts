/** A file that grows, shrinks, is replaced or removed while it is read, by one job and by two. */
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CaptureRecord } from '../../src/engine/records.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { rangesHere } from '../support/ranges-here.ts'
import { numberedRecord, writeLargeCapture } from './large-capture.ts'

const FRAMES = 20_000
const CAPLEN = 584
const RECORD = CAPLEN + 16
const HEADER = 24

const folder = temporaryFolder()
const original = join(folder, 'original.pcap')
const path = join(folder, 'capture.pcap')
beforeAll(() => {
  expect(writeLargeCapture(original, FRAMES, CAPLEN)).toBe(HEADER + FRAMES * RECORD)
})

/** Reads the capture; as soon as something was read, `change` happens to it. */
async function readWhile(jobs: number, change: () => void) {
  copyFileSync(original, path)
  let changed = false
  const { records, problems } = await analyzeFiles([path], {
    segmentBytes: 1 << 20,
    ...(jobs > 1 && { startRanges: rangesHere(jobs).start }),
    onProgress() {
      if (!changed) change()
      changed = true
    },
  })
  expect(changed).toBe(true)
  const capture = records.find((record): record is CaptureRecord => record.type === 'capture')!
  const { shown } = capture.accounting
  // Every frame once, whatever happened.
  expect([shown.packets, shown.bytes]).toEqual([capture.frames, capture.bytes])
  return { frames: capture.frames, bytes: capture.bytes, problems }
}

describe.each([1, 2])('%d jobs', (jobs) => {
  test('grows: what was there, and what has come', async () => {
    const more = Buffer.concat(Array.from({ length: 500 }, (_, i) => numberedRecord(FRAMES + i, CAPLEN)))
    const { frames, bytes, problems } = await readWhile(jobs, () => appendFileSync(path, more))
    expect([frames, bytes, problems]).toEqual([FRAMES + 500, (FRAMES + 500) * 1000, []])
  })

  test('grows by half a record: it is cut there', async () => {
    const more = Buffer.concat([numberedRecord(FRAMES, CAPLEN), numberedRecord(FRAMES + 1, CAPLEN).subarray(0, 300)])
    const { frames, problems } = await readWhile(jobs, () => appendFileSync(path, more))
    expect([frames, problems]).toMatchObject([FRAMES + 1, [{ kind: 'cut', partial: true }]])
  })

  test('is replaced by another, or removed: the old one is read to its end', async () => {
    const replace = () => {
      writeFileSync(`${path}.new`, 'another file')
      renameSync(`${path}.new`, path)
    }
    for (const change of [replace, () => rmSync(path)]) {
      expect(await readWhile(jobs, change)).toEqual({ frames: FRAMES, bytes: FRAMES * 1000, problems: [] })
    }
  })

  test('is cut in the middle of a record: everything before, and a sentence', async () => {
    const length = HEADER + 15_000 * RECORD + 100
    const { frames, problems } = await readWhile(jobs, () => truncateSync(path, length))
    expect([frames, problems]).toMatchObject([15_000, [{ kind: 'cut', partial: true }]])
  })

  test('is cut between two records: nobody takes it for the end', async () => {
    const length = HEADER + 15_000 * RECORD
    const { frames, problems } = await readWhile(jobs, () => truncateSync(path, length))
    expect(frames).toBe(15_000)
    expect(problems).toMatchObject([
      {
        kind: 'cut',
        partial: true,
        message: `became shorter while it was read: ${length} of ${HEADER + FRAMES * RECORD} bytes`,
      },
    ])
  })

  test('is emptied, by whoever writes it again: what was read before, and a sentence', async () => {
    const { frames, problems } = await readWhile(jobs, () => truncateSync(path, 0))
    expect(frames).toBeGreaterThan(0)
    expect(frames).toBeLessThan(FRAMES)
    expect(problems).toMatchObject([{ partial: true }])
  })

  test('is written over by something else of the same length: damage', async () => {
    const text = Buffer.alloc(HEADER + FRAMES * RECORD, 'something else, ')
    const { frames, problems } = await readWhile(jobs, () => writeFileSync(path, text))
    expect(frames).toBeGreaterThan(0)
    expect(frames).toBeLessThan(FRAMES)
    expect(problems).toMatchObject([{ partial: true, kind: 'damaged' }])
  })
})
