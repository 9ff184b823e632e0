/** A report on the quality of a capture → text for people: the facts, then each finding with what it does to the numbers. */
import { type CheckReport, type Finding, type Place, worstSeverity } from '../check/finding.ts'
import { captureFacts } from './capture-facts.ts'
import { wordsOf } from './check-words.ts'
import type { Style } from './logger.ts'
import { padEnd } from './text-table.ts'
import { formatClock, formatDate } from './time-text.ts'
import { DEFAULT_UNITS, formatCount } from './units.ts'

const MARKS = { error: 'ERROR', warning: 'WARNING', info: 'note' }
const MARK_WIDTH = 9

export interface CheckTextOptions {
  readonly style: Style
  /** Findings only. */
  readonly quiet: boolean
}

export function checkText(report: CheckReport, { style, quiet }: CheckTextOptions): string {
  const { capture, tcpConversations, findings } = report
  const tcp = { label: 'TCP', lines: [formatCount(tcpConversations, 'conversation')] }
  const facts = [...captureFacts(capture, DEFAULT_UNITS), ...(tcpConversations > 0 ? [tcp] : [])]
  const width = Math.max(...facts.map(({ label }) => label.length)) + 2
  const factLines = facts.flatMap(({ label, lines }) =>
    lines.map((line, i) => `${style.bold(padEnd(i === 0 ? label : '', width))}${line}`),
  )
  const findingLines = findings.flatMap((finding) => linesOf(finding, report, style))
  const lines = [...(quiet ? [] : [...factLines, '']), ...findingLines, style.bold(verdictOf(findings))]
  return lines.map((line) => `${line}\n`).join('')
}

function linesOf(finding: Finding, report: CheckReport, { bold, dim }: Style): string[] {
  const { severity, first } = finding
  const { what, effect } = wordsOf(finding, report)
  const mark = padEnd(MARKS[severity], MARK_WIDTH)
  const indent = ' '.repeat(MARK_WIDTH)
  const lines = [`${severity === 'info' ? mark : bold(mark)}${what}`, `${indent}${effect}`]
  if (first !== null) lines.push(`${indent}${dim(placeText(finding, first))}`)
  return [...lines, '']
}

function placeText({ kind }: Finding, { frame, timeNs }: Place): string {
  const time = timeNs === null ? 'no time' : `${formatDate(timeNs)} ${formatClock(timeNs, 9)} UTC`
  const word = kind === 'unreadable' ? 'after' : kind === 'time-gap' ? 'before' : 'first:'
  return `${word} frame ${frame}, ${time}`
}

function verdictOf(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length
  const parts = [
    [count('error'), 'error'],
    [count('warning'), 'warning'],
    [count('info'), 'note'],
  ] as const
  const counts = parts.filter(([number]) => number > 0).map(([number, noun]) => formatCount(number, noun))
  const worst = worstSeverity(findings)
  if (worst === null) return 'Nothing found: the numbers hold.'
  if (worst === 'info') return `The numbers hold; ${counts.join(', ')}.`
  return `${worst === 'error' ? 'A part of the capture is missing' : 'Numbers are off, or may be'}: ${counts.join(', ')}.`
}
