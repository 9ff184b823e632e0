/**
 * Inputs → the data of a report. They are read twice: first for the sums, which say which rows matter and how long it all is, then
 * for the curves of those rows. So memory is that of an analysis by flow, and nothing in a report is an estimate.
 */
import { KEY_INTERFACE, KEY_MAC, KEY_VLAN } from '../abi/key-fields.ts'
import { type Basis, Parser, type ParserOptions } from '../capture/parser.ts'
import { parseBy } from '../engine/by.ts'
import { Engine } from '../engine/engine.ts'
import type { GroupSeries } from '../engine/group-series.ts'
import { createGrouping, type Grouping } from '../engine/grouping.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import type { SortColumn } from '../engine/ranking.ts'
import type { CaptureRecord, KeyColumn } from '../engine/records.ts'
import { SeriesCounter } from '../engine/series-counter.ts'
import { TCP_COLUMNS } from '../engine/tcp-columns.ts'
import { chooseGrid } from '../engine/time-grid.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import type { NameBook } from '../names/name-book.ts'
import type { ReportSource } from '../report/create-report.ts'
import { countInputs } from './count-inputs.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import type { InputProblem } from './input-problem.ts'
import { chunksOf, type Input } from './inputs.ts'
import { type GivenNames, keyNamesOf } from './key-names.ts'
import { describeNames, NameReading } from './name-reading.ts'
import { NameScanner } from './name-scanner.ts'
import type { StartRanges } from './read-ranges.ts'
import { createSeries, type RankedTable, rankTables, tableSource, tablesFor } from './report-tables.ts'
import type { RowLabels } from './row-labels.ts'
import { startTcpReading, type TcpReading } from './tcp-reading.ts'

export interface ReportOptions {
  /** The text of --by: what the first table is of. */
  readonly by: string
  readonly names: GivenNames
  /** Where the names go that the capture holds; `names` should know them from there. Left out: none are read. */
  readonly book?: NameBook | undefined
  /** A table of TCP health too: conversations with most retransmissions. One thread reads first then. */
  readonly tcp?: boolean
  /** Of a table by these keys: further columns that follow from them. */
  readonly labelsOf?: ((columns: readonly KeyColumn[]) => readonly RowLabels[]) | undefined
  readonly basis?: Basis
  readonly inner?: boolean
  /** Only frames that it takes. */
  readonly filter?: CompiledFilter | undefined
  readonly sinceNs?: bigint | undefined
  readonly untilNs?: bigint | undefined
  readonly limit?: number | undefined
  readonly salvage?: boolean
  readonly sort: SortColumn
  /** Rows of each table. */
  readonly top: number
  readonly maxFlows: number
  readonly signal?: AbortSignal
  /** Stored bytes that were read, of all inputs twice. */
  readonly onProgress?: (bytes: number) => void
  readonly startRanges?: StartRanges | undefined
  readonly segmentBytes?: number | undefined
  /** Points of a curve at most. */
  readonly mostBuckets?: number
}

/** As many points as a screen is wide. */
export const MOST_BUCKETS = 800

/** All that the inputs have to say; the rest of a report is who asked for it. */
export type ReportCountsSource = Pick<ReportSource, 'capture' | 'timeline' | 'total' | 'tables'>

/**
 * Inputs have to be repeatable. `problems` receives what could not be read. Null when not one input is a capture, or the reading
 * was ended by the signal.
 */
