/** Records → the text that people read: one block a window, or a report of the whole capture. */
import { bitsPerSecond } from '../engine/rate.ts'
import type { Analysis, AnalysisRecord, CaptureRecord, IdleRecord, Row, SpanRecord } from '../engine/records.ts'
import { accountingLine, bytesNoun, damageLines, hasGaps } from './capture-facts.ts'
import { formatExtra } from './extra-text.ts'
import { createKeyText, groupNoun, hasTwoEnds, totalNoun } from './key-text.ts'
import type { Logger, LoggerOptions } from './logger.ts'
import { inPieces } from './pieces.ts'
import { decimalsFor, formatSpan } from './span-text.ts'
import { createSummaryLogger } from './text-summary.ts'
import { formatDate, formatDuration } from './time-text.ts'
import { DEFAULT_UNITS, formatCount, formatRate, formatShare, type Units } from './units.ts'

export function createTextLogger(analysis: Analysis, options: LoggerOptions): Logger {
  return analysis.windowNs === null
    ? createSummaryLogger(analysis, options)
    : createWindowsLogger(analysis, analysis.windowNs, options)
}

function createWindowsLogger(analysis: Analysis, windowNs: bigint, options: LoggerOptions): Logger {
  const { units = DEFAULT_UNITS, style, stepNs = windowNs, live = false } = options
  const bold = style?.bold ?? ((text: string) => text)
  const dim = style?.dim ?? ((text: string) => text)
  const keyText = createKeyText(analysis, options.otherNames)
  const noun = groupNoun(analysis)
  let blocks = 0
  /** Of the last block: an idle line right after it need not repeat it. */
  let knownDate: string | null = null

  function spanTitle({ startNs, endNs }: SpanRecord): string {
    if (startNs === null || endNs === null) return '--- Traffic Breakdown (no timestamps) ---'
    knownDate = formatDate(endNs)
    const length = endNs - startNs
    if (live) return `--- Traffic Breakdown (last ${formatDuration(length).replace(' ', '')}) ---`
    const times = formatSpan(startNs, endNs, decimalsFor(windowNs, stepNs, length))
    return `--- Traffic Breakdown (${times}, ${formatDuration(length)}) ---`
  }

  function* spanLines(span: SpanRecord): Generator<string> {
    yield `${bold(spanTitle(span))}\n`
    if (span.total.packets === 0) {
      yield `${dim('no traffic')}\n`
      return
    }
    for (const row of span.rows) {
      const rate = formatRate(row.bitsPerSecond, units)
      yield `${keyText(row.key)}: ${rate}${directions(row, analysis)}${extraWords(row, analysis, units)}\n`
    }
    const { other, total } = span
    if (other !== null) {
      yield `${dim(`… ${formatCount(other.rows, `other ${noun}`)}: ${formatRate(other.bitsPerSecond, units)}`)}\n`
    }
    const rate =
      span.startNs === null || span.endNs === null ? null : bitsPerSecond(total.bytes, span.endNs - span.startNs)
    const volume = `${formatCount(total.packets, 'packet')}, ${formatCount(total.bytes, bytesNoun(analysis))}`
    yield `${totalNoun(analysis)}: ${formatRate(rate, units)}, ${volume}\n`
  }

  function idleLine({ startNs, endNs, windows }: IdleRecord): string {
    const times = formatSpan(startNs, endNs, decimalsFor(windowNs, stepNs), knownDate)
    knownDate = formatDate(endNs)
    return `${dim(`--- ${formatCount(windows, 'idle window')} (${times}) ---`)}\n`
  }

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (blocks++ > 0) yield '\n'
    if (record.type === 'span') yield* spanLines(record)
    else if (record.type === 'idle') yield idleLine(record)
    else yield* footerLines(record, bold, live)
  }

  return {
    begin: () => '',
    record: (record) => inPieces(recordLines(record)),
    end: () => '',
  }
}

/** Which part went which way: of a conversation, or sent and received by a host. */
function directions(row: Row, analysis: Analysis): string {
  if (row.sent === undefined || row.bytes === 0) return ''
  const sent = formatShare(row.sent.bytes, row.bytes)
  const received = formatShare(row.bytes - row.sent.bytes, row.bytes)
  return hasTwoEnds(analysis) ? ` (→ ${sent}, ← ${received})` : ` (sent ${sent}, received ${received})`
}

/** Those that there are: `, country NL`. */
function extraWords({ extras }: Row, { extras: columns = [] }: Analysis, units: Units): string {
  const words = columns.flatMap(({ title, kind }, i) => {
    const value = extras?.[i] ?? null
    return value === null || value === '' ? [] : [`, ${title} ${formatExtra(value, kind, units)}`]
  })
  return words.join('')
}

function* footerLines(capture: CaptureRecord, bold: (text: string) => string, live: boolean): Generator<string> {
  const { firstNs, lastNs, frames, bytes, kept } = capture
  const duration = firstNs === null || lastNs === null ? '' : ` in ${formatDuration(lastNs - firstNs)}`
  const part = (some: number) => (kept.packets === frames ? '' : `${some} of `)
  const volume = `${part(kept.packets)}${formatCount(frames, 'frame')}, ${part(kept.bytes)}${formatCount(bytes, 'byte')}`
  yield `${bold(`--- Capture: ${volume}${duration} ---`)}\n`
  if (live) yield `${dropLine(capture)}\n`
  if (hasGaps(capture)) yield `${accountingLine(capture)}\n`
  for (const line of damageLines(capture)) yield `${line}\n`
}

/** What the capture tool says of its drops, zero too: a rate without it is worth half. */
function dropLine({ interfaces, frames }: CaptureRecord): string {
  const known = interfaces.filter(({ dropped }) => dropped !== null)
  if (known.length === 0) return 'Drops: unknown, the capture does not say'
  const dropped = known.reduce((sum, facts) => sum + facts.dropped!, 0)
  return `Drops: ${dropped} of ${formatCount(frames + dropped, 'frame')} (${formatShare(dropped, frames + dropped)})`
}
