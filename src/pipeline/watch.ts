/**
 * A running capture: bytes as they come → a record for each window as soon as it is over.
 *
 * Windows are those of the packets' own timestamps. The wall clock says when one is over: capture tools hand packets on with a
 * delay, so a window is closed `lagMs` after its end (CaptureClock). What comes later still is counted, as late.
 *
 * Reading does not wait for whoever takes the records, up to a bound: a pager that stands still for a while costs nothing. Beyond
 * it nothing more is read. The pipe fills up, then the capture tool's buffer, and what is lost then is in its drops, not in our memory.
 */
import { type Basis, Parser } from '../capture/parser.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import { Engine } from '../engine/engine.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { Ranking } from '../engine/ranking.ts'
import type { AnalysisRecord, CaptureRecord } from '../engine/records.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import type { NameBook } from '../names/name-book.ts'
import { CaptureClock, type CaptureClockOptions } from './capture-clock.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import type { InputProblem } from './input-problem.ts'
import { timeOf } from './inputs.ts'
import { type GivenNames, keyNamesByDescription } from './key-names.ts'
import { describeNames, NameReading } from './name-reading.ts'
import { NameScanner } from './name-scanner.ts'
import { WaitingRows } from './waiting-rows.ts'

export interface WatchOptions extends Partial<Ranking>, CaptureClockOptions {
  readonly grouping: Grouping
  readonly names: GivenNames
  /** See AnalyzeOptions. */
  readonly book?: NameBook | undefined
  readonly windowNs: bigint
  readonly stepNs: bigint
  readonly basis?: Basis
  readonly inner?: boolean
  /** Only frames that it takes count. */
  readonly filter?: CompiledFilter | undefined
  /** Stop after this many frames. */
  readonly limit?: number | undefined
  /** Called when the limit is reached: nothing more is read. */
  readonly onLimit?: () => void
  /** Windows that nobody takes may hold so many rows (a flow in a window) before reading waits: 24 bytes each, a million unless given. */
  readonly mostWaitingRows?: number
  /** Called whenever reading begins to wait for whoever takes the records. */
  readonly onBlocked?: () => void
  /** What the capture tool says when it has ended. It counts for a capture that does not say it itself, such as pcap. */
  readonly toolCounts?: () => Promise<ToolCounts>
  /** A test may have a clock of its own. */
  readonly pause: (ms: number) => Promise<void>
}

export interface ToolCounts {
  readonly received: number | null
  readonly dropped: number | null
  /** The same of each interface, in the order of the capture; empty when the tool only says the sum. */
  readonly interfaces?: readonly { readonly received: number | null; readonly dropped: number | null }[]
}

/** How often windows are looked at. A frame waits no longer than this beyond the lag. */
const TICK_MS = 50
const MOST_WAITING_ROWS = 1_000_000

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
  const { book } = options
  const parserOptions = { keyFields: grouping.keyFields, inner, names: book !== undefined, filter: options.filter }
  const parser = new Parser(module, { ...parserOptions, ...(basis !== undefined && { basis }) })
  const engine = new Engine({
    table: parser.flows,
    counter: parser.createCounter(),
    grouping,
    names: keyNamesByDescription(names, parser),
    windowNs: options.windowNs,
    stepNs: options.stepNs,
    beforeSpan: (endNs) => book?.showBefore(endNs),
    align: 'clock',
    live: true,
    sort: options.sort ?? 'bytes',
    top: options.top ?? null,
  })
  const parts: CaptureParts = { parser, engine, files: [], problems }
  const stream = parser.open(source)
  const clock = new CaptureClock(options)
  const namesRead = book === undefined ? null : new NameReading(new NameScanner(parser, inner), book)
  const reading = new Reading(stream, parts, clock, options, namesRead)
  reading.start()

  try {
    while (!reading.ended) {
      await options.pause(TICK_MS)
      const overNs = clock.overBefore()
      reading.beforeTaking()
      if (overNs !== null) yield* engine.closeBefore(overNs)
    }
  } finally {
    reading.stop()
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
  const facts = { ...describeCapture(parts), ...(book !== undefined && { names: describeNames(book) }) }
  yield options.toolCounts === undefined ? facts : withToolCounts(facts, await options.toolCounts())
}

/** A sum fits only one interface. */
function withToolCounts(capture: CaptureRecord, { received, dropped, interfaces = [] }: ToolCounts): CaptureRecord {
  const counts = interfaces.length > 0 ? interfaces : [{ received, dropped }]
  if (counts.length !== capture.interfaces.length) return capture
  const merged = capture.interfaces.map((facts, i) => (facts.dropped === null ? { ...facts, ...counts[i]! } : facts))
  return { ...capture, interfaces: merged }
}

/** The side that does not wait for the output until far too much waits for it: frames go into the engine as they come. */
class Reading {
  ended = false
  error: unknown = null
  readonly #stream: CaptureStream
  readonly #parts: CaptureParts
  readonly #clock: CaptureClock
  readonly #options: WatchOptions
  readonly #names: NameReading | null
  readonly #waiting: WaitingRows
  #stopped = false
  #wake = () => {}

  constructor(
    stream: CaptureStream,
    parts: CaptureParts,
    clock: CaptureClock,
    options: WatchOptions,
    names: NameReading | null,
  ) {
    this.#names = names
    this.#stream = stream
    this.#parts = parts
    this.#clock = clock
    this.#options = options
    this.#waiting = new WaitingRows(options.stepNs)
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

  /** Somebody takes the windows that are over: what was added until now waits for nobody else. */
  beforeTaking(): void {
    this.#waiting.forget()
    this.#wake()
  }

  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  async #room(): Promise<void> {
    const { mostWaitingRows = MOST_WAITING_ROWS, onBlocked } = this.#options
    if (this.#waiting.rows <= mostWaitingRows) return
    onBlocked?.()
    while (this.#waiting.rows > mostWaitingRows && !this.#stopped) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async #read(): Promise<void> {
    let left = this.#options.limit ?? Number.POSITIVE_INFINITY
    for (let batch = await this.#stream.next(); batch !== null; batch = await this.#stream.next()) {
      const loading = this.#names?.scan({ stream: this.#stream, start: 0, end: Math.min(batch.count, left) }) ?? null
      if (loading !== null) {
        await loading
        batch = this.#stream.batch
      }
      this.#names?.note()
      const run = { batch, start: 0, end: Math.min(batch.count, left) }
      // Before they are counted: that may grow the memory, and the batch with it is gone.
      const newestNs = timeOf(batch, run.end - 1)
      this.#parts.engine.add(batch, run.start, run.end)
      left -= run.end
      if (newestNs !== null) this.#clock.saw(newestNs)
      this.#waiting.add(run.end, newestNs, this.#parts.parser.flows.size)
      if (left === 0) {
        this.#options.onLimit?.()
        return
      }
      await this.#room()
      if (this.#stopped) return
    }
  }
}
