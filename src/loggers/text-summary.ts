/** The capture record and its one span → a report for a terminal: facts, protocols, top rows, where every frame went. */
import { bitsPerSecond } from '../engine/rate.ts'
import type { Analysis, AnalysisRecord, CaptureRecord, Counts, Row, SpanRecord } from '../engine/records.ts'
import { accountingLine, bytesNoun, captureFacts, damageLines } from './capture-facts.ts'
import { formatExtra } from './extra-text.ts'
import { createKeyText, groupNoun, hasTwoEnds, totalNoun } from './key-text.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { printable } from './printable.ts'
import { padEnd, tableLines } from './text-table.ts'
import { DEFAULT_UNITS, formatBytes, formatCount, formatRate, formatShare } from './units.ts'
import { leftOutText, usefulColumns } from './useful-columns.ts'

const DEFAULT_WIDTH = 80
/** A crafted capture can hold 65536 EtherTypes; the report shows the largest. */
const PROTOCOLS_SHOWN = 10

export function createSummaryLogger(analysis: Analysis, options: LoggerOptions): Logger {
  const { units = DEFAULT_UNITS, width = DEFAULT_WIDTH, style } = options
  const bold = style?.bold ?? ((text: string) => text)
  const dim = style?.dim ?? ((text: string) => text)
  const keyText = createKeyText(analysis, options.otherNames)
  const noun = groupNoun(analysis)
  const { extras = [] } = analysis
  let capture: CaptureRecord | null = null

  function* factLines(record: CaptureRecord): Generator<string> {
    const facts = captureFacts(record, units)
    const labelWidth = Math.max(...facts.map(({ label }) => label.length)) + 2
    for (const { label, lines } of facts) {
      for (const [index, line] of lines.entries()) {
        const shown = padEnd(index === 0 ? label : '', labelWidth)
        yield `${bold(shown)}${line}\n`
      }
    }
    // Top protocols, when they are what was asked for, would be the same table twice.
    if (record.protocols.length > 0 && noun !== 'protocol') {
      yield '\n'
      yield* table(['Protocols', 'packets', `${bytesNoun(analysis)}s`, 'share'], () => protocolRows(record))
    }
  }

  function* protocolRows({ protocols }: CaptureRecord): Generator<readonly string[]> {
    const whole = sumOf(protocols)
    const cells = (name: string, { packets, bytes }: Counts) => [
      name,
      String(packets),
      formatBytes(bytes, units),
      formatShare(bytes, whole.bytes),
    ]
    for (const protocol of protocols.slice(0, PROTOCOLS_SHOWN)) yield cells(printable(protocol.name), protocol)
    const rest = protocols.slice(PROTOCOLS_SHOWN)
    if (rest.length > 0) yield cells(`… ${formatCount(rest.length, 'other protocol')}`, sumOf(rest))
  }

  function* spanLines(span: SpanRecord): Generator<string> {
    if (span.rows.length === 0) return
    if (capture !== null) yield '\n'
    // The first end's part of a conversation, or what a host sent.
    const sent = analysis.bidirectional ? [hasTwoEnds(analysis) ? '→' : 'sent'] : []
    const useful = usefulColumns(extras, span)
    const further = useful.places.map((place) => extras[place]!.title)
    const header = [`Top ${noun}s`, 'packets', `${bytesNoun(analysis)}s`, 'rate', ...sent, ...further]
    yield* table(header, () => spanRows(span, useful.places))
    const leftOut = leftOutText(useful)
    if (leftOut !== null) yield `  ${dim(leftOut)}\n`
  }

  function* spanRows(span: SpanRecord, places: readonly number[]): Generator<readonly string[]> {
    const { rows, other, total, totalExtras, startNs, endNs } = span
    const cells = (
      name: string,
      { packets, bytes }: Counts,
      rate: number | null,
      sent: string,
      further: Row['extras'],
    ) => [
      name,
      String(packets),
      formatBytes(bytes, units),
      formatRate(rate, units),
      ...(analysis.bidirectional ? [sent] : []),
      ...places.map((i) => (further === undefined ? '' : formatExtra(further[i], extras[i]!.kind, units))),
    ]
    for (const row of rows) {
      const sent = row.sent === undefined ? '' : formatShare(row.sent.bytes, row.bytes)
      yield cells(keyText(row.key), row, row.bitsPerSecond, sent, row.extras)
    }
    if (other !== null) {
      yield cells(`… ${formatCount(other.rows, `other ${noun}`)}`, other, other.bitsPerSecond, '', undefined)
    }
    const rate = startNs === null || endNs === null ? null : bitsPerSecond(total.bytes, endNs - startNs)
    yield cells(totalNoun(analysis), total, rate, '', totalExtras)
  }

  function* table(header: readonly string[], rows: () => Iterable<readonly string[]>): Generator<string> {
    let isHeader = true
    for (const line of tableLines(header, rows, width)) {
      if (isHeader) yield `${bold(line)}\n`
      else yield `${line.startsWith('  … ') ? dim(line) : line}\n`
      isHeader = false
    }
  }

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (record.type === 'capture') {
      capture = record
      yield* factLines(record)
    } else if (record.type === 'span') yield* spanLines(record)
  }

  return {
    begin: () => '',
    record: (record) => inPieces(recordLines(record)),
    end() {
      if (capture === null) return ''
      return ['', accountingLine(capture), ...damageLines(capture)].map((line) => `${line}\n`).join('')
    },
  }
}

function sumOf(counts: readonly Counts[]): Counts {
  return counts.reduce<Counts>(
    (sum, { packets, bytes }) => ({ packets: sum.packets + packets, bytes: sum.bytes + bytes }),
    { packets: 0, bytes: 0 },
  )
}
