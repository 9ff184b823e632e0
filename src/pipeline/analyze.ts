/**
 * The main job: inputs → records. One pass, memory bounded by live flows and open windows.
 *
 * Without windows the capture record comes first and one span follows; with windows they stream as they are complete and the
 * capture record ends them.
 */
import { type Basis, Parser } from '../capture/parser.ts'
import { Engine } from '../engine/engine.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import type { Ranking } from '../engine/ranking.ts'
import type { Analysis, AnalysisRecord, ExtraColumn } from '../engine/records.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import type { InputProblem } from './input-problem.ts'
import type { Input } from './inputs.ts'
import { readInputs } from './read-inputs.ts'
import { cutRanges, readRanges, type StartRanges } from './read-ranges.ts'

export interface AnalyzeOptions extends Partial<Ranking> {
  readonly grouping: Grouping
  readonly names: Pick<KeyNames, 'describe' | 'nameOf'>
  /** Null: one span over everything. */
  readonly windowNs?: bigint | null
  readonly stepNs?: bigint | null
  readonly align?: 'start' | 'clock'
  readonly basis?: Basis
  readonly inner?: boolean
  readonly sinceNs?: bigint | undefined
  readonly untilNs?: bigint | undefined
  /** Stop after this many frames. */
  readonly limit?: number | undefined
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

/** Several inputs at once share the cache: each reads smaller pieces. */
const MERGED_CHUNK_BYTES = 1 << 18

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
  const { grouping, basis, inner = false, sinceNs, untilNs } = options
  const parserOptions = {
    keyFields: grouping.keyFields,
    inner,
    sinceNs,
    untilNs,
    segmentBytes: options.segmentBytes,
    salvage: options.salvage,
    ...(basis !== undefined && { basis }),
  }
  const parser = new Parser(module, {
    ...parserOptions,
    ...(inputs.length > 1 && { chunkBytes: MERGED_CHUNK_BYTES }),
  })
  const names: KeyNames = {
    describe: (bytes) => options.names.describe(bytes),
    ...(options.names.nameOf !== undefined && { nameOf: (bytes) => options.names.nameOf!(bytes) }),
    interfaceName: (id) => parser.interface(id).name,
  }
  const engine = new Engine({
    table: parser.flows,
    counter: parser.createCounter(),
    grouping,
    names,
    windowNs: options.windowNs ?? null,
    stepNs: options.stepNs ?? null,
    align: options.align ?? 'start',
    idle: options.idle ?? false,
    ...(options.maxFlows !== undefined && {
      limit: { maxFlows: options.maxFlows, keepFlows: (ids) => parser.keepFlows(ids) },
    }),
    ...(options.heldRowBudget !== undefined && { heldRowBudget: options.heldRowBudget }),
    sort: options.sort ?? 'bytes',
    top: options.top ?? null,
  })
  const parts: CaptureParts = { parser, engine, files: [], problems, salvage: options.salvage === true }

  const isCut = inputs.length === 1 && options.limit === undefined && !options.salvage
  let startRanges = isCut ? options.startRanges : undefined
  for await (const run of readInputs(module, inputs, parts, options)) {
    // Frames of several inputs come in an order of their own, and have no segments.
    if (inputs.length === 1) run.stream.onSegmentEnd = () => engine.settle()
    else engine.settle()
    engine.add(run.batch, run.start, run.end)
    yield* engine.drain()
    if (startRanges === undefined || !run.stream.isBetweenRecords) continue
    const { stream } = run
    const ranges = cutRanges(stream, engine)
    if (ranges !== null) {
      const setup = { parser: parserOptions, headLength: stream.firstFrameOffset, ...engine.buckets }
      const pool = startRanges(stream.source, setup, ranges)
      const { signal, onProgress = () => {} } = options
      yield* readRanges(pool, ranges, { parser, engine, stream, signal, onProgress })
    }
    startRanges = undefined
  }

  // A pipe is ended by Ctrl-C as a matter of course.
  const interrupted = (options.signal?.aborted ?? false) && inputs.some(({ repeatable }) => repeatable)
  const facts = () => ({ ...describeCapture(parts), interrupted })
  if (engine.evictedFlows > 0) options.onEvicted?.(engine.evictedFlows)
  if (parts.files.length === 0) return
  // They ended in the order of their last frames; people know them in the order they gave.
  const places = new Map(inputs.map(({ name }, place) => [name, place]))
  parts.files.sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0))
  if (options.windowNs == null) {
    yield facts()
    yield* engine.finish()
  } else {
    yield* engine.finish()
    yield facts()
  }
}
