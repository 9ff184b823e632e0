/** Parts of a diff → words that the text and md formats share. */
import type { DiffRow, DiffSection, SideFacts } from '../engine/diff-rows.ts'
import { printable } from './printable.ts'
import { formatDuration } from './time-text.ts'
import { formatBytes, formatCount, formatRate, type Units } from './units.ts'

/** Folders can hold thousands of files: these many are named. */
const FILES_NAMED = 3

/** `yesterday.pcap: 300 s, 28193.47 Kbps, 1600000 frames, 1.06 GB`. */
export function sideText({ files, durationNs, bitsPerSecond, packets, bytes }: SideFacts, units: Units): string {
  const named = files.slice(0, FILES_NAMED).map(printable).join(', ')
  const more = files.length > FILES_NAMED ? ` and ${files.length - FILES_NAMED} more` : ''
  const duration = durationNs === null ? 'no time' : formatDuration(durationNs)
  const volume = `${formatCount(packets, 'frame')}, ${formatBytes(bytes, units)}`
  return `${named}${more}: ${duration}, ${formatRate(bitsPerSecond, units)}, ${volume}`
}

/** `3 new, 2 gone, 10 changed, 1 the same`; what there is none of is left out. */
export function countsText({ counts }: DiffSection): string {
  const parts = [
    [counts.new, 'new'],
    [counts.gone, 'gone'],
    [counts.changed, 'changed'],
    [counts.same, 'the same'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return said.length === 0 ? 'none in either' : said.join(', ')
}

/** Rates before and after, the change, and what it is: a factor, `new` or `gone`. */
export function changeCells({ status, a, b, change, factor }: DiffRow, units: Units): string[] {
  const rate = (side: DiffRow['a']) => (side === null ? '' : formatRate(side.bitsPerSecond, units))
  return [rate(a), rate(b), signedRate(change, units), status === 'changed' ? factorText(factor) : status]
}

function signedRate(change: number | null, units: Units): string {
  if (change === null) return '-'
  return `${change > 0 ? '+' : change < 0 ? '-' : ''}${formatRate(Math.abs(change), units)}`
}

/** Three digits that count, at least: `×0.042`, `×1.25`, `×31.4`, `×1200`; `×<0.001`. */
function factorText(factor: number | null): string {
  if (factor === null) return '-'
  if (factor < 0.001) return '×<0.001'
  return `×${factor.toFixed(factor >= 100 ? 0 : factor >= 10 ? 1 : factor >= 1 ? 2 : 3)}`
}

/** Rows that people look for: those that are the same in both are only counted. */
export function changedRows({ rows }: DiffSection): readonly DiffRow[] {
  return rows.filter(({ status }) => status !== 'same')
}

/** `12 other hosts`, those that changed and are not shown; null when there are none. */
export function othersText(section: DiffSection, noun: string): string | null {
  const { counts } = section
  const others = counts.new + counts.gone + counts.changed - changedRows(section).length
  return others === 0 ? null : formatCount(others, `other ${noun}`)
}

/** `services` of a service; a mixture has no better name. */
export function sectionNoun(section: DiffSection, groupNoun: string): string {
  return section.by === 'service' || section.by === 'port' ? 'service' : groupNoun
}
