/** What changed between two captures → a report for a terminal: the two, then a table for each section. */
import type { DiffReport, DiffRow, DiffSection } from '../engine/diff-rows.ts'
import { changeCells, changedRows, countsText, othersText, sectionNoun, sideText } from './diff-words.ts'
import { createKeyText, groupNoun } from './key-text.ts'
import type { LoggerOptions } from './logger.ts'
import { tableLines } from './text-table.ts'
import { DEFAULT_UNITS } from './units.ts'

const DEFAULT_WIDTH = 80
const MARKS = { new: '+ ', gone: '- ', changed: '  ', same: '  ' } as const

export function* diffText(report: DiffReport, options: LoggerOptions): Generator<string> {
  const { units = DEFAULT_UNITS, width = DEFAULT_WIDTH, style } = options
  const bold = style?.bold ?? ((text: string) => text)
  const dim = style?.dim ?? ((text: string) => text)
  yield `${bold('A')}  ${sideText(report.a, units)}\n`
  yield `${bold('B')}  ${sideText(report.b, units)}\n`

  for (const section of report.sections) {
    const noun = sectionNoun(section, groupNoun(section.analysis))
    yield `\n${bold(`${capitalized(noun)}s: ${countsText(section)}`)}\n`
    const rows = changedRows(section)
    if (rows.length === 0) continue
    const others = othersText(section, noun)
    const header = ['', 'A', 'B', 'change', '']
    for (const line of tableLines(header, () => cellsOf(rows, section), width)) yield `${line}\n`
    if (others !== null) yield `${dim(`  … ${others}`)}\n`
  }

  function* cellsOf(rows: readonly DiffRow[], { analysis }: DiffSection): Generator<readonly string[]> {
    const keyText = createKeyText(analysis)
    for (const row of rows) yield [rowName(row, keyText(row.key)), ...changeCells(row, units)]
  }
}

function rowName({ status }: DiffRow, key: string): string {
  return MARKS[status] + key
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