export async function countForReport(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  options: ReportOptions,
  problems: InputProblem[],
): Promise<ReportCountsSource | null> {
  const bys = tablesFor(options.by.trim().toLowerCase(), options.tcp ?? false)
  const flows = flowGrouping(bys.map(({ grouping }) => grouping))
  const parserOptions: ParserOptions = {
    keyFields: flows.keyFields,
    inner: options.inner ?? false,
    filter: options.filter,
    sinceNs: options.sinceNs,
    untilNs: options.untilNs,
    segmentBytes: options.segmentBytes,
    salvage: options.salvage,
    ...(options.basis !== undefined && { basis: options.basis }),
  }
  const first = await sumUp(module, inputs, options, {
    flows,
    parserOptions: { ...parserOptions, names: options.book !== undefined },
    problems,
  })
  if (first === null) return null
  const { engine, capture, parser, names, tcp } = first
  const { firstNs, lastNs, total } = engine
  options.book?.showBefore(null)
  const counts = engine.flowRows()
  const counted = { flows: parser.flows, keyFields: flows.keyFields, counts, firstNs, lastNs, total, names, tcp }
  const tables = rankTables(bys, counted, options)
  const grid =
    firstNs === null || lastNs === null ? null : chooseGrid(firstNs, lastNs, options.mostBuckets ?? MOST_BUCKETS)
  const sourceOf = (table: RankedTable, series: GroupSeries | null) => tableSource(table, series, counted, options)
  if (grid === null) return { capture, timeline: null, total, tables: tables.map((table) => sourceOf(table, null)) }

  // Whoever lost flows has their row where the first flow is.
  const evictedFlow = engine.evictedFlows > 0 ? 0 : undefined
  const series = tables.map((table) => createSeries(table, grid.buckets, evictedFlow))
  const second = new Parser(module, { ...parserOptions, ...chunksOf(inputs) })
  // The same ids, so that flows are in the groups that they were in.
  second.importFlows(parser.exportFlows(0))
  const known = second.flows.size
  const counter = new SeriesCounter({
    counter: second.createCounter(),
    grid,
    series,
    // Flow 0 is the evicted one then, here too.
    limitFlows() {
      if (second.flows.size <= Math.max(known, options.maxFlows)) return false
      second.keepFlows(Uint32Array.from({ length: known - 1 }, (_, i) => i + 1))
      return true
    },
  })
  const again = { ...reading(inputs, options, 1), parserOptions }
  await ended(countInputs(module, inputs, { parser: second, files: [], problems: [] }, counter, again))
  counter.finish()
  if (options.signal?.aborted) return null
  return {
    capture,
    timeline: { grid, total: counter.total },
    total,
    tables: tables.map((table, i) => sourceOf(table, series[i]!)),
  }
}

interface FirstReading {
  readonly parser: Parser
  readonly engine: Engine
  readonly capture: CaptureRecord
  readonly names: KeyNames
  readonly tcp: TcpReading | null
}

async function sumUp(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  options: ReportOptions,
  setup: { readonly flows: Grouping; readonly parserOptions: ParserOptions; readonly problems: InputProblem[] },
): Promise<FirstReading | null> {
  const { flows, parserOptions, problems } = setup
  const parser = new Parser(module, { ...parserOptions, ...chunksOf(inputs) })
  const names = keyNamesOf(options.names, parser)
  const { book } = options
  const nameReading = book === undefined ? null : new NameReading(new NameScanner(parser, options.inner ?? false), book)
  const tcp = options.tcp ? startTcpReading(parser, TCP_COLUMNS, options.maxFlows) : null
  const keepFlows = (ids: Uint32Array) => {
    tcp?.keep(ids)
    parser.keepFlows(ids)
  }
  const engine = new Engine({
    table: parser.flows,
    counter: parser.createCounter(),
    grouping: flows,
    names,
    windowNs: null,
    stepNs: null,
    limit: { maxFlows: options.maxFlows, keepFlows },
  })
  const parts: CaptureParts = { parser, engine, files: [], problems, salvage: options.salvage === true }
  const once = { ...reading(inputs, options, 0), parserOptions, names: nameReading, also: tcp ?? undefined }
  await ended(countInputs(module, inputs, parts, engine, once))
  if (parts.files.length === 0 || options.signal?.aborted) return null
  const capture = { ...describeCapture(parts), ...(book !== undefined && { names: describeNames(book) }) }
  return { parser, engine, capture, names, tcp }
}

/** By all that the groupings need: what has its own row in none of them has none here. */
export function flowGrouping(groupings: readonly Grouping[]): Grouping {
  const keyFields = groupings.reduce((bits, grouping) => bits | grouping.keyFields, 0)
  const further = [
    [KEY_VLAN, 'vlan'],
    [KEY_MAC, 'mac'],
    [KEY_INTERFACE, 'interface'],
  ] as const
  const words = ['conversation', ...further.filter(([field]) => (keyFields & field) !== 0).map(([, word]) => word)]
  return createGrouping(
    words.flatMap((word) => parseBy(word).parts),
    'directed',
  )
}

/** Nothing is handed out: there are no windows. */
async function ended(records: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of records);
}

function reading(inputs: readonly Input[], options: ReportOptions, before: number) {
  const { limit, signal, onProgress = () => {}, startRanges } = options
  const size = inputs.reduce((bytes, input) => bytes + (input.size ?? 0), 0)
  return {
    limit,
    signal,
    startRanges,
    onProgress: (_frames: number, bytes: number) => onProgress(before * size + bytes),
  }
}
