/**
 * Two captures → what is new, gone and changed between them, key by key, the largest change first.
 *
 * Each is read once, whatever the number of groupings. Memory is that of two analyses, one after the other, and an object for
 * each row of both.
 */
import { compareRows, type DiffReport, type SideFacts } from '../engine/diff-rows.ts'
import type { Grouping } from '../engine/grouping.ts'
import { bitsPerSecond } from '../engine/rate.ts'
import type { CaptureRecord, Row, SpanRecord } from '../engine/records.ts'
import { type AnalyzeOptions, analyze, describeAnalysis } from './analyze.ts'
import type { InputProblem } from './input-problem.ts'
import type { Input } from './inputs.ts'

/** What `--by` said, and what it means. */
export interface DiffGrouping {
  readonly by: string
  readonly grouping: Grouping
}

export interface DiffSide {
  readonly inputs: readonly Input[]
  /** Receives what could not be read. */
  readonly problems: InputProblem[]
  /** What only this side needs: threads, progress, names. */
  readonly options: Pick<AnalyzeOptions, 'names' | 'book' | 'startRanges' | 'onProgress' | 'onEvicted'>
}

export interface DiffOptions
  extends Omit<AnalyzeOptions, 'grouping' | 'alsoBy' | 'names' | 'top' | 'sort' | 'windowNs' | 'stepNs' | 'shape'> {
  /** At least one. */
  readonly groupings: readonly DiffGrouping[]
  /** Rows of a section that come out; null for all. */
  readonly top: number | null
}

/** Null when one of the two is no capture; its problems say why. */
export async function diffCaptures(
  module: WebAssembly.Module,
  sides: readonly [a: DiffSide, b: DiffSide],
  options: DiffOptions,
): Promise<DiffReport | null> {
  const a = await readSide(module, sides[0], options)
  const b = await readSide(module, sides[1], options)
  if (a === null || b === null) return null
  const sections = options.groupings.map(({ by, grouping }, i) => {
    const analysis = describeAnalysis({ ...options, ...sides[0].options, grouping })
    const rows = compareRows(a.rows[i]!, b.rows[i]!, grouping.columns)
    const counts = { new: 0, gone: 0, changed: 0, same: 0 }
    for (const { status } of rows) counts[status]++
    return { by, analysis, rows: options.top === null ? rows : rows.slice(0, options.top), counts }
  })
  return { a: a.facts, b: b.facts, sections }
}

interface SideRecords {
  readonly facts: SideFacts
  /** By grouping. */
  readonly rows: readonly (readonly Row[])[]
}

async function readSide(
  module: WebAssembly.Module,
  side: DiffSide,
  { groupings, ...options }: DiffOptions,
): Promise<SideRecords | null> {
  const [grouping, ...alsoBy] = groupings.map((one) => one.grouping)
  const all = { ...options, ...side.options, grouping: grouping!, alsoBy, top: null }
  const rows: (readonly Row[])[] = []
  let capture: CaptureRecord | null = null
  let whole: SpanRecord | null = null
  for await (const record of analyze(module, side.inputs, all, side.problems)) {
    if (record.type === 'capture') capture = record
    if (record.type !== 'span') continue
    whole ??= record
    rows.push(record.rows)
  }
  return capture === null || whole === null ? null : { facts: factsOf(capture, whole), rows }
}

function factsOf({ files }: CaptureRecord, { startNs, endNs, total }: SpanRecord): SideFacts {
  const durationNs = startNs === null || endNs === null ? null : endNs - startNs
  return {
    files,
    durationNs,
    ...total,
    bitsPerSecond: durationNs === null ? null : bitsPerSecond(total.bytes, durationNs),
  }
}
