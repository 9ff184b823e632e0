/**
 * The main job: inputs → records. One pass, memory bounded by live flows and open windows.
 *
 * Without windows the capture record comes first and one span follows; with windows they stream as they are complete and the
 * capture record ends them.
 */
import type { StreamBatch } from '../capture/frame-batch.ts'
import { type Basis, Parser } from '../capture/parser.ts'
import { Engine } from '../engine/engine.ts'
import type { Grouping } from '../engine/grouping.ts'
import { joinMeasures } from '../engine/join-measures.ts'
import type { Ranking } from '../engine/ranking.ts'
import type { Analysis, AnalysisRecord, ExtraColumn, SpanRecord } from '../engine/records.ts'
import type { ShapeOptions } from '../engine/shape-columns.ts'
import type { ShapeFacts } from '../engine/shape-facts.ts'
import type { TcpColumn } from '../engine/tcp-columns.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import type { NameBook } from '../names/name-book.ts'
import { type CountInputs, countInputs } from './count-inputs.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import type { InputProblem } from './input-problem.ts'
import { chunksOf, type Input } from './inputs.ts'
import { type GivenNames, keyNamesOf } from './key-names.ts'
import { describeNames, NameReading } from './name-reading.ts'
import { NameScanner } from './name-scanner.ts'
import type { StartRanges } from './read-ranges.ts'
import { startTcpReading, TCP_KEY_FIELDS } from './tcp-reading.ts'
import { createTimeMeasures, type TimesOptions, timeColumns } from './time-measures.ts'

export interface AnalyzeOptions extends Partial<Ranking> {
  readonly grouping: Grouping
  readonly names: GivenNames
  /** Where the names go that the capture holds; `names` should know them from there. Left out: none are read. */
  readonly book?: NameBook | undefined
  /** Without windows: more spans over everything, grouped by these, in their order. Their rows are all rows, by bytes. */
  readonly alsoBy?: readonly Grouping[]
  /** Null: one span over everything. */
  readonly windowNs?: bigint | null
  readonly stepNs?: bigint | null
  readonly align?: 'start' | 'clock'
  readonly basis?: Basis
  readonly inner?: boolean
  readonly sinceNs?: bigint | undefined
  readonly untilNs?: bigint | undefined
  /** Only frames that it takes count. */
  readonly filter?: CompiledFilter | undefined
  /** The same by the ends of frames, see names/address-kinds.ts. */
  readonly ends?: Uint32Array<ArrayBuffer> | undefined
  /** Stop after this many frames. */
  readonly limit?: number | undefined
  /** Columns of the whole capture that say when rows were seen. One thread reads then. */
  readonly times?: TimesOptions | undefined
  /** Columns of TCP health, of the whole capture: when there are any, one thread reads. */
  readonly tcp?: readonly TcpColumn[]
  /** Called at the end when there were too many TCP conversations, with the number of flows of which nothing is said. */
  readonly onUntracked?: (flows: number) => void
  /** Columns of rows beside key and counts, in their order: those of measures, then what is added behind the engine. */
  readonly extras?: readonly ExtraColumn[]
  /** A span for each idle window. */
  readonly idle?: boolean
  /** Ends reading; the records of what was read follow. */
  readonly signal?: AbortSignal
  /** Called now and then with the frames so far and the stored bytes that were read. */
  readonly onProgress?: (frames: number, bytes: number) => void
  /** Counts a file in ranges, on several threads. Left out: one thread reads everything. The records are the same. */
  readonly startRanges?: StartRanges | undefined
  /** Counts the frames of the inputs, as countInputs does, with the same result: on other machines, see partial-merge.ts. */
  readonly countFrames?: CountInputs | undefined
  /** How rates vary over windows and bursts, in columns of the whole capture, see EngineOptions. */
  readonly shape?: ShapeOptions | undefined
  /** Called at the end when not all that the shape says is exact. */
  readonly onInexact?: (shape: ShapeFacts) => void
  /** Called at the end with the span over the whole capture, windows or not, whatever the records are. With windows it needs a shape. */
  readonly onWhole?: { readonly rows: 'all' | 'none'; take(whole: SpanRecord): void } | undefined
  /** Flows that may be kept at once, see EngineOptions. */
  readonly maxFlows?: number | undefined
  /** Called at the end when flows were evicted, with their number. */
  readonly onEvicted?: (flows: number) => void
  /** Go on behind damage, at the next place where several records in a row fit. One thread reads then. */
  readonly salvage?: boolean | undefined
  /** Where counting may pause, see SEGMENT_BYTES. */
  readonly segmentBytes?: number | undefined
  /** See EngineOptions. */
  readonly heldRowBudget?: number
}

