/** Records through a logger into an output, piece by piece. */
import { setImmediate } from 'node:timers/promises'
import type { AnalysisRecord } from '../engine/records.ts'
import type { Logger } from '../loggers/logger.ts'
import type { Output } from '../node/output.ts'

export interface WriteOptions {
  /** Leave out the facts about the capture. */
  readonly quiet: boolean
  /** Write after every record: somebody is waiting for it. */
  readonly promptly?: boolean
  /** Called before the first text goes out. */
  readonly beforeFirst: () => void
}

/** Text is gathered to about this many characters before it is written. */
const WRITE_LENGTH = 1 << 16
const TURN_MS = 50

/**
 * Writes nothing at all when there are no records: an input that is no capture gives no table of zeros. An output file is
 * finished when all is written and abandoned when something fails.
 */
export async function writeRecords(
  records: AsyncIterable<AnalysisRecord>,
  logger: Logger,
  output: Output,
  { quiet, promptly = false, beforeFirst }: WriteOptions,
): Promise<void> {
  let started = false
  let pending = ''
  const flush = async (): Promise<void> => {
    const text = pending
    pending = ''
    if (text !== '') await output.write(text)
  }
  let lastTurn = performance.now()
  const write = async (text: string): Promise<void> => {
    pending += text
    if (pending.length >= WRITE_LENGTH) await flush()
  }
  // Records and writes to a file are done without the event loop: without a turn of it now and then Ctrl-C would not be heard.
  const takeTurn = async (): Promise<void> => {
    if (performance.now() - lastTurn < TURN_MS) return
    await setImmediate()
    lastTurn = performance.now()
  }
  try {
    for await (const record of records) {
      if (!started) {
        started = true
        beforeFirst()
        await write(logger.begin())
      }
      if (quiet && record.type === 'capture') continue
      for (const piece of logger.record(record)) {
        await write(piece)
        await takeTurn()
      }
      await takeTurn()
      if (promptly) await flush()
    }
    if (!started) return await output.abandon()
    await write(logger.end())
    await flush()
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
}
