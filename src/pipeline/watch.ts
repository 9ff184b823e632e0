/**
 * A running capture: bytes as they come → a record for each window as soon as it is over.
 *
 * Windows are those of the packets' own timestamps. The wall clock says when one is over: capture tools hand packets on with a
 * delay, so a window is closed `lagMs` after its end. What comes later still is counted, as late.
 */
import { type Basis, Parser } from '../capture/parser.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import { Engine } from '../engine/engine.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import type { Ranking } from '../engine/ranking.ts'
import type { AnalysisRecord } from '../engine/records.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import { FrameTally } from './frame-tally.ts'
import type { InputProblem } from './input-problem.ts'

export interface WatchOptions extends Partial<Ranking> {
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
  /** How long after its end a window is closed. */
  readonly lagMs: number
  /**
   * The capture's clock is this machine's. Otherwise (another host, a pipe) its offset is taken from the frames: the one with
   * the least delay says how far the clocks are apart.
   */
  readonly localClock: boolean
  /** Nanoseconds since 1970, and a pause: a test may have a clock of its own. */
  readonly now: () => bigint
  readonly pause: (ms: number) => Promise<void>
}

/** How often windows are looked at. A frame waits no longer than this beyond the lag. */
const TICK_MS = 50
const NS_PER_MS = 1_000_000n

/** Ends when the source does. `problems` receives what was wrong with it. */
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
    idle: true,
    leading: true,
    sort: options.sort ?? 'bytes',
    top: options.top ?? null,
  })
  const parts: CaptureParts = { parser, engine, tally: new FrameTally(), files: [], problems }
  const stream = parser.open(source)
  const reading = new Reading(stream, parts, options)
  reading.start()

  while (!reading.ended) {
    await options.pause(TICK_MS)
    const now = reading.captureNow()
    if (now === null) continue
    yield* engine.closeBefore(now - BigInt(options.lagMs) * NS_PER_MS)
  }
  await parser.close(stream)
  if (reading.error !== null) throw reading.error
  yield* engine.finish()
  const { fault, format } = stream
  if (format !== null) parts.files.push({ name: source.name, format, compression: source.compression })
  if (fault !== null) {
    const { message, kind } = fault
    problems.push({ file: source.name, message, kind, partial: stream.frames > 0, unreadableBytes: 0 })
  }
  yield describeCapture(parts)
}

/** The side that never waits for anybody: frames go into the engine as they come. */
class Reading {
  ended = false
  error: unknown = null
  readonly #stream: CaptureStream
  readonly #parts: CaptureParts
  readonly #options: WatchOptions
  /** Least delay of a frame between its timestamp and now; null before the first frame. */
  #leastDelayNs: bigint | null = null

  constructor(stream: CaptureStream, parts: CaptureParts, options: WatchOptions) {
    this.#stream = stream
    this.#parts = parts
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

  /** Now, by the clock that stamps the frames; null as long as that is not known. */
  captureNow(): bigint | null {
    if (this.#options.localClock) return this.#options.now()
    return this.#leastDelayNs === null ? null : this.#options.now() - this.#leastDelayNs
  }

  async #read(): Promise<void> {
    let left = this.#options.limit ?? Number.POSITIVE_INFINITY
    for (let batch = await this.#stream.next(); batch !== null; batch = await this.#stream.next()) {
      const run = { batch, start: 0, end: Math.min(batch.count, left) }
      this.#parts.engine.add(batch, run.start, run.end)
      this.#parts.tally.add(run)
      left -= run.end
      if (!this.#options.localClock) this.#noteDelay()
      if (left === 0) {
        this.#options.onLimit?.()
        return
      }
    }
  }

  #noteDelay(): void {
    const { lastNs } = this.#parts.engine
    if (lastNs === null) return
    const delay = this.#options.now() - lastNs
    if (this.#leastDelayNs === null || delay < this.#leastDelayNs) this.#leastDelayNs = delay
  }
}
