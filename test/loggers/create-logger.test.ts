import { expect, test } from 'vitest'
import { createLogger, LOG_FORMATS } from '../../src/loggers/create-logger.ts'
import { PIECE_LENGTH } from '../../src/loggers/pieces.ts'
import { analysis, capture, row, SECOND, span } from './records.ts'

/** zeek has rows of its own kind: see its test. */
const formats = LOG_FORMATS.filter((format) => format !== 'zeek')

test.each(formats.flatMap((format) => [null, 5n * SECOND].map((windowNs) => ({ format, windowNs }))))(
  'twenty thousand rows as $format with windows of $windowNs come in bounded pieces',
  ({ format, windowNs }) => {
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      row([`10.0.${i >> 8}.${i & 255}`, 'Private Network', '10.0.0.2', 'a,"b"', 'TCP', 6], 1, 60, 96),
    )
    const logger = createLogger(format, analysis({ windowNs }))
    const pieces = [...logger.record(capture()), ...logger.record(span({ rows }))]
    const lengths = pieces.map((piece) => piece.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(PIECE_LENGTH)
    expect(pieces.join('').match(/10\.0\.\d+\.\d+/g)?.length).toBe(40_000)
  },
)
