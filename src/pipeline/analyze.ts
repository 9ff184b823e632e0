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
import type { Analysis, AnalysisRecord } from '../engine/records.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import { FrameTally } from './frame-tally.ts'
import type { InputProblem } from './input-problem.ts'
import type { Input } from './inputs.ts'
import { readInputs } from './read-inputs.ts'

export interface AnalyzeOptions extends Partial<Ranking> {
  readonly grouping: Grouping
  readonly names: Pick<KeyNames, 'describe'>
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
  /** A span for each idle window. */
  readonly idle?: boolean
  /** Ends reading; the records of what was read follow. */
  readonly signal?: AbortSignal
  /** Called now and then with the frames so far and the stored bytes that were read. */
  readonly onProgress?: (frames: number, bytes: number) => void
}

/** What loggers must know before the first record. */
export function describeAnalysis(options: AnalyzeOptions): Analysis {
  return {
    columns: options.grouping.columns,
    windowNs: options.windowNs ?? null,
    basis: options.basis ?? 'frame',
    bidirectional: options.grouping.bidirectional,
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
  const parser = new Parser(module, {
    keyFields: grouping.keyFields,
    inner,
    sinceNs,
    untilNs,
    ...(basis !== undefined && { basis }),
    ...(inputs.length > 1 && { chunkBytes: MERGED_CHUNK_BYTES }),
  })
  const names: KeyNames = {
    describe: (bytes) => options.names.describe(bytes),
    interfaceName: (id) => parser.interface(id).name,
  }
  const engine = new Engine({
    table: parser.flows,
    grouping,
    names,
    windowNs: options.windowNs ?? null,
    stepNs: options.stepNs ?? null,
    align: options.align ?? 'start',
    idle: options.idle ?? false,
    sort: options.sort ?? 'bytes',
    top: options.top ?? null,
  })
  const parts: CaptureParts = { parser, engine, tally: new FrameTally(), files: [], problems }

  for await (const run of readInputs(module, inputs, parts, options)) {
    engine.add(run.batch, run.start, run.end)
    parts.tally.add(run)
    yield* engine.drain()
  }

  if (parts.files.length === 0) return
  // They ended in the order of their last frames; people know them in the order they gave.
  const places = new Map(inputs.map(({ name }, place) => [name, place]))
  parts.files.sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0))
  if (options.windowNs == null) {
    yield describeCapture(parts)
    yield* engine.finish()
  } else {
    yield* engine.finish()
    yield describeCapture(parts)
  }
}
