/**
 * Frames to records: who sent how much, in each window of time or over the whole capture.
 *
 *     frames ─▶ FrameCounter ─▶ buckets of flow counts ─▶ WindowReports ─▶ SpanRecord, IdleRecord
 *               (per frame)                               (per window: groups, ranks, text)
 */
import { type Counter, type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { floorDivide } from './bucket-clock.ts'
import { EVICTED } from './evict-flows.ts'
import { FlowSums } from './flow-sums.ts'
import { FrameCounter, type FrameCounts } from './frame-counter.ts'
import { GroupSums } from './group-sums.ts'
import type { Grouping } from './grouping.ts'
import { Groups } from './groups.ts'
import { joinMeasures } from './join-measures.ts'
import type { KeyNames } from './key-parts.ts'
import { findMeasure, type Measures } from './measures.ts'
import { addUp, type NamedCounts, subtract, sumByName, sumUndecoded, sumUndecodedFlows } from './protocol-sums.ts'
import { createSpan } from './ranked-span.ts'
import { type Ranking, rankRows, sumRows } from './ranking.ts'
import type { RateShape } from './rate-shape.ts'
import type { Counts, ExtraColumn, IdleRecord, KeyColumn, SpanRecord } from './records.ts'
import { type ShapeOptions, shapeColumns, shapeGrain } from './shape-columns.ts'
import type { ShapeFacts } from './shape-facts.ts'
import { toBucketOptions, type WindowOptions } from './window-options.ts'
import { WindowReports } from './window-reports.ts'

export interface EngineOptions extends WindowOptions, Partial<Ranking> {
  readonly table: FlowTable
  readonly counter: Counter
  /** KEY_ bits that the table is filled with; the grouping's own unless given. */
  readonly tableKeyFields?: number
  /** Without windows or a shape: groupings of the same flows, each reported in a span of its own behind the first. All rows, by bytes. */
  readonly alsoBy?: readonly Grouping[]
  readonly grouping: Grouping
  readonly names: KeyNames
  /** An empty span for each idle window in place of one record for each run of them. */
  readonly idle?: boolean
  /**
   * Rows (a flow in a window) that wait for frames out of order before the earliest windows are written; 24 bytes each, a
   * million unless given. With 0 all windows but two are written whenever {@link Engine.settle} is called; then a single
   * frame from the future makes all that follow late, so leave room for a few.
   */
  readonly heldRowBudget?: number
  /**
   * Flows that the table may hold. When {@link Engine.settle} finds more, those that matter least are folded into one:
   * evict-flows.ts. `keepFlows` makes a table of the evicted flow and the given ones.
   */
  readonly limit?: { readonly maxFlows: number; readonly keepFlows: (ids: Uint32Array) => void } | undefined
  /**
   * A view of now, moved on by {@link Engine.closeBefore}: sliding windows that began before the first frame are reported
   * too, those that would end in the future are not, and idle windows are spelled out unless many pass at once.
   */
  readonly live?: boolean
  /** Further numbers of the groups, for the span over the whole capture: made when it is reported, its groups complete. */
  readonly measures?: ((groups: Groups) => Measures) | undefined
  /** Called before a span is made, with its end; null for the whole capture. Names that are asked for are those of that time. */
  readonly beforeSpan?: ((endNs: bigint | null) => void) | undefined
  /** Their columns, which rows may be sorted by. */
  readonly measureColumns?: readonly ExtraColumn[]
  /**
   * How rates vary, in further columns of the span over the whole capture. Its windows are the ones reported where there are
   * any. What is in no window, being late or without a time, is in no row then, as with windows.
   */
  readonly shape?: EngineShape | undefined
}

/** What is asked, and who answers it: given, so that it is loaded when it is asked for. */
export interface EngineShape {
  readonly options: ShapeOptions
  readonly Shape: typeof RateShape
}

/** Where every frame that was added went: their sum is all of them. */
export interface EngineAccounting {
  /** In rows, with addresses. */
  readonly shown: Counts
  /** In rows, without any address. */
  readonly undecoded: Counts
  /** In the row of the evicted flow: there were too many flows. */
  readonly evicted: Counts
  /** In no row: their windows were already written. */
  readonly late: Counts
  /** In no row: windows were asked for and these have no time. */
  readonly untimed: Counts
}

/** What a span has of the evicted flow: one row at most. */
function evictedIn(rows: FlowCountRows): Counts {
  for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
    if (rows[i] === EVICTED) return { packets: rows[i + 1]!, bytes: rows[i + 2]! }
  }
  return NONE
}

