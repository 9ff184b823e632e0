/**
 * Inputs, read once → a capture that answers groupings and windows without them: what `analyze` and `countForReport` say of the same
 * inputs, to the digit. For whoever looks at one capture in many ways.
 *
 * What is kept is packets and bytes by flow and time (engine/flow-timeline.ts), and the names that were seen. It cannot answer what
 * flows are not told apart by (`mac`, `interface`, unless they were asked for when it was read), windows of another length than
 * multiples of its step, other filters, and captures of more flows than memory is given for. Then answers are null: read again.
 */
import { Parser, type ParserOptions } from '../capture/parser.ts'
import { floorDivide } from '../engine/bucket-clock.ts'
import { parseBy } from '../engine/by.ts'
import { FlowTimeline } from '../engine/flow-timeline.ts'
import { createCountSeries } from '../engine/group-series.ts'
import { GroupSums } from '../engine/group-sums.ts'
import type { Grouping } from '../engine/grouping.ts'
import { Groups } from '../engine/groups.ts'
import { createSpan } from '../engine/ranked-span.ts'
import { type Ranking, rankRows, sumRows } from '../engine/ranking.ts'
import type { AnalysisRecord, CaptureRecord, KeyColumn } from '../engine/records.ts'
import { chooseGrid, type TimeGrid } from '../engine/time-grid.ts'
import { WindowReports } from '../engine/window-reports.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { NameBook } from '../names/name-book.ts'
import { countInputs } from './count-inputs.ts'
import { type CountedParts, describeCapture } from './describe-capture.ts'
import type { InputProblem } from './input-problem.ts'
import { chunksOf, type Input } from './inputs.ts'
import { keyNamesOf } from './key-names.ts'
import { describeNames, NameReading } from './name-reading.ts'
import { NameScanner } from './name-scanner.ts'
import { flowGrouping, MOST_BUCKETS, type ReportCountsSource } from './report.ts'
import { createSeries, rankTables, tableSource, tablesFor } from './report-tables.ts'
import type { RowLabels } from './row-labels.ts'

/** A flow costs some 150 bytes of the module's memory, and 24 for each bucket that it is in. */
const MOST_KEPT_FLOWS = 1_000_000

export interface ReadOptions {
  /** What it is asked for first: flows are told apart by what that needs, and by ports and VLANs in any case. */
  readonly grouping: Grouping
  readonly filter?: CompiledFilter | undefined
  readonly signal?: AbortSignal
  /** Stored bytes that were read so far. */
  readonly onProgress?: (bytes: number) => void
  readonly maxFlows?: number
  /** See TimelineOptions. */
  readonly mostCost?: number
  readonly mostBuckets?: number
}

export interface RecordOptions extends Partial<Ranking> {
  readonly grouping: Grouping
  /** Null: one span over everything. */
  readonly windowNs: bigint | null
  /** Names of hosts that the capture holds; without them, labels. */
  readonly names: boolean
}

export interface KeptReportOptions {
  /** The text of --by. */
  readonly by: string
  readonly names: boolean
  readonly labelsOf?: ((columns: readonly KeyColumn[]) => readonly RowLabels[]) | undefined
  /** Rows of each table. */
  readonly top: number
  /** Length of the buckets of curves, where it is known and they are not too many; null for one that 800 of fit. */
  readonly windowNs: bigint | null
}

/** Points that a curve of windows may have. */
const MOST_WINDOWS = 2000

/**
 * `problems` receives what could not be read. Null when not one input is a capture, or the reading was ended by the signal. Throws
 * TooManyFlows (engine/flow-timeline.ts) when there are more than can be kept.
 */
export async function keepCapture(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  options: ReadOptions,
  problems: InputProblem[],
): Promise<KeptCapture | null> {
  const { keyFields } = flowGrouping([options.grouping, parseBy('flow')])
  const parserOptions: ParserOptions = { keyFields, filter: options.filter, names: true }
  const parser = new Parser(module, { ...parserOptions, ...chunksOf(inputs) })
  const book = new NameBook()
  const size = inputs.reduce((bytes, input) => bytes + (input.size ?? 0), 0)
  let read = 0
  const { mostCost, mostBuckets } = options
  const timeline = new FlowTimeline({
    table: parser.flows,
    counter: parser.createCounter(),
    readPart: () => (size === 0 ? 1 : read / size),
    maxFlows: options.maxFlows ?? MOST_KEPT_FLOWS,
    ...(mostCost !== undefined && { mostCost }),
    ...(mostBuckets !== undefined && { mostBuckets }),
  })
  const parts: CountedParts = { parser, engine: summary(timeline, false), files: [], problems }
  const reading = countInputs(module, inputs, parts, timeline, {
    parserOptions,
    names: new NameReading(new NameScanner(parser, false), book),
    signal: options.signal,
    onProgress(_frames, bytes) {
      read = bytes
      options.onProgress?.(bytes)
    },
  })
  for await (const _ of reading);
  timeline.finish()
  timeline.settle()
  if (parts.files.length === 0 || options.signal?.aborted) return null
  return new KeptCapture({ parts, timeline, book, keyFields })
}

interface Kept {
  readonly parts: CountedParts
  readonly timeline: FlowTimeline
  readonly book: NameBook
  readonly keyFields: number
}

export class KeptCapture {
  readonly #kept: Kept

  constructor(kept: Kept) {
    this.#kept = kept
  }

  /** Windows of multiples of it are known. */
  get stepNs(): bigint {
    return this.#kept.timeline.stepNs
  }

