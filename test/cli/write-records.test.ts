import { describe, expect, test } from 'vitest'
import { writeRecords } from '../../src/cli/write-records.ts'
import type { AnalysisRecord, IdleRecord } from '../../src/engine/records.ts'
import type { Logger } from '../../src/loggers/logger.ts'

const idle: IdleRecord = { type: 'idle', startNs: 0n, endNs: 1n, windows: 1n }
const capture = { type: 'capture' } as AnalysisRecord

/** An output that keeps a diary, and a logger that writes the names of records. */
function setUp(text = 'x') {
  const diary: string[] = []
  const output = {
    write: async (part: string) => void diary.push(part),
    finish: async () => void diary.push('finish'),
    abandon: async () => void diary.push('abandon'),
  }
  const logger: Logger = { begin: () => '<', record: ({ type }) => [type, text], end: () => '>' }
  return { diary, output, logger, beforeFirst: () => void diary.push('first') }
}

async function* records(...list: (AnalysisRecord | Error)[]) {
  for (const record of list) {
    if (record instanceof Error) throw record
    yield record
  }
}

describe('writeRecords', () => {
  test('everything in one piece when it is short', async () => {
    const { diary, output, logger, beforeFirst } = setUp()
    await writeRecords(records(idle, capture), logger, output, { quiet: false, beforeFirst })
    expect(diary).toEqual(['first', '<idlexcapturex>', 'finish'])
  })

  test('without the facts of the capture when quiet', async () => {
    const { diary, output, logger, beforeFirst } = setUp()
    await writeRecords(records(capture, idle), logger, output, { quiet: true, beforeFirst })
    expect(diary).toEqual(['first', '<idlex>', 'finish'])
  })

  test('long text goes out while it is made, in pieces of a bounded length', async () => {
    const { diary, output, logger, beforeFirst } = setUp('y'.repeat(10_000))
    await writeRecords(records(...Array(100).fill(idle)), logger, output, { quiet: false, beforeFirst })
    const pieces = diary.slice(1, -1)
    expect(pieces.join('')).toBe(`<${`idle${'y'.repeat(10_000)}`.repeat(100)}>`)
    expect(pieces.length).toBeGreaterThan(10)
    for (const piece of pieces) expect(piece.length).toBeLessThan(65536 + 10_000)
  })

  test('no records: not even a beginning, and a file is left alone', async () => {
    const { diary, output, logger, beforeFirst } = setUp()
    await writeRecords(records(), logger, output, { quiet: false, beforeFirst })
    expect(diary).toEqual(['abandon'])
  })

  test('what fails is passed on, and nothing half done stays', async () => {
    const { diary, output, logger, beforeFirst } = setUp()
    const run = writeRecords(records(idle, new Error('disk on fire')), logger, output, { quiet: false, beforeFirst })
    await expect(run).rejects.toThrow('disk on fire')
    expect(diary).toEqual(['first', 'abandon'])
    const full = { ...output, finish: () => Promise.reject(new Error('no space')) }
    await expect(writeRecords(records(idle), logger, full, { quiet: false, beforeFirst })).rejects.toThrow('no space')
    expect(diary.at(-1)).toBe('abandon')
  })
})