interface Missed {
  readonly all: Counts
  readonly undecoded: Counts
}

const NONE: Counts = { packets: 0, bytes: 0 }
const NONE_MISSED: Missed = { all: NONE, undecoded: NONE }

export const DEFAULT_HELD_ROW_BUDGET = 1_000_000

export class Engine {
  readonly #grouping: Grouping
  readonly #ranking: Ranking
  readonly #counter: FrameCounter
  #groups: Groups
  readonly #createGroups: (by?: Grouping) => Groups
  readonly #alsoBy: readonly Grouping[]
  /** Counts per flow of everything, for the groupings beside the first; empty when there are none. */
  #wholeRows: readonly FlowCountRows[] = []
  readonly #limit: EngineOptions['limit']
  readonly #createMeasures: EngineOptions['measures']
  /** Flows that were folded into the evicted one, and their counts in windows that were written. */
  #evictedFlows = 0
  #generation = 0
  #evicted: Counts = NONE
  readonly #windows: WindowReports | null
  readonly #beforeSpan: EngineOptions['beforeSpan']
  readonly #shape: RateShape | null
  readonly #table: FlowTable
  /** Frames in no window, once nothing more comes: their counts, and the part of them without an address. */
  #late: Missed = NONE_MISSED
  #untimed: Missed = NONE_MISSED
  /** Without windows: the sums of everything, once they were asked for. */
  #whole: GroupSums | FlowSums | null = null

