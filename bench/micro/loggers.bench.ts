/** Records → text: the rows of analyze in each format, and the frames of log. */
import { bench, describe } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { Analysis, SpanRecord } from '../../src/engine/records.ts'
import { createLogger, LOG_FORMATS } from '../../src/loggers/create-logger.ts'
import {
  createPacketFormat,
  keyFieldsOf,
  PACKET_FORMATS,
  type PacketFormatName,
} from '../../src/loggers/packets/create-packet-format.ts'
import { createParser, memorySource } from '../../test/support/read-capture.ts'
import { pcapOf } from './captures.ts'
import { SHORT } from './options.ts'

const SECOND = 1_000_000_000n
const ROWS = 10_000
const PIECE_BYTES = 1 << 16

describe('analyze, 10 000 rows', () => {
  const grouping = parseBy('flow')
  const analysis: Analysis = { columns: grouping.columns, windowNs: SECOND, basis: 'frame', bidirectional: false }
  const span: SpanRecord = {
    type: 'span',
    startNs: 1_700_000_000n * SECOND,
    endNs: 1_700_000_001n * SECOND,
    rows: Array.from({ length: ROWS }, (_, n) => ({
      key: [`10.0.${n >> 8}.${n & 255}`, 'Private Network', 1024 + n, '192.0.2.1', 'Documentation', 443, 'TCP', null],
      packets: n,
      bytes: n * 118,
      bitsPerSecond: n * 944,
    })),
    other: null,
    total: { packets: 1, bytes: 118 },
  }
  for (const format of LOG_FORMATS) {
    bench(
      format,
      () => {
        const logger = createLogger(format, analysis)
        let length = logger.begin().length
        for (const piece of logger.record(span)) length += piece.length
        if (length + logger.end().length < ROWS) throw new Error('rows are missing')
      },
      SHORT,
    )
  }
})

describe('log, 64 Ki frames of 1000 flows, with reading them', () => {
  const capture = pcapOf(1000)
  for (const name of PACKET_FORMATS) bench(name, () => logAll(name, capture), SHORT)
})

async function logAll(name: PacketFormatName, capture: Uint8Array): Promise<void> {
  const parser = createParser({ keyFields: keyFieldsOf(name) })
  const format = await createPacketFormat(name, parser, { pieceBytes: PIECE_BYTES })
  const stream = parser.open(memorySource(capture))
  let number = 1
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    format.news()
    for (const { frames } of format.frames(batch, 0, batch.count, number)) number += frames
  }
  await parser.close(stream)
}
