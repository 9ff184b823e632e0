/** Recorded windows of two times → what is new, gone and changed between them. Rates are over the time that was watched. */
import { compareRows, type DiffReport, type SideFacts } from '../engine/diff-rows.ts'
import { bitsPerSecond } from '../engine/rate.ts'
import type { Row } from '../engine/records.ts'
import { type HistorySums, isAlike, sumHistory } from './history-sums.ts'
import type { RecordedWindow } from './history-tables.ts'

export interface HistorySide {
  readonly name: string
  readonly windows: AsyncIterable<RecordedWindow>
}

export interface HistoryDiffOptions {
  /** Words of --by; what cannot be made of the recorded rows throws an Error that says what can. */
  readonly by: readonly string[] | null
  /** Rows of a section that come out; null for all. */
  readonly top: number | null
}

export interface HistoryDiff {
  /** Null when one of the two has no windows; then its name is in `empty`. */
  readonly report: DiffReport | null
  readonly empty: readonly string[]
}

const DEFAULT_SECTIONS = ['host', 'service', 'pair']

export async function diffHistories(
  sides: readonly [a: HistorySide, b: HistorySide],
  { by, top }: HistoryDiffOptions,
): Promise<HistoryDiff> {
  const a = await sumHistory(sides[0].windows)
  const b = await sumHistory(sides[1].windows)
  if (a === null || b === null) {
    return { report: null, empty: sides.flatMap(({ name }, i) => ([a, b][i] === null ? [name] : [])) }
  }
  if (!isAlike(a.recorded, b.recorded)) throw new Error('the two were recorded with another --by or --bytes')
  const known = a.tables.map(({ table }) => table.by)
  const asked = by ?? known.filter((word) => DEFAULT_SECTIONS.includes(word))
  const sections = (asked.length > 0 ? asked : known.slice(0, 1)).map((word) => {
    const place = known.indexOf(word)
    if (place < 0) throw new Error(`--by ${word}: not in what was recorded, which has ${known.join(', ')}`)
    const { analysis } = a.tables[place]!.table
    const rows = compareRows(rowsOf(a, place), rowsOf(b, place), analysis.columns)
    const counts = { new: 0, gone: 0, changed: 0, same: 0 }
    for (const { status } of rows) counts[status]++
    const about = { ...analysis, windowNs: null }
    return { by: word, analysis: about, rows: top === null ? rows : rows.slice(0, top), counts }
  })
  return { report: { a: factsOf(sides[0].name, a), b: factsOf(sides[1].name, b), sections }, empty: [] }
}

function rowsOf({ tables, watchedNs }: HistorySums, place: number): readonly Row[] {
  return tables[place]!.ranked('bytes', null, watchedNs).rows
}

function factsOf(name: string, { watchedNs, total }: HistorySums): SideFacts {
  return { files: [name], durationNs: watchedNs, ...total, bitsPerSecond: bitsPerSecond(total.bytes, watchedNs) }
}