  /** Throws an Error in the user's terms for options that contradict each other. */
  constructor(options: EngineOptions) {
    const { table, grouping, sort = 'bytes', top = null, shape } = options
    const measureColumns = [
      ...(shape === undefined ? [] : shapeColumns(shape.options)),
      ...(options.measureColumns ?? []),
    ]
    const isCount = sort === 'bytes' || sort === 'packets'
    if (!isCount && !grouping.columns.includes(sort as KeyColumn) && findMeasure(measureColumns, sort) < 0) {
      const names = [...grouping.columns, ...measureColumns.map(({ name }) => name)]
      throw new Error(`Cannot sort by '${sort}'. Accepted: bytes, packets, ${names.join(', ')}`)
    }
    this.#createMeasures = options.measures
    this.#beforeSpan = options.beforeSpan
    const grain = shape === undefined || options.windowNs != null ? {} : { windowNs: shapeGrain(shape.options) }
    const { stepNs, bucketsPerWindow, originNs } = toBucketOptions({ ...options, ...grain })
    this.#grouping = grouping
    this.#ranking = { sort, top }
    this.#table = table
    this.#counter = new FrameCounter({
      counter: options.counter,
      stepNs,
      originNs,
      heldRowBudget: options.heldRowBudget ?? DEFAULT_HELD_ROW_BUDGET,
    })
    this.#limit = options.limit
    const tableKeyFields = options.tableKeyFields ?? grouping.keyFields
    this.#createGroups = (by = grouping) => new Groups(by, table, tableKeyFields, options.names)
    this.#alsoBy = options.alsoBy ?? []
    this.#groups = this.#createGroups()
    const { clock } = this.#counter
    if (shape !== undefined && shapeGrain(shape.options) !== stepNs) {
      throw new Error('The shape of traffic is that of the windows shown')
    }
    this.#shape =
      shape === undefined ? null : new shape.Shape(shape.options, this.#groups, (bucket) => clock.startOf(bucket))
    this.#windows =
      stepNs === null || options.windowNs == null
        ? null
        : new WindowReports(this.#groups, {
            bucketsPerWindow,
            idle: options.idle ?? false,
            live: options.live ?? false,
            ranking: this.#ranking,
            beforeSpan: options.beforeSpan,
            startOf: (bucket) => clock.startOf(bucket),
          })
  }

  /** Adds frames [start, end) of a batch; keeps nothing of it. {@link settle} and {@link drain} keep memory bounded. */
  add(batch: StreamBatch, start = 0, end: number = batch.count): void {
    this.#counter.add(batch, start, end)
  }

  /** Adds what was counted elsewhere, over the same flow ids and windows: frames that come next in the capture. */
  merge(counts: FrameCounts): void {
    this.#counter.merge(counts)
  }

  /** Releases windows when too many wait. What is late depends on where in the capture this is called, on nothing else. */
  settle(): void {
    this.#counter.settle()
    const limit = this.#limit
    if (limit !== undefined && this.#table.size > limit.maxFlows) this.#evict(limit)
  }

  /** Flows that were folded into one, because there were too many: they may be counted more than once. */
  get evictedFlows(): number {
    return this.#evictedFlows
  }

  /** How often flows have got other ids. */
  get flowGeneration(): number {
    return this.#generation
  }

  /** Flow 0 of the table is the evicted one. */
  get #hasEvicted(): boolean {
    return this.#generation > 0
  }

  #evict({ maxFlows, keepFlows }: NonNullable<EngineOptions['limit']>): void {
    this.#takeMissed()
    const elsewhere = [...(this.#windows?.openRows() ?? []), ...(this.#shape === null ? [] : [this.#shape.rows()])]
    const eviction = this.#counter.evictFlows(this.#table.size, maxFlows, this.#hasEvicted, elsewhere)
    keepFlows(eviction.kept)
    this.#generation++
    this.#evictedFlows += eviction.evicted
    this.#groups = this.#createGroups()
    this.#windows?.changeFlows(this.#groups, eviction.rename)
    this.#shape?.changeFlows(this.#groups, eviction.kept, eviction.rename)
  }

  /** The time of the first frame, which others have read: windows that are aligned to it begin there. */
  beginAt(ns: bigint): void {
    this.#counter.clock.originNs ??= ns
  }

  /** Step and origin of the buckets that frames are counted in, for whoever counts elsewhere. */
  get buckets(): { readonly stepNs: bigint | null; readonly originNs: bigint | null } {
    const { stepNs, originNs } = this.#counter.clock
    return { stepNs, originNs }
  }

  /**
   * Windows that are ready to be written, in the order of time; each is made when it is asked for. Whoever starts to read
   * reads to the end before adding more.
   */
  *drain(): Generator<SpanRecord | IdleRecord> {
    if (!this.#hasBuckets) return
    for (const bucket of this.#counter.takeReleased()) {
      this.#shape?.push(bucket)
      if (this.#windows === null) continue
      if (this.#hasEvicted) this.#evicted = addUp([this.#evicted, evictedIn(bucket.rows)])
      yield* this.#windows.push(bucket)
    }
  }

  /**
   * The time before `ns` is over: windows that end by then, whether they saw a frame or not. Frames of theirs that still come
   * are late. Nothing before the first frame, unless windows are aligned to the clock.
   */
  *closeBefore(ns: bigint): Generator<SpanRecord | IdleRecord> {
    const { clock } = this.#counter
    if (this.#windows === null || clock.stepNs === null || clock.originNs === null) return
    const bucket = floorDivide(ns - clock.originNs, clock.stepNs)
    this.#counter.releaseBefore(bucket)
    yield* this.drain()
    yield* this.#windows.advanceTo(bucket)
  }

  /** Everything that is left: the last windows, or without windows the one span. No frames can be added after it. */
  *finish(): Generator<SpanRecord | IdleRecord> {
    if (this.#windows === null) {
      yield this.wholeSpan()
      for (const grouping of this.#alsoBy) yield this.#spanBy(grouping)
      return
    }
    this.#counter.releaseAll()
    yield* this.drain()
    yield* this.#windows.finish()
    this.#takeMissed()
  }

  /** Frames are told apart by time: some may be late, or have none. */
  get #hasBuckets(): boolean {
    return this.#windows !== null || this.#shape !== null
  }

  #takeMissed(): void {
    if (!this.#hasBuckets) return
    this.#late = this.#sumMissed(this.#late, this.#counter.takeLate())
    this.#untimed = this.#sumMissed(this.#untimed, this.#counter.takeUntimed())
  }

  #sumMissed(before: Missed, rows: FlowCountRows): Missed {
    return {
      all: addUp([before.all, sumRows(rows)]),
      undecoded: addUp([before.undecoded, sumUndecodedFlows(rows, this.#table)]),
    }
  }

  /**
   * Every frame as one span from the first to the last timestamp, untimed ones among them. With windows only where the shape
   * was asked for, whose rows these are; after {@link finish} then. No frames can be added after it.
   */
  wholeSpan(ranking: Ranking = this.#ranking): SpanRecord {
    const { firstNs, lastNs } = this.#counter
    const durationNs = firstNs === null || lastNs === null ? 0n : lastNs - firstNs
    const sums = this.#sumWhole()
    const measures = joinMeasures([this.#shape?.measures(), this.#createMeasures?.(this.#groups)])
    this.#beforeSpan?.(null)
    const ranked = rankRows(sums, ranking, durationNs, measures)
    const totalExtras = measures?.columns.map((_, column) => measures.total?.(column) ?? null)
    return createSpan({ startNs: firstNs, endNs: lastNs, ...ranked, ...(totalExtras && { totalExtras }) }).record
  }

  #spanBy(grouping: Grouping): SpanRecord {
    const { firstNs, lastNs } = this.#counter
    const durationNs = firstNs === null || lastNs === null ? 0n : lastNs - firstNs
    const sums = new GroupSums(this.#createGroups(grouping))
    for (const rows of this.#wholeRows) sums.addRows(rows, 1)
    const ranked = rankRows(sums, { sort: 'bytes', top: null }, durationNs)
    return createSpan({ startNs: firstNs, endNs: lastNs, ...ranked }).record
  }

  #sumWhole(): GroupSums | FlowSums {
    if (this.#whole === null) {
      this.#counter.releaseAll()
      if (this.#shape !== null) {
        this.#whole = this.#sumShape(this.#shape)
        return this.#whole
      }
      const buckets = this.#counter.takeReleased().map(({ rows }) => rows)
      const untimed = this.#counter.takeUntimed()
      if (this.#hasEvicted) this.#evicted = addUp([...buckets, untimed].map(evictedIn))
      this.#whole = this.#addUp(buckets, untimed)
      if (this.#alsoBy.length > 0) this.#wholeRows = [...buckets, untimed]
    }
    return this.#whole
  }

  #sumShape(shape: RateShape): GroupSums {
    for (const bucket of this.#counter.takeReleased()) shape.push(bucket)
    this.#takeMissed()
    if (this.#windows === null && this.#hasEvicted) this.#evicted = evictedIn(shape.rows())
    return shape.sums()
  }

  /** Without windows, where every flow is a row: counts of all of them. No frames can be added after it. */
  flowRows(): FlowCountRows {
    return this.#sumWhole().rows()
  }

  /** How rates vary; undefined when nobody asked. No frames can be added after it. */
  get shape(): ShapeFacts | undefined {
    if (this.#shape === null) return undefined
    this.#sumWhole()
    return this.#shape.facts()
  }

  /** Only in a bucket is each flow there once. */
  #addUp(buckets: readonly FlowCountRows[], untimed: FlowCountRows): GroupSums | FlowSums {
    const [first] = buckets
    if (this.#groups.areFlows && buckets.length === 1 && untimed.length === 0) return new FlowSums(this.#groups, first!)
    const sums = new GroupSums(this.#groups)
    for (const rows of [...buckets, untimed]) sums.addRows(rows, 1)
    return sums
  }

  get grouping(): Grouping {
    return this.#grouping
  }

  /** Every frame that was added. */
  get total(): Counts & { readonly capturedBytes: number } {
    const { packets, bytes, capturedBytes } = this.#counter
    return { packets, bytes, capturedBytes }
  }

  /** Frames of which less was captured than there was. */
  get cut(): number {
    return this.#counter.cut
  }

  /** Frames whose decoding stopped for this reason (STOP_ of the decoders). */
  stopped(reason: number): number {
    return this.#counter.stopped(reason)
  }

  /** Lowest timestamp; null when no frame had one. */
  get firstNs(): bigint | null {
    return this.#counter.firstNs
  }

  /** Highest timestamp; null when no frame had one. */
  get lastNs(): bigint | null {
    return this.#counter.lastNs
  }

  /** Packets and bytes per protocol name, most bytes first, of every frame that was added. */
  protocols(): NamedCounts[] {
    return sumByName(this.#counter.protocols())
  }

  /** Where the frames went. Final after {@link finish}: until then a frame may still turn out to be late. */
  accounting(): EngineAccounting {
    // Without windows the evicted flow shows in their sum only.
    if (this.#windows === null) this.#sumWhole()
    const missed = [this.#late, this.#untimed]
    const undecoded = subtract(sumUndecoded(this.#counter.protocols()), addUp(missed.map((frames) => frames.undecoded)))
    const evicted = this.#evicted
    const elsewhere = [undecoded, evicted, ...missed.map(({ all }) => all)]
    return {
      shown: subtract(this.total, addUp(elsewhere)),
      undecoded,
      evicted,
      late: this.#late.all,
      untimed: this.#untimed.all,
    }
  }
}
