/** Captures and plain options → records, rows, or text: what `netkit analyze` does, as a function. */
import type {
  Analysis,
  AnalysisRecord,
  CaptureRecord,
  Counts,
  Damage,
  KeyColumn,
  KeyValue,
  Row,
  SpanRecord,
} from '../engine/records.ts'
import { createLogger, type LogFormat } from '../loggers/create-logger.ts'
import type { LoggerOptions } from '../loggers/logger.ts'
import { analyze, describeAnalysis } from '../pipeline/analyze.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import type { StartRanges } from '../pipeline/read-ranges.ts'
import { type AnalyzeCaptureOptions, analyzeOptionsOf } from './analyze-options.ts'
import { type CaptureInput, type Host, listOf } from './host.ts'
import { UnreadableCapture } from './unreadable-capture.ts'

/** A row of a span with its values by name. */
export interface NamedRow extends Counts {
  /** Of the row's window, or from the first frame to the last: [startNs, endNs). Null when the capture holds no timestamp at all. */
  readonly startNs: bigint | null
  /** End of it. */
  readonly endNs: bigint | null
  /** Values of the key columns, see {@link KeyColumn}; a column that the grouping does not have is left out. */
  readonly key: Readonly<Partial<Record<KeyColumn, KeyValue>>>
  /** bytes × 8 / seconds of the window; null when it has no length (a single frame). */
  readonly bitsPerSecond: number | null
  /** By host and conversation: the part that the host, or the first endpoint, sent. */
  readonly sent?: Counts
  /** Values of further columns (`tcp`, `stats`, `burst`) by name, such as `p95_bits_per_second`; without any, an empty object. */
  readonly extras: Readonly<Record<string, number | string | null>>
}

/**
 * An analysis that begins when its records are asked for. It can be gone through once: as records, as rows, or as text. Stopping early
 * (`break`) closes the inputs.
 *
 * Without windows the {@link CaptureRecord} comes first and one span follows; with windows it is the last record. Throws an
 * {@link UnreadableCapture} when not one input is a capture; a capture that is cut or damaged gives what was before, and says so in
 * `damage` of the capture record.
 */
export interface CaptureAnalysis extends AsyncIterable<AnalysisRecord> {
  /** The columns, and what a {@link Logger} is made with. Known at once. */
  readonly analysis: Analysis
  /** What could not be read so far; complete when the records have ended. */
  readonly problems: readonly Damage[]
  /** The facts of the capture, once its record was handed out. */
  readonly capture: CaptureRecord | null
  /** Rows of all spans with their values by name. What `top` leaves out is in no row; records have it. */
  rows(): AsyncGenerator<NamedRow>
  /** What `netkit analyze --format` prints, in pieces. Node's `writeFile` takes it as it is. */
  text(format: LogFormat, options?: LoggerOptions): AsyncGenerator<string>
}

/** `startRanges`: threads, where there are any. Throws for options that are none at once. */
export function startAnalysis(
  host: Host,
  from: CaptureInput | readonly CaptureInput[],
  asked: AnalyzeCaptureOptions,
  startRanges?: (module: WebAssembly.Module) => StartRanges,
): CaptureAnalysis {
  const options = analyzeOptionsOf(asked)
  const analysis = describeAnalysis(options)
  const problems: InputProblem[] = []
  let capture: CaptureRecord | null = null

  async function* records(): AsyncGenerator<AnalysisRecord> {
    const inputs = await host.inputs(listOf(from))
    const module = await host.module()
    const ranges = startRanges === undefined ? {} : { startRanges: startRanges(module) }
    for await (const record of analyze(module, inputs, { ...options, ...ranges }, problems)) {
      if (record.type === 'capture') capture = record
      yield record
    }
    if (capture === null && asked.signal?.aborted !== true) throw new UnreadableCapture(problems)
  }

  return analysisOf(records, { analysis, problems, captureOf: () => capture, stepNs: options.stepNs })
}

interface Parts {
  readonly analysis: Analysis
  readonly problems: readonly Damage[]
  readonly captureOf: () => CaptureRecord | null
  readonly stepNs: bigint | null | undefined
}

export function analysisOf(
  records: () => AsyncGenerator<AnalysisRecord>,
  { analysis, problems, captureOf, stepNs }: Parts,
): CaptureAnalysis {
  let isStarted = false
  const begin = () => {
    if (isStarted) throw new Error('an analysis is gone through once: ask for another')
    isStarted = true
    return records()
  }
  return {
    analysis,
    problems,
    get capture() {
      return captureOf()
    },
    [Symbol.asyncIterator]: begin,
    rows: () => namedRows(begin(), analysis),
    text: (format, options = {}) =>
      textOf(begin(), format, analysis, { ...(stepNs != null && { stepNs }), ...options }),
  }
}

async function* namedRows(records: AsyncIterable<AnalysisRecord>, analysis: Analysis): AsyncGenerator<NamedRow> {
  for await (const record of records) {
    if (record.type === 'span') for (const row of record.rows) yield nameRow(row, record, analysis)
  }
}

function nameRow(
  { key, packets, bytes, bitsPerSecond, sent, extras = [] }: Row,
  { startNs, endNs }: SpanRecord,
  analysis: Analysis,
): NamedRow {
  return {
    startNs,
    endNs,
    key: Object.fromEntries(analysis.columns.map((column, i) => [column, key[i] ?? null])),
    packets,
    bytes,
    bitsPerSecond,
    ...(sent !== undefined && { sent }),
    extras: Object.fromEntries((analysis.extras ?? []).map(({ name }, i) => [name, extras[i] ?? null])),
  }
}

async function* textOf(
  records: AsyncIterable<AnalysisRecord>,
  format: LogFormat,
  analysis: Analysis,
  options: LoggerOptions,
): AsyncGenerator<string> {
  const logger = createLogger(format, analysis, options)
  yield logger.begin()
  for await (const record of records) yield* logger.record(record)
  yield logger.end()
}
