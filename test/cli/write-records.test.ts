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

  test('bytes where the logger has them, in the order of the text around them', async () => {
    const { diary, output, logger, beforeFirst } = setUp()
    const bytes = {
      ...logger,
      recordBytes: ({ type }: AnalysisRecord) => (type === 'idle' ? [Buffer.from('bytes')] : null),
    }
    const kept = {
      ...output,
      write: async (part: string | Uint8Array) => void diary.push(Buffer.from(part).toString()),
    }
    await writeRecords(records(idle, idle, capture, idle), bytes, kept, { quiet: false, beforeFirst })
    expect(diary.slice(1, -1).join('')).toBe('<bytesbytescapturexbytes>')
    expect(diary).toHaveLength(2 + 5)
  })

  test('small pieces of bytes are written together, large ones as they are', async () => {
    const { diary, output, logger, beforeFirst } = setUp()
    const lengths: number[] = []
    const counted = { ...output, write: async (part: string | Uint8Array) => void lengths.push(part.length) }
    let size = 1000
    const bytes: Logger = { ...logger, begin: () => '', end: () => '', recordBytes: () => [new Uint8Array(size)] }
    async function* many() {
      for (let i = 0; i < 100; i++) yield idle
      size = 200_000
      yield idle
    }
    await writeRecords(many(), bytes, counted, { quiet: false, beforeFirst })
    expect(lengths).toEqual([66_000, 234_000])
    expect(diary.at(-1)).toBe('finish')
  })
})
