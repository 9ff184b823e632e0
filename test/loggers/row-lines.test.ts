import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { SpanRecord } from '../../src/engine/records.ts'
import { createLogger, type LogFormat } from '../../src/loggers/create-logger.ts'
import { fieldNames } from '../../src/loggers/delimited.ts'
import type { LoggerOptions } from '../../src/loggers/logger.ts'
import { formatSeconds, formatTime } from '../../src/loggers/time-text.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type AnalyzeOptions, analyze, describeAnalysis } from '../../src/pipeline/analyze.ts'
import { pcapng } from '../support/build-capture.ts'
import { memorySource } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'
import { anyCapture } from './packets/rows.ts'

const decoder = new TextDecoder()

async function* spansOf(capture: Uint8Array, options: AnalyzeOptions): AsyncGenerator<SpanRecord> {
  const input = { name: 'memory', repeatable: true, size: capture.length, open: async () => memorySource(capture) }
  for await (const record of analyze(loadCaptureModule(), [input], options, []))
    if (record.type === 'span') yield record
}

/** Every span both ways: as bytes of numbers, and as text of objects. */
async function bothWays(
  capture: Uint8Array,
  format: LogFormat,
  options: AnalyzeOptions,
  loggerOptions: LoggerOptions = {},
): Promise<{ readonly bytes: string; readonly text: string }> {
  const logger = createLogger(format, describeAnalysis(options), loggerOptions)
  let bytes = ''
  let text = ''
  for await (const span of spansOf(capture, options)) {
    bytes += [...logger.recordBytes!(span)!].map((piece) => decoder.decode(piece, { stream: false })).join('')
    text += [...logger.record(span)].join('')
  }
  return { bytes, text }
}

const SECOND = 1_000_000_000n
const anyOptions: fc.Arbitrary<AnalyzeOptions> = fc.record({
  grouping: fc
    .constantFrom('pair', 'flow', 'conversation', 'host', 'src/24/60', 'service', 'protocol', 'interface', 'mac,vlan')
    .map(parseBy),
  names: fc.constantFrom(
    createEndpointNamer(),
    // Names of hosts, and somebody's own addresses.
    createEndpointNamer({ hostNames: (address) => `"${address}",\n` }),
    { describe: (bytes: Uint8Array) => ({ address: `<${bytes.length}>`, name: bytes[0] === 10 ? null : '' }) },
  ),
  windowNs: fc.constantFrom(null, SECOND, 3n * 10n ** 15n),
  top: fc.constantFrom(null, null, 0, 2),
})

describe.each(['csv', 'tsv', 'jsonl'] as const)('%s', (format) => {
  test('the same bytes as of rows that are objects', async () => {
    await fc.assert(
      fc.asyncProperty(anyCapture, anyOptions, fc.boolean(), async (capture, options, excelSafe) => {
        const { bytes, text } = await bothWays(capture, format, options, { excelSafe })
        expect(bytes).toBe(text)
      }),
      { numRuns: 150 },
    )
  })

  test('pieces are whole lines', async () => {
    const blocks = pcapng()
    const packets = Array.from({ length: 8000 }, (_, i) =>
      blocks.packet({ interface: 0, ticks: BigInt(i), data: udpFrame({ sourcePort: i + 1 }) }),
    )
    const capture = Buffer.concat([blocks.section(), blocks.interface({ tsresol: 9 }), ...packets])
    const options: AnalyzeOptions = { grouping: parseBy('flow'), names: createEndpointNamer() }
    const logger = createLogger(format, describeAnalysis(options))
    for await (const span of spansOf(capture, options)) {
      const pieces = [...logger.recordBytes!(span)!]
      expect(pieces.length).toBeGreaterThan(1)
      for (const piece of pieces) {
        expect(piece.at(-1)).toBe(0x0a)
        expect(piece.length).toBeLessThan((1 << 18) + 64 * 300)
      }
      expect(Buffer.concat(pieces).toString()).toBe([...logger.record(span)].join(''))
    }
  })
})

test('csv is what csv-stringify writes of the same values', async () => {
  await fc.assert(
    fc.asyncProperty(anyCapture, anyOptions, async (capture, options) => {
      const analysis = describeAnalysis(options)
      const logger = createLogger('csv', analysis)
      const rows: (string | number | null)[][] = [[...fieldNames(analysis)]]
      let bytes = logger.begin()
      for await (const span of spansOf(capture, options)) {
        bytes += Buffer.concat([...logger.recordBytes!(span)!]).toString()
        const window =
          span.startNs === null || span.endNs === null
            ? [null, null]
            : [formatTime(span.startNs), formatSeconds(span.endNs - span.startNs)]
        const keep = <T>(values: readonly T[]) =>
          values.filter((_, i) => options.grouping.columns[i] !== 'protocol_number')
        for (const { key, packets, bytes, bitsPerSecond, sent } of span.rows) {
          const directions =
            sent === undefined ? [] : [sent.packets, sent.bytes, packets - sent.packets, bytes - sent.bytes]
          rows.push([...window, ...keep(key), packets, bytes, bitsPerSecond, ...directions])
        }
        if (span.other === null) continue
        const { packets, bytes: others, bitsPerSecond } = span.other
        const key = keep(options.grouping.columns).map((_, i) => (i === 0 ? '(other)' : null))
        const directions = analysis.bidirectional ? [null, null, null, null] : []
        rows.push([...window, ...key, packets, others, bitsPerSecond, ...directions])
      }
      expect(bytes).toBe(stringify(rows, { record_delimiter: '\n' }))
    }),
    { numRuns: 150 },
  )
})

test('records that have no rows as numbers are left to text', () => {
  const logger = createLogger('csv', { columns: ['src'], windowNs: null, basis: 'frame', bidirectional: false })
  const total = { packets: 0, bytes: 0 }
  expect(logger.recordBytes!({ type: 'span', startNs: null, endNs: null, rows: [], other: null, total })).toBeNull()
  expect(logger.recordBytes!({ type: 'idle', startNs: 0n, endNs: 1n, windows: 1n })).toBeNull()
})
