/** What changed between two captures → GitHub Flavored Markdown: the two as a list, a table for each section. */
import type { DiffReport } from '../engine/diff-rows.ts'
import { changeCells, changedRows, countsText, othersText, sectionNoun, sideText } from './diff-words.ts'
import { createKeyText, groupNoun } from './key-text.ts'
import type { LoggerOptions } from './logger.ts'
import { escapeMd, tableRow } from './md.ts'
import { DEFAULT_UNITS } from './units.ts'

export function* diffMd(report: DiffReport, { units = DEFAULT_UNITS }: LoggerOptions): Generator<string> {
  yield `- A: ${escapeMd(sideText(report.a, units))}\n- B: ${escapeMd(sideText(report.b, units))}\n`
  for (const section of report.sections) {
    const noun = sectionNoun(section, groupNoun(section.analysis))
    yield `\n## Changed ${noun}s\n\n${capitalized(countsText(section))}.\n`
    const rows = changedRows(section)
    if (rows.length === 0) continue
    yield `\n${tableRow([capitalized(noun), 'A', 'B', 'Change', ''])}${tableRow(['---', '---:', '---:', '---:', '---:'])}`
    const keyText = createKeyText(section.analysis)
    for (const row of rows) yield tableRow([escapeMd(keyText(row.key)), ...changeCells(row, units)])
    const others = othersText(section, noun)
    if (others !== null) yield tableRow([`… ${others}`, '', '', '', ''])
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
