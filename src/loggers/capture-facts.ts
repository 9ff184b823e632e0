/** The capture record → what a person wants to know first, as labelled lines. The text and md formats share them. */
import { bitsPerSecond } from '../engine/rate.ts'
import type { Accounting, Analysis, CaptureRecord, Counts, InterfaceFacts } from '../engine/records.ts'
import { printable } from './printable.ts'
import { shapeFacts } from './shape-facts.ts'
import { formatClock, formatDate, formatDuration } from './time-text.ts'
import { formatBytes, formatCount, formatRate, type Units } from './units.ts'

/** A fact about the capture, for people. */
export interface Fact {
  /** What it is of, such as `Link type`. */
  readonly label: string
  /** One line each; at least one. */
  readonly lines: readonly string[]
}

/** Folders can hold thousands of files, and a crafted pcapng as many interfaces: these many are named. */
const LISTED = 8

/** Outermost first: what was read, when it was, how much it is, what went wrong. Facts that say nothing are left out. */
export function captureFacts(capture: CaptureRecord, units: Units): readonly Fact[] {
  const facts: Fact[] = []
  const fact = (label: string, ...lines: string[]) => facts.push({ label, lines })
  fact(
    capture.files.length === 1 ? 'File' : 'Files',
    ...listed(capture.files.map(printable), (rest) => `and ${rest.length} more`),
  )
  fact('Format', printable(capture.format))
  if (capture.linktypes.length > 0) fact('Link type', ...linktypeLines(capture))
  const interfaces = capture.interfaces.filter((facts) => facts.name !== null || facts.dropped !== null)
  if (interfaces.length > 0) {
    fact(interfaces.length === 1 ? 'Interface' : 'Interfaces', ...listed(interfaces.map(interfaceLine), moreInterfaces))
  }
  const { firstNs, lastNs } = capture
  if (firstNs !== null && lastNs !== null) {
    fact('First frame', `${formatDate(firstNs)} ${formatClock(firstNs, 9)} UTC`)
    fact('Last frame', `${formatDate(lastNs)} ${formatClock(lastNs, 9)} UTC`)
    fact('Duration', formatDuration(lastNs - firstNs))
  }
  const { frames, bytes, kept } = capture
  fact('Frames', kept.packets === frames ? String(frames) : `${kept.packets} of ${frames}`)
  const volume = exactBytes(kept.bytes, units)
  fact('Bytes', kept.packets === frames ? volume : `${volume} of ${exactBytes(bytes, units)}`)
  if (capture.capturedBytes !== kept.bytes) fact('Captured', exactBytes(capture.capturedBytes, units))
  if (firstNs !== null && lastNs !== null && lastNs > firstNs) {
    fact('Average rate', formatRate(bitsPerSecond(kept.bytes, lastNs - firstNs), units))
  }
  if (capture.shape !== undefined) facts.push(...shapeFacts(capture.shape, units))
  if (capture.truncated > 0) fact('Truncated', `${formatCount(capture.truncated, 'frame')}, cut within the headers`)
  if (capture.malformed > 0) fact('Malformed', `${formatCount(capture.malformed, 'frame')} with contradictory headers`)
  if (capture.unsupported > 0)
    fact('Unsupported', `${formatCount(capture.unsupported, 'frame')} not decoded to the end`)
  return facts

  function moreInterfaces(rest: readonly string[]): string {
    const dropped = interfaces.slice(-rest.length).reduce((sum, facts) => sum + (facts.dropped ?? 0), 0)
    return `and ${rest.length} more${dropped > 0 ? `, ${dropped} dropped` : ''}`
  }
}

function listed(lines: readonly string[], more: (rest: readonly string[]) => string): string[] {
  const rest = lines.slice(LISTED)
  return rest.length === 0 ? [...lines] : [...lines.slice(0, LISTED), more(rest)]
}

function linktypeLines(capture: CaptureRecord): string[] {
  const [first, ...rest] = capture.linktypes
  if (rest.length === 0) return [printable(first!.name)]
  const lines = capture.linktypes.map(({ name, packets }) => `${printable(name)}, ${formatCount(packets, 'frame')}`)
  return listed(lines, (more) => `and ${more.length} more`)
}

function interfaceLine(facts: InterfaceFacts): string {
  const name = facts.name === null ? 'unnamed' : printable(facts.name)
  if (facts.dropped === null) return name
  return `${name}, ${facts.received === null ? '' : `${facts.received} received, `}${facts.dropped} dropped`
}

/** `9.88 MB (9876543 bytes)`: the size at a glance and the number to compare. */
function exactBytes(bytes: number, units: Units): string {
  const short = formatBytes(bytes, units)
  return short.endsWith(' B') ? formatCount(bytes, 'byte') : `${short} (${bytes} bytes)`
}

const ACCOUNTS = [
  'shown',
  'filtered',
  'undecoded',
  'evicted',
  'late',
  'untimed',
] as const satisfies (keyof Accounting)[]

const BASIS_NOUNS = { frame: 'byte', ip: 'IP byte', payload: 'payload byte' }

/**
 * `Accounted for: 1234 frames (567 bytes) = 1230 shown (521) + 4 filtered (46)`, and what is in no frame. Should the parts not
 * add up to the whole, the line says so rather than claim it.
 */
export function accountingLine({ accounting }: CaptureRecord): string {
  const { whole, unreadableBytes, dropped, snaplenCut } = accounting
  const sum = (unit: keyof Counts) => ACCOUNTS.reduce((total, account) => total + accounting[account][unit], 0)
  const count = (unit: keyof Counts, noun: string) =>
    `${sum(unit) === whole[unit] ? '' : `${sum(unit)} of `}${formatCount(whole[unit], noun)}`
  const parts = ACCOUNTS.filter((account) => account === 'shown' || accounting[account].packets > 0)
  const equation = parts.map((account) => `${accounting[account].packets} ${account} (${accounting[account].bytes})`)
  const line = `${count('packets', 'frame')} (${count('bytes', BASIS_NOUNS[accounting.basis])}) = ${equation.join(' + ')}`
  const beside = [
    unreadableBytes > 0 ? `; ${formatCount(unreadableBytes, 'byte')} not readable` : '',
    snaplenCut > 0 ? `; ${formatCount(snaplenCut, 'frame')} cut by the snaplen` : '',
    dropped !== null && dropped > 0 ? `; ${dropped} dropped before capture` : '',
  ]
  return `Accounted for: ${line}${beside.join('')}`
}

/** `bytes`, or what `--bytes` made of them. */
export function bytesNoun({ basis }: Pick<Analysis, 'basis'>): string {
  return BASIS_NOUNS[basis]
}

/** Something other than `shown` has frames, or bytes were not readable: the accounting is news. */
export function hasGaps({ accounting, frames }: CaptureRecord): boolean {
  return accounting.shown.packets !== frames || accounting.unreadableBytes > 0
}

const DAMAGE_WORDS = { cut: 'Cut', damaged: 'Damaged', foreign: 'Not read', unavailable: 'Not read' }

export function damageLines(capture: CaptureRecord): string[] {
  return capture.damage.map(
    ({ file, kind, message }) => `${DAMAGE_WORDS[kind]}: ${printable(file)}: ${printable(message)}`,
  )
}
