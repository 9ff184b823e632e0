/** Records → GitHub Flavored Markdown: the capture as a list, a table for each span. */
import { bitsPerSecond } from '../engine/rate.ts'
import type {
  Analysis,
  AnalysisRecord,
  CaptureRecord,
  Counts,
  IdleRecord,
  KeyColumn,
  Row,
  SpanRecord,
} from '../engine/records.ts'
import { accountingLine, captureFacts, damageLines } from './capture-facts.ts'
import { formatExtra } from './extra-text.ts'
import { groupNoun, hasTwoEnds, nameText, totalNoun } from './key-text.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { printable } from './printable.ts'
import { decimalsFor, formatSpan } from './span-text.ts'
import { formatDuration } from './time-text.ts'
import { DEFAULT_UNITS, formatCount, formatRate, formatShare } from './units.ts'

const TITLES: Readonly<Record<KeyColumn, string>> = {
  src: 'Source',
  src_name: 'Source name',
  src_name_source: 'Source name source',
  dst: 'Destination',
  dst_name: 'Destination name',
  dst_name_source: 'Destination name source',
  host: 'Host',
  host_name: 'Host name',
  host_name_source: 'Host name source',
  subnet: 'Subnet',
  src_subnet: 'Source subnet',
  dst_subnet: 'Destination subnet',
  protocol: 'Protocol',
  protocol_number: 'Protocol number',
  src_port: 'Source port',
  dst_port: 'Destination port',
  port: 'Port',
  vlan: 'VLAN',
  interface: 'Interface',
  direction: 'Direction',
  src_mac: 'Source MAC',
  dst_mac: 'Destination MAC',
}

const BYTE_TITLES = { frame: 'Bytes', ip: 'IP bytes', payload: 'Payload bytes' } as const

export function createMdLogger(analysis: Analysis, options: LoggerOptions): Logger {
  const { units = DEFAULT_UNITS, otherNames = () => 0 } = options
  const { windowNs } = analysis
  const { stepNs = windowNs } = options
  const noun = groupNoun(analysis)
  // As in csv, the number would only repeat the name; who told a name stands behind it.
  const columns = analysis.columns.flatMap((column, index) =>
    column === 'protocol_number' || column.endsWith('_name_source') ? [] : [{ column, index }],
  )
  const { extras = [] } = analysis
  let blocks = 0

  function cell({ key }: Row, column: KeyColumn, index: number): string {
    const value = String(key[index] ?? '')
    if (!column.endsWith('_name')) return value
    const source = key[analysis.columns.indexOf(`${column}_source` as KeyColumn)]
    return typeof source === 'string' ? nameText(value, source, otherNames(String(key[index - 1]))) : value
  }

  function heading({ startNs, endNs }: SpanRecord): string {
    if (windowNs === null) return `Top ${noun}s`
    if (startNs === null || endNs === null) return 'No timestamps'
    const times = formatSpan(startNs, endNs, decimalsFor(windowNs, stepNs ?? windowNs, endNs - startNs))
    return `${times} (${formatDuration(endNs - startNs)})`
  }

  function* spanLines(span: SpanRecord): Generator<string> {
    const { startNs, endNs, total, other } = span
    yield `## ${heading(span)}\n\n`
    const sent = analysis.bidirectional ? [hasTwoEnds(analysis) ? 'From source' : 'Sent'] : []
    yield tableRow([
      ...columns.map(({ column }) => TITLES[column]),
      'Packets',
      BYTE_TITLES[analysis.basis],
      'Rate',
      ...sent,
      ...extras.map(({ title }) => title),
    ])
    const alignments = extras.map(({ kind }) => (kind === 'text' ? '---' : '---:'))
    yield tableRow([...columns.map(() => '---'), '---:', '---:', '---:', ...sent.map(() => '---:'), ...alignments])
    const counts = ({ packets, bytes }: Counts, rate: number | null, share: string, further?: Row['extras']) => [
      String(packets),
      String(bytes),
      formatRate(rate, units),
      ...(analysis.bidirectional ? [share] : []),
      ...extras.map(({ kind }, i) => (further === undefined ? '' : escapeMd(formatExtra(further[i], kind, units)))),
    ]
    for (const row of span.rows) {
      const share = row.sent === undefined ? '' : formatShare(row.sent.bytes, row.bytes)
      const key = columns.map(({ column, index }) => escapeMd(cell(row, column, index)))
      yield tableRow([...key, ...counts(row, row.bitsPerSecond, share, row.extras)])
    }
    const named = (name: string) => columns.map((_, position) => (position === 0 ? name : ''))
    if (other !== null) {
      yield tableRow([
        ...named(`… ${formatCount(other.rows, `other ${noun}`)}`),
        ...counts(other, other.bitsPerSecond, ''),
      ])
    }
    const rate = startNs === null || endNs === null ? null : bitsPerSecond(total.bytes, endNs - startNs)
    yield tableRow([...named(`**${totalNoun(analysis)}**`), ...counts(total, rate, '', span.totalExtras)])
  }

  function idleLine({ startNs, endNs, windows }: IdleRecord): string {
    const step = stepNs ?? endNs - startNs
    return `${formatCount(windows, 'idle window')}, ${formatSpan(startNs, endNs, decimalsFor(windowNs ?? step, step))}.\n`
  }

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (blocks++ > 0) yield '\n'
    if (record.type === 'span') yield* spanLines(record)
    else if (record.type === 'idle') yield idleLine(record)
    else yield* captureLines(record)
  }

  function* captureLines(capture: CaptureRecord): Generator<string> {
    yield '## Capture\n\n'
    for (const { label, lines } of captureFacts(capture, units)) {
      yield `- ${label}: ${lines.map(escapeMd).join('; ')}\n`
    }
    yield `- ${accountingLine(capture)}\n`
    for (const line of damageLines(capture)) yield `- ${escapeMd(line)}\n`
  }

  return {
    begin: () => '',
    record: (record) => inPieces(recordLines(record)),
    end: () => '',
  }
}

export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

/**
 * Text that reads as itself: GFM §4.10 splits cells at pipes, the rest would turn into emphasis, links, code or HTML; addresses
 * of the web become links without any markup (§6.9).
 */
export function escapeMd(text: string): string {
  return printable(text).replace(/[\\|`*_~<>[\]&]|:(?=\/\/)|(?<=www)\./gi, '\\$&')
}
