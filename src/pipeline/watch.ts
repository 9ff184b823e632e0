/**
 * A running capture: bytes as they come → a record for each window as soon as it is over.
 *
 * Windows are those of the packets' own timestamps. The wall clock says when one is over: capture tools hand packets on with a
 * delay, so a window is closed `lagMs` after its end (CaptureClock). What comes later still is counted, as late.
 */
import { type Basis, Parser } from '../capture/parser.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import { Engine } from '../engine/engine.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import type { Ranking } from '../engine/ranking.ts'
import type { AnalysisRecord, CaptureRecord } from '../engine/records.ts'
import { CaptureClock, type CaptureClockOptions } from './capture-clock.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import { FrameTally } from './frame-tally.ts'
import type { InputProblem } from './input-problem.ts'
import { timeOf } from './inputs.ts'

export interface WatchOptions extends Partial<Ranking>, CaptureClockOptions {
  readonly grouping: Grouping
  readonly names: Pick<KeyNames, 'describe'>
  readonly windowNs: bigint
  readonly stepNs: bigint
  readonly basis?: Basis
  readonly inner?: boolean
  /** Stop after this many frames. */
  readonly limit?: number | undefined
  /** Called when the limit is reached: nothing more is read. */
  readonly onLimit?: () => void
  /** What the capture tool says when it has ended. It counts for a capture that does not say it itself, such as pcap. */
  readonly toolCounts?: () => Promise<ToolCounts>
  /** A test may have a clock of its own. */
  readonly pause: (ms: number) => Promise<void>
}

export interface ToolCounts {
  readonly received: number | null
  readonly dropped: number | null
}

/** How often windows are looked at. A frame waits no longer than this beyond the lag. */
const TICK_MS = 50

/**
 * Ends when the source does, and closes it, also when nobody wants the rest. `problems` receives what was wrong with it.
 */
export async function* watch(
  module: WebAssembly.Module,
  source: Source,
  options: WatchOptions,
  problems: InputProblem[],
): AsyncGenerator<AnalysisRecord> {
  const { grouping, names, basis, inner = false } = options
  const parser = new Parser(module, { keyFields: grouping.keyFields, inner, ...(basis !== undefined && { basis }) })
  const engine = new Engine({
    table: parser.flows,
    grouping,
    names: { describe: (bytes) => names.describe(bytes), interfaceName: (id) => parser.interface(id).name },
    windowNs: options.windowNs,
    stepNs: options.stepNs,
    align: 'clock',
    live: true,
    sort: options.sort ?? 'bytes',
    top: options.top ?? null,
  })
  const parts: CaptureParts = { parser, engine, tally: new FrameTally(), files: [], problems }
  const stream = parser.open(source)
  const clock = new CaptureClock(options)
  const reading = new Reading(stream, parts, clock, options)
  reading.start()

  try {
    while (!reading.ended) {
      await options.pause(TICK_MS)
      const overNs = clock.overBefore()
      if (overNs !== null) yield* engine.closeBefore(overNs)
    }
  } finally {
    await parser.close(stream)
  }
  if (reading.error !== null) throw reading.error
  yield* engine.finish()
  const { fault, format } = stream
  if (format !== null) parts.files.push({ name: source.name, format, compression: source.compression })
  if (fault !== null) {
    const { message, kind } = fault
    problems.push({ file: source.name, message, kind, partial: stream.frames > 0, unreadableBytes: 0 })
  }
  const facts = describeCapture(parts)
  yield options.toolCounts === undefined ? facts : withToolCounts(facts, await options.toolCounts())
}

/** The tool's counters are of all interfaces together, so they fit only one. */
function withToolCounts(capture: CaptureRecord, { received, dropped }: ToolCounts): CaptureRecord {
  const [facts, ...others] = capture.interfaces
  if (facts === undefined || others.length > 0 || facts.dropped !== null) return capture
  return { ...capture, interfaces: [{ ...facts, received, dropped }] }
}

/** The side that never waits for anybody: frames go into the engine as they come. */
class Reading {
  ended = false
  error: unknown = null
  readonly #stream: CaptureStream
  readonly #parts: CaptureParts
  readonly #clock: CaptureClock
  readonly #options: WatchOptions

  constructor(stream: CaptureStream, parts: CaptureParts, clock: CaptureClock, options: WatchOptions) {
    this.#stream = stream
    this.#parts = parts
    this.#clock = clock
    this.#options = options
  }

  start(): void {
    this.#read().then(
      () => {
        this.ended = true
      },
      (error: unknown) => {
        this.error = error
        this.ended = true
      },
    )
  }

  async #read(): Promise<void> {
    let left = this.#options.limit ?? Number.POSITIVE_INFINITY
    for (let batch = await this.#stream.next(); batch !== null; batch = await this.#stream.next()) {
      const run = { batch, start: 0, end: Math.min(batch.count, left) }
      this.#parts.engine.add(batch, run.start, run.end)
      this.#parts.tally.add(run)
      left -= run.end
      const newestNs = timeOf(batch, run.end - 1)
      if (newestNs !== null) this.#clock.saw(newestNs)
      if (left === 0) {
        this.#options.onLimit?.()
        return
      }
    }
  }
}
