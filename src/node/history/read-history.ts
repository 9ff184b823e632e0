/**
 * A history → its windows, file by file in the order of their hours, from its Parquet files and from the journal of the hour that is still open. May
 * be read while it is written.
 */
import { join } from 'node:path'
import type { FileMetaData } from 'hyparquet'
import type { Analysis, KeyColumn, OtherRow, Row, SpanRecord } from '../../engine/records.ts'
import type { RecordedWindow } from '../../pipeline/history-tables.ts'
import { fileOfJournal, HISTORY_FACT } from './file-mark.ts'
import { entriesOf, hourOf, listHistory, STATE_FOLDER } from './history-folder.ts'
import { type FoundJournal, inspectJournal, type JournalWindow, readJournal } from './journal.ts'

export interface HistoryRange {
  /** Windows that begin in [sinceNs, untilNs). */
  readonly sinceNs?: bigint | undefined
  readonly untilNs?: bigint | undefined
}

export interface ReadHistoryOptions extends HistoryRange {
  /** A file cannot be read: its windows are left out. */
  readonly onProblem?: (path: string, reason: string) => void
}

/** Times are 64 bits. */
const LEAST_NS = -(2n ** 63n)
const MOST_NS = 2n ** 63n

interface OpenHour {
  readonly path: string
  readonly found: FoundJournal
}

/** Row groups are read one at a time: some 50 MB. */
export async function* readHistory(folder: string, options: ReadHistoryOptions = {}): AsyncGenerator<RecordedWindow> {
  // Journals first: one that becomes a file meanwhile is in the list of files then, and left out here.
  const journals = await listJournals(folder)
  const files = await listHistory(folder)
  const listed = new Set(files.map(({ path }) => path))
  const open: OpenHour[] = []
  for (const journal of journals) {
    const file = await fileOfJournal(folder, journal.found.header)
    if (file === null || !listed.has(file)) open.push(journal)
  }
  const { sinceNs, untilNs } = options
  for (const file of files) {
    if (sinceNs !== undefined && file.hourNs < hourOf(sinceNs)) continue
    if (untilNs !== undefined && file.hourNs >= untilNs) continue
    yield* readFile(file.path, options)
  }
  for (const { path, found } of open) {
    const { analysis } = found.header
    try {
      for await (const window of readJournal(path, found)) {
        if (isIn(window.startNs, options)) yield { analysis, span: spanOf(window) }
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') options.onProblem?.(path, (error as Error).message)
      // It has become a file since they were listed.
      else {
        const file = await fileOfJournal(folder, found.header)
        if (file !== null) yield* readFile(file, options)
      }
    }
  }
}

async function listJournals(folder: string): Promise<OpenHour[]> {
  const journals: OpenHour[] = []
  const names = (await entriesOf(join(folder, STATE_FOLDER))).map(({ name }) => name)
  for (const name of names.filter((name) => name.endsWith('.journal')).sort()) {
    const path = join(folder, STATE_FOLDER, name)
    const found = await inspectJournal(path).catch(() => null)
    if (found !== null) journals.push({ path, found })
  }
  return journals
}

async function* readFile(path: string, options: ReadHistoryOptions): AsyncGenerator<RecordedWindow> {
  try {
    const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('hyparquet')
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    const facts = factsOf(metadata)
    if (facts === null) return
    const { analysis, recorded } = facts
    let doneNs = options.sinceNs ?? LEAST_NS
    // window_start would lose its nanoseconds in a Date.
    const columns = metadata.schema.slice(1).flatMap(({ name }) => (name === 'window_start' ? [] : [name]))
    let window: MutableSpan | null = null
    let rowStart = 0
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows)
      const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd })
      rowStart = rowEnd
      for (const row of rows) {
        const startNs = row.window_start_ns as bigint
        if (window === null || window.startNs !== startNs) {
          if (window !== null && isIn(window.startNs, options)) yield { analysis, span: spanOf(window) }
          for (const span of idleSpans(recorded, doneNs, startNs, options)) yield { analysis, span }
          const endNs: bigint = startNs + windowLength(row, analysis)
          const total = { packets: Number(row.window_packets), bytes: Number(row.window_bytes) }
          window = { startNs, endNs, total, rows: [], other: null }
          if (endNs > doneNs) doneNs = endNs
        }
        addRow(window, row, analysis)
      }
    }
    if (window !== null && isIn(window.startNs, options)) yield { analysis, span: spanOf(window) }
    for (const span of idleSpans(recorded, doneNs, MOST_NS, options)) yield { analysis, span }
  } catch (error) {
    options.onProblem?.(path, `it is no whole Parquet file (${(error as Error).message})`)
  }
}

interface MutableSpan extends JournalWindow {
  readonly rows: Row[]
  other: OtherRow | null
}

type Cells = Readonly<Record<string, unknown>>

function addRow(window: MutableSpan, cells: Cells, { columns, bidirectional }: Analysis): void {
  const counts = {
    packets: Number(cells.packets),
    bytes: Number(cells.bytes),
    bitsPerSecond: cells.bits_per_second as number | null,
  }
  if (cells.is_other === true) {
    window.other = { ...counts, rows: Number(cells.rows) }
    return
  }
  const key = columns.map((column) => (cells[column] ?? null) as string | number | null)
  const sent = bidirectional && cells.sent_packets != null
  window.rows.push({
    key,
    ...counts,
    ...(sent && { sent: { packets: Number(cells.sent_packets), bytes: Number(cells.sent_bytes) } }),
  })
}

function spanOf({ startNs, endNs, total, rows, other }: JournalWindow): SpanRecord {
  return { type: 'span', startNs, endNs, rows: rows as readonly Row[], other, total }
}

function windowLength(cells: Cells, { windowNs }: Analysis): bigint {
  return windowNs ?? BigInt(Math.round(Number(cells.window_seconds ?? 0) * 1e9))
}

/** Times in [fromNs, toNs) that were watched, and saw nothing: a file has no rows for them. One span for as long as it was. */
function idleSpans(recorded: readonly Watched[], fromNs: bigint, toNs: bigint, range: HistoryRange): SpanRecord[] {
  const untilNs = range.untilNs !== undefined && range.untilNs < toNs ? range.untilNs : toNs
  return recorded.flatMap(([start, end]) => {
    const startNs = start > fromNs ? start : fromNs
    const endNs = end < untilNs ? end : untilNs
    const total = { packets: 0, bytes: 0 }
    return startNs < endNs ? [{ type: 'span', startNs, endNs, rows: [], other: null, total } as const] : []
  })
}

type Watched = readonly [startNs: bigint, endNs: bigint]

/** Null for a file that is none of a history. */
function factsOf({ key_value_metadata: facts = [] }: FileMetaData): {
  readonly analysis: Analysis
  readonly recorded: readonly Watched[]
} | null {
  const factOf = (key: string) => facts.find((fact) => fact.key === key)?.value
  const text = factOf('netkit.analysis')
  const history = factOf(HISTORY_FACT)
  if (history === undefined || text === undefined) return null
  const recorded = JSON.parse(history).recorded.map((span: [string, string]) => span.map(BigInt)) as Watched[]
  const { columns, window_ns: windowNs, basis, bidirectional } = JSON.parse(text)
  const analysis = {
    columns: columns as KeyColumn[],
    windowNs: windowNs === null ? null : BigInt(windowNs),
    basis,
    bidirectional,
  }
  return { analysis, recorded }
}

function isIn(startNs: bigint, { sinceNs, untilNs }: HistoryRange): boolean {
  return (sinceNs === undefined || startNs >= sinceNs) && (untilNs === undefined || startNs < untilNs)
}
