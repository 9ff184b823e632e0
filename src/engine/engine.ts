/**
 * Frames to records: who sent how much, in each window of time or over the whole capture.
 *
 *     frames ─▶ FrameCounter ─▶ buckets of flow counts ─▶ WindowReports ─▶ SpanRecord, IdleRecord
 *               (per frame)                               (per window: groups, ranks, text)
 */
import type { FlowTable } from '../capture/flow-row.ts'
import type { FrameBatch } from '../capture/frame-batch.ts'
import { floorDivide } from './bucket-clock.ts'
import { FrameCounter } from './frame-counter.ts'
import { GroupSums } from './group-sums.ts'
import type { Grouping } from './grouping.ts'
import { Groups } from './groups.ts'
import type { KeyNames } from './key-parts.ts'
import { type Ranking, rankRows } from './ranking.ts'
import type { Counts, IdleRecord, SpanRecord } from './records.ts'
import { type NamedCounts, subtract, sumAll, sumProtocols, sumUndecoded } from './tallies.ts'
import { toBucketOptions, type WindowOptions } from './window-options.ts'
import { WindowReports } from './window-reports.ts'

export interface EngineOptions extends WindowOptions, Partial<Ranking> {
  readonly table: FlowTable
  /** KEY_ bits that the table is filled with; the grouping's own unless given. */
  readonly tableKeyFields?: number
  readonly grouping: Grouping
  readonly names: KeyNames
  /** An empty span for each idle window in place of one record for each run of them. */
  readonly idle?: boolean
  /**
   * Rows (a flow in a window) that wait for frames out of order before the earliest windows are written; 24 bytes each, a
   * million unless given. With 0 a window is written as soon as two others have begun; then a single frame from the future
   * makes all that follow late, so leave room for a few.
   */
  readonly heldRowBudget?: number
  /**
   * A view of now, moved on by {@link Engine.closeBefore}: sliding windows that began before the first frame are reported
   * too, those that would end in the future are not, and idle windows are spelled out unless many pass at once.
   */
  readonly live?: boolean
}

/** Where every frame that was added went: their sum is all of them. */
export interface EngineAccounting {
  /** In rows, with addresses. */
  readonly shown: Counts
  /** In rows, without any address. */
  readonly undecoded: Counts
  /** In no row: their windows were already written. */
  readonly late: Counts
  /** In no row: windows were asked for and these have no time. */
  readonly untimed: Counts
}

const DEFAULT_HELD_ROW_BUDGET = 1_000_000

export class Engine {
  readonly #table: FlowTable
  readonly #grouping: Grouping
  readonly #ranking: Ranking
  readonly #counter: FrameCounter
  readonly #groups: Groups
  readonly #windows: WindowReports | null

  /** Throws an Error in the user's terms for options that contradict each other. */
  constructor(options: EngineOptions) {
    const { table, grouping, sort = 'bytes', top = null } = options
    if (sort !== 'bytes' && sort !== 'packets' && !grouping.columns.includes(sort)) {
      throw new Error(`Cannot sort by '${sort}'. Accepted: bytes, packets, ${grouping.columns.join(', ')}`)
    }
    const { stepNs, bucketsPerWindow, originNs } = toBucketOptions(options)
    this.#table = table
    this.#grouping = grouping
    this.#ranking = { sort, top }
    this.#counter = new FrameCounter({
      stepNs,
      originNs,
      heldRowBudget: options.heldRowBudget ?? DEFAULT_HELD_ROW_BUDGET,
    })
    this.#groups = new Groups(grouping, table, options.tableKeyFields ?? grouping.keyFields, options.names)
    const { clock } = this.#counter
    this.#windows =
      stepNs === null
        ? null
        : new WindowReports(this.#groups, {
            bucketsPerWindow,
            idle: options.idle ?? false,
            live: options.live ?? false,
            ranking: this.#ranking,
            startOf: (bucket) => clock.startOf(bucket),
          })
  }

  /** Adds frames [start, end) of a batch; keeps nothing of it. {@link drain} now and then keeps memory bounded. */
  add(batch: FrameBatch, start = 0, end: number = batch.count): void {
    this.#counter.add(batch, this.#table.size, start, end)
  }

  /** Adds what another engine over the same flow table and windows has counted, before it wrote any. It is spent then. */
  mergeFrom(other: Engine): void {
    if (other.#table !== this.#table) throw new Error('Only counts over one flow table can be added')
    this.#counter.merge(other.#counter)
  }

  /**
   * Windows that are ready to be written, in the order of time; each is made when it is asked for. Whoever starts to read
   * reads to the end before adding more.
   */
  *drain(): Generator<SpanRecord | IdleRecord> {
    if (this.#windows === null) return
    for (const bucket of this.#counter.takeReleased()) yield* this.#windows.push(bucket)
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
      return
    }
    this.#counter.releaseAll()
    yield* this.drain()
    yield* this.#windows.finish()
  }

  /**
   * Every frame that was added so far as one span from the first to the last timestamp, late and untimed frames among
   * them. Rates are over the time between those two.
   */
  wholeSpan(): SpanRecord {
    const { firstNs, lastNs } = this.#counter
    const sums = new GroupSums(this.#groups)
    for (const counts of this.#counter.everything()) sums.addCounts(counts)
    return {
      type: 'span',
      startNs: firstNs,
      endNs: lastNs,
      ...rankRows(sums, this.#ranking, firstNs === null || lastNs === null ? 0n : lastNs - firstNs),
      total: { packets: sums.totalPackets, bytes: sums.totalBytes },
    }
  }

  get grouping(): Grouping {
    return this.#grouping
  }

  /** Every frame that was added. */
  get total(): Counts & { readonly capturedBytes: number } {
    const { packets, bytes, capturedBytes } = this.#counter
    return { packets, bytes, capturedBytes }
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
    return sumProtocols(this.#counter.everything(), this.#table)
  }

  /** Final after {@link finish}: until then a frame may still turn out to be late. */
  accounting(): EngineAccounting {
    const { late, untimed } = this.#counter
    const everything = this.#counter.everything()
    // Without windows there is no row that a frame could miss.
    const missed = this.#windows === null ? [] : [late, untimed]
    const undecoded = subtract(sumUndecoded(everything, this.#table), sumUndecoded(missed, this.#table))
    return {
      shown: subtract(subtract(sumAll(everything), sumAll(missed)), undecoded),
      undecoded,
      late: sumAll(missed.slice(0, 1)),
      untimed: sumAll(missed.slice(1)),
    }
  }
}