  /** The capture holds more names than were kept. */
  get hasAllNames(): boolean {
    return !this.#kept.book.isFull
  }

  /** The records of `analyze`. Null: read again. */
  records({ grouping, windowNs, names, sort = 'bytes', top = null }: RecordOptions): Iterable<AnalysisRecord> | null {
    if (!this.knows(grouping)) return null
    if (windowNs === null) return this.#whole(grouping, names, { sort, top })
    const { timeline } = this.#kept
    if (windowNs % timeline.stepNs !== 0n || !timeline.hasNoneLate()) return null
    return this.#windows(grouping, windowNs, names, { sort, top })
  }

  *#whole(grouping: Grouping, named: boolean, ranking: Ranking): Generator<AnalysisRecord> {
    const { timeline, book } = this.#kept
    const sums = new GroupSums(this.#groups(grouping, named))
    sums.addRows(timeline.sums(), 1)
    yield this.#capture(false, named)
    book.showBefore(null)
    const { firstNs, lastNs } = timeline
    const durationNs = firstNs === null || lastNs === null ? 0n : lastNs - firstNs
    yield createSpan({ startNs: firstNs, endNs: lastNs, ...rankRows(sums, ranking, durationNs) }).record
  }

  *#windows(grouping: Grouping, windowNs: bigint, named: boolean, ranking: Ranking): Generator<AnalysisRecord> {
    const { timeline, book } = this.#kept
    const groups = this.#groups(grouping, named)
    groups.update()
    const originNs = timeline.originNs ?? 0n
    const windows = new WindowReports(groups, {
      bucketsPerWindow: 1n,
      idle: false,
      live: false,
      ranking,
      beforeSpan: (endNs) => book.showBefore(endNs),
      startOf: (bucket) => originNs + bucket * windowNs,
    })
    for (const bucket of timeline.windows(windowNs, originNs)) yield* windows.push(bucket)
    yield* windows.finish()
    yield this.#capture(true, named)
  }

  /** What `countForReport` gives. Null: read again. */
  report({ by, names: named, labelsOf, top, windowNs }: KeptReportOptions): ReportCountsSource | null {
    const { timeline, parts, book, keyFields } = this.#kept
    const plans = tablesFor(by.trim().toLowerCase(), false)
    if (!plans.every(({ grouping }) => this.knows(grouping))) return null
    const grid = this.#grid(windowNs)
    if (grid !== null && grid.stepNs % timeline.stepNs !== 0n) return null
    const { firstNs, lastNs, total } = timeline
    const counted = {
      flows: parts.parser.flows,
      keyFields,
      counts: timeline.sums(),
      firstNs,
      lastNs,
      total,
      names: this.#names(named),
      tcp: null,
    }
    const options = { sort: 'bytes', top, labelsOf }
    const capture = this.#capture(false, named)
    book.showBefore(null)
    const tables = rankTables(plans, counted, options)
    const series = tables.map((table) => (grid === null ? null : createSeries(table, grid.buckets)))
    const sum = createCountSeries(grid?.buckets ?? 0)
    if (grid !== null) {
      for (const { number, rows } of timeline.windows(grid.stepNs, grid.originNs)) {
        const bucket = Number(number)
        const { packets, bytes } = sumRows(rows)
        sum.packets[bucket]! += packets
        sum.bytes[bucket]! += bytes
        for (const one of series) one?.addRows(bucket, rows)
      }
    }
    return {
      capture,
      timeline: grid && { grid, total: sum },
      total,
      tables: tables.map((table, i) => tableSource(table, series[i]!, counted, {})),
    }
  }

  /** Buckets that begin at round times, as those of every report. */
  #grid(windowNs: bigint | null): TimeGrid | null {
    const { firstNs, lastNs } = this.#kept.timeline
    if (firstNs === null || lastNs === null) return null
    const chosen = chooseGrid(firstNs, lastNs, MOST_BUCKETS)
    if (windowNs === null || windowNs % this.stepNs !== 0n) return chosen
    const first = floorDivide(firstNs, windowNs)
    const buckets = floorDivide(lastNs, windowNs) - first + 1n
    return buckets > MOST_WINDOWS ? chosen : { originNs: first * windowNs, stepNs: windowNs, buckets: Number(buckets) }
  }

  /** What flows are told apart by tells these groups apart. */
  knows(grouping: Grouping): boolean {
    return (grouping.keyFields & ~this.#kept.keyFields) === 0
  }

  #groups(grouping: Grouping, named: boolean): Groups {
    return new Groups(grouping, this.#kept.parts.parser.flows, this.#kept.keyFields, this.#names(named))
  }

  #names(named: boolean) {
    const { book, parts } = this.#kept
    return keyNamesOf(createEndpointNamer(named ? { book } : {}), parts.parser)
  }

  #capture(hasWindows: boolean, named: boolean): CaptureRecord {
    const { parts, timeline, book } = this.#kept
    return {
      ...describeCapture({ ...parts, engine: summary(timeline, hasWindows) }),
      ...(named && { names: describeNames(book) }),
    }
  }
}

/** As describeCapture asks an engine. */
function summary(timeline: FlowTimeline, hasWindows: boolean): CountedParts['engine'] {
  return {
    get total() {
      return timeline.total
    },
    get cut() {
      return timeline.cut
    },
    get firstNs() {
      return timeline.firstNs
    },
    get lastNs() {
      return timeline.lastNs
    },
    shape: undefined,
    stopped: (reason) => timeline.stopped(reason),
    accounting: () => timeline.accounting(hasWindows),
    protocols: () => timeline.protocols(),
  }
}