/** What loggers must know before the first record. */
export function describeAnalysis(options: AnalyzeOptions): Analysis {
  return {
    columns: options.grouping.columns,
    windowNs: options.windowNs ?? null,
    basis: options.basis ?? 'frame',
    bidirectional: options.grouping.bidirectional,
    ...(options.extras !== undefined && options.extras.length > 0 && { extras: options.extras }),
  }
}

/**
 * The records of all inputs as one capture. `problems` receives what could not be read; it is complete when the records have
 * ended. When not one input is a capture there are no records at all.
 */
export async function* analyze(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  options: AnalyzeOptions,
  problems: InputProblem[],
): AsyncGenerator<AnalysisRecord> {
  const { grouping, alsoBy = [], basis, inner = false, sinceNs, untilNs } = options
  const hasTcp = options.tcp !== undefined && options.tcp.length > 0
  const parserOptions = {
    keyFields: alsoBy.reduce(
      (bits, { keyFields }) => bits | keyFields,
      grouping.keyFields | (hasTcp ? TCP_KEY_FIELDS : 0),
    ),
    inner,
    sinceNs,
    filter: options.filter,
    ends: options.ends,
    untilNs,
    segmentBytes: options.segmentBytes,
    salvage: options.salvage,
    names: options.book !== undefined,
    ...(basis !== undefined && { basis }),
  }
  const parser = new Parser(module, { ...parserOptions, ...chunksOf(inputs) })
  const names = keyNamesOf(options.names, parser)
  const times = options.times === undefined ? null : parser.createFlowTimes()
  const tcp = hasTcp ? startTcpReading(parser, options.tcp!, options.maxFlows) : null
  const keepFlows = (ids: Uint32Array) => {
    times?.keep(ids)
    tcp?.keep(ids)
    parser.keepFlows(ids)
  }
  const engine = new Engine({
    table: parser.flows,
    counter: parser.createCounter(),
    tableKeyFields: parserOptions.keyFields,
    grouping,
    alsoBy,
    names,
    windowNs: options.windowNs ?? null,
    stepNs: options.stepNs ?? null,
    align: options.align ?? 'start',
    idle: options.idle ?? false,
    shape: options.shape && { options: options.shape, Shape: (await import('../engine/rate-shape.ts')).RateShape },
    beforeSpan: (endNs) => options.book?.showBefore(endNs),
    ...(options.maxFlows !== undefined && {
      limit: { maxFlows: options.maxFlows, keepFlows },
    }),
    ...(options.heldRowBudget !== undefined && { heldRowBudget: options.heldRowBudget }),
    ...((times !== null || tcp !== null) && {
      measures: (groups) =>
        joinMeasures([
          times === null ? null : createTimeMeasures(times, groups, parser.flows, options.times!),
          tcp?.measures(groups),
        ])!,
      measureColumns: [...(times === null ? [] : timeColumns(grouping, options.times!)), ...(options.tcp ?? [])],
    }),
    sort: options.sort ?? 'bytes',
    top: options.top ?? null,
  })
  const { book } = options
  const reading = book === undefined ? null : new NameReading(new NameScanner(parser, inner), book)
  const parts: CaptureParts = { parser, engine, files: [], problems, salvage: options.salvage === true }
  const add = (batch: StreamBatch, start: number, end: number) => {
    times?.note(batch, start, end)
    tcp?.add(batch, start, end)
  }

  yield* (options.countFrames ?? countInputs)(module, inputs, parts, engine, {
    ...options,
    parserOptions,
    names: reading,
    also: times === null && tcp === null ? undefined : { add },
    // Bursts hold a few frames each: to hand them over from thread to thread costs more than to count them.
    startRanges: options.shape?.burstNs == null ? options.startRanges : undefined,
  })

  // A pipe is ended by Ctrl-C as a matter of course.
  const interrupted = (options.signal?.aborted ?? false) && inputs.some(({ repeatable }) => repeatable)
  const facts = () => ({
    ...describeCapture(parts),
    ...(book !== undefined && { names: describeNames(book) }),
    interrupted,
  })
  const untracked = tcp?.untrackedFlows ?? 0
  if (untracked > 0) options.onUntracked?.(untracked)
  if (engine.evictedFlows > 0) options.onEvicted?.(engine.evictedFlows)
  if (parts.files.length === 0) return
  if (options.windowNs == null) {
    yield facts()
    yield* engine.finish()
  } else {
    yield* engine.finish()
    yield facts()
  }
  const { shape } = engine
  if (shape !== undefined && (!shape.exact || shape.unknown > 0)) options.onInexact?.(shape)
  options.onWhole?.take(engine.wholeSpan({ sort: 'bytes', top: options.onWhole.rows === 'all' ? null : 0 }))
}
