/**
 * Frames to series, in the second reading of a capture: the first has told how long it is, and which groups matter. Buckets are
 * added up as they come, so no frame is late, and none is held.
 */
import type { Counter } from '../capture/counter.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { FrameCounter, type FrameCounts } from './frame-counter.ts'
import { type CountSeries, createCountSeries, type GroupSeries } from './group-series.ts'
import type { Bucket } from './held-buckets.ts'
import { sumRows } from './ranking.ts'
import type { TimeGrid } from './time-grid.ts'

/** Rows (a flow in a bucket) that wait to be added: 24 bytes each. Fewer cost time, as open buckets are cut in pieces. */
const MOST_WAITING_FRAMES = 1 << 20

export interface SeriesCounterOptions {
  readonly counter: Counter
  readonly grid: TimeGrid
  readonly series: readonly GroupSeries[]
  /** Called when nothing refers to flows; returns whether they have other ids now, in which none of the first reading changed. */
  readonly limitFlows: () => boolean
}

export class SeriesCounter {
  /** Every frame once. What is not within the grid, because the file has grown, is not in it. */
  readonly total: CountSeries
  readonly #frames: FrameCounter
  readonly #series: readonly GroupSeries[]
  readonly #grid: TimeGrid
  readonly #limitFlows: () => boolean
  #generation = 0

  constructor({ counter, grid, series, limitFlows }: SeriesCounterOptions) {
    const { stepNs, originNs, buckets } = grid
    this.#frames = new FrameCounter({
      counter,
      stepNs,
      originNs,
      heldRowBudget: Number.POSITIVE_INFINITY,
      isPart: true,
    })
    this.#series = series
    this.#grid = grid
    this.#limitFlows = limitFlows
    this.total = createCountSeries(buckets)
  }

  add(batch: StreamBatch, start = 0, end: number = batch.count): void {
    this.#frames.add(batch, start, end)
    if (this.#frames.packets >= MOST_WAITING_FRAMES) this.#takeAll()
  }

  merge({ buckets }: FrameCounts): void {
    for (const bucket of buckets) this.#addBucket(bucket)
  }

  /** Between two segments of a file, or two runs of frames. */
  settle(): void {
    this.finish()
    if (this.#limitFlows()) this.#generation++
  }

  /** Nothing is handed out before the end. */
  *drain(): Generator<never> {}

  /** Series are complete. */
  finish(): void {
    if (this.#frames.packets > 0) this.#takeAll()
  }

  get flowGeneration(): number {
    return this.#generation
  }

  get buckets(): { readonly stepNs: bigint; readonly originNs: bigint } {
    return this.#grid
  }

  #takeAll(): void {
    for (const bucket of this.#frames.takeAll().buckets) this.#addBucket(bucket)
  }

  #addBucket({ number, rows }: Bucket): void {
    const bucket = Number(number)
    if (bucket < 0 || bucket >= this.#grid.buckets) return
    const { packets, bytes } = sumRows(rows)
    this.total.packets[bucket]! += packets
    this.total.bytes[bucket]! += bytes
    for (const series of this.#series) series.addRows(bucket, rows)
  }
}
