/**
 * Frames to records: who sent how much, in each window of time or over the whole capture.
 *
 *     frames ─▶ FrameCounter ─▶ buckets of flow counts ─▶ WindowReports ─▶ SpanRecord, IdleRecord
 *               (per frame)                               (per window: groups, ranks, text)
 */
import type { Counter, FlowCountRows } from '../capture/counter.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { floorDivide } from './bucket-clock.ts'
import { FlowSums } from './flow-sums.ts'
import { FrameCounter, type FrameCounts } from './frame-counter.ts'
import { GroupSums } from './group-sums.ts'
import type { Grouping } from './grouping.ts'
import { Groups } from './groups.ts'
import type { KeyNames } from './key-parts.ts'
import { addUp, type NamedCounts, ProtocolSums, subtract } from './protocol-sums.ts'
import { type Ranking, rankRows } from './ranking.ts'
import type { Counts, IdleRecord, SpanRecord } from './records.ts'

import { toBucketOptions, type WindowOptions } from './window-options.ts'
import { WindowReports } from './window-reports.ts'

export interface EngineOptions extends WindowOptions, Partial<Ranking> {
  readonly table: FlowTable
  readonly counter: Counter
  /** KEY_ bits that the table is filled with; the grouping's own unless given. */
  readonly tableKeyFields?: number
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
  readonly #grouping: Grouping
  readonly #ranking: Ranking
  readonly #counter: FrameCounter
  readonly #groups: Groups
  readonly #windows: WindowReports | null
  /** Everything that left the counter; the late and the untimed part of it. */
  readonly #counted: ProtocolSums
  readonly #late: ProtocolSums
  readonly #untimed: ProtocolSums
  /** Without windows: the sums of everything, once they were asked for. */
  #whole: GroupSums | FlowSums | null = null

  /** Throws an Error in the user's terms for options that contradict each other. */
  constructor(options: EngineOptions) {
    const { table, grouping, sort = 'bytes', top = null } = options
    if (sort !== 'bytes' && sort !== 'packets' && !grouping.columns.includes(sort)) {
      throw new Error(`Cannot sort by '${sort}'. Accepted: bytes, packets, ${grouping.columns.join(', ')}`)
    }
    const { stepNs, bucketsPerWindow, originNs } = toBucketOptions(options)
    this.#grouping = grouping
    this.#ranking = { sort, top }
    this.#counted = new ProtocolSums(table)
    this.#late = new ProtocolSums(table)
    this.#untimed = new ProtocolSums(table)
    this.#counter = new FrameCounter({
      counter: options.counter,
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
    if (this.#windows === null) return
    for (const bucket of this.#counter.takeReleased()) {
      this.#counted.add(bucket.rows)
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
      yield this.#wholeSpan()
      return
    }
    this.#counter.releaseAll()
    yield* this.drain()
    yield* this.#windows.finish()
    for (const [sums, rows] of [
      [this.#late, this.#counter.takeLate()],
      [this.#untimed, this.#counter.takeUntimed()],
    ] as const) {
      sums.add(rows)
      this.#counted.add(rows)
    }
  }

  /** Every frame as one span from the first to the last timestamp, untimed ones among them. */
  #wholeSpan(): SpanRecord {
    const { firstNs, lastNs } = this.#counter
    const durationNs = firstNs === null || lastNs === null ? 0n : lastNs - firstNs
    return { type: 'span', startNs: firstNs, endNs: lastNs, ...rankRows(this.#sumWhole(), this.#ranking, durationNs) }
  }

  #sumWhole(): GroupSums | FlowSums {
    if (this.#whole === null) {
      this.#counter.releaseAll()
      const parts = [...this.#counter.takeReleased().map(({ rows }) => rows), this.#counter.takeUntimed()]
      for (const rows of parts) this.#counted.add(rows)
      this.#whole = this.#addUp(parts.filter((rows) => rows.length > 0))
    }
    return this.#whole
  }

  #addUp(parts: readonly FlowCountRows[]): GroupSums | FlowSums {
    if (this.#groups.areFlows && parts.length === 1) return new FlowSums(this.#groups, parts[0]!)
    const sums = new GroupSums(this.#groups)
    for (const rows of parts) sums.addRows(rows, 1)
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

  /** Packets and bytes per protocol name, most bytes first, of every frame; when no more will be added. */
  protocols(): NamedCounts[] {
    this.#complete()
    return this.#counted.named()
  }

  /** Where they went; when no more will be added and, with windows, after {@link finish}. */
  accounting(): EngineAccounting {
    this.#complete()
    const missed = addUp([this.#late.total, this.#untimed.total])
    const undecoded = subtract(this.#counted.undecoded, addUp([this.#late.undecoded, this.#untimed.undecoded]))
    return {
      shown: subtract(subtract(this.#counted.total, missed), undecoded),
      undecoded,
      late: this.#late.total,
      untimed: this.#untimed.total,
    }
  }

  #complete(): void {
    if (this.#windows === null) this.#sumWhole()
  }
}
