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

/** Text is gathered to about this many characters before it is written, and so are bytes. */
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
  let pendingBytes: Uint8Array[] = []
  let pendingLength = 0
  const flush = async (): Promise<void> => {
    const text = pending
    const bytes = pendingBytes
    pending = ''
    pendingBytes = []
    pendingLength = 0
    // At most one of them.
    if (text !== '') await output.write(text)
    if (bytes.length > 0) await output.write(bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes))
  }
  let lastTurn = performance.now()
  const write = async (text: string): Promise<void> => {
    if (text !== '' && pendingLength > 0) await flush()
    pending += text
    if (pending.length >= WRITE_LENGTH) await flush()
  }
  const writeBytes = async (bytes: Uint8Array): Promise<void> => {
    if (pending !== '') await flush()
    pendingBytes.push(bytes)
    pendingLength += bytes.length
    if (pendingLength >= WRITE_LENGTH) await flush()
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
      for (const piece of logger.recordBytes?.(record) ?? logger.record(record)) {
        if (typeof piece === 'string') await write(piece)
        else await writeBytes(piece)
        await takeTurn()
      }
      await takeTurn()
      if (promptly) await flush()
    }
    if (!started) return await output.abandon()
    await write(logger.end())
    for (const piece of logger.endBytes?.() ?? []) await writeBytes(piece)
    await flush()
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
}
