/**
 * Closed buckets, waiting to be written in the order of time. A bucket that was opened again has several pieces, which
 * are added up when it is taken out.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import { FlowCounts } from './flow-counts.ts'

export interface Bucket {
  readonly number: bigint
  readonly rows: FlowCountRows
}

interface Piece {
  readonly rows: FlowCountRows
  readonly next: Piece | undefined
}

/** What a bucket costs beside its rows, in rows: its piece, its place in the map, and its array. */
const ROWS_PER_BUCKET = 20

export class HeldBuckets {
  readonly #pieces = new Map<bigint, Piece>()
  readonly #scratch = new FlowCounts()
  #cost = 0

  /** Memory of all buckets, in rows of 24 bytes: their rows, a flow that is in two pieces counted twice, and a few a bucket. */
  get cost(): number {
    return this.#cost
  }

  add(number: bigint, rows: FlowCountRows): void {
    if (rows.length === 0) return
    const before = this.#pieces.get(number)
    this.#pieces.set(number, { rows, next: before })
    this.#cost += rows.length / NUMBERS_PER_ROW + (before === undefined ? ROWS_PER_BUCKET : 0)
  }

  /** Makes one piece of each bucket. */
  compact(): void {
    for (const [number, { next }] of this.#pieces) {
      if (next !== undefined) this.add(number, this.take(number))
    }
  }

  /** What a bucket is of {@link cost}. */
  costOf(number: bigint): number {
    const first = this.#pieces.get(number)
    let rows = first === undefined ? 0 : ROWS_PER_BUCKET
    for (let piece = first; piece !== undefined; piece = piece.next) rows += piece.rows.length / NUMBERS_PER_ROW
    return rows
  }

  /** Numbers of the buckets, earliest first. */
  numbers(): bigint[] {
    return [...this.#pieces.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  }

  /** Takes one bucket out; empty when it is not there. */
  take(number: bigint): FlowCountRows {
    const first = this.#pieces.get(number)
    if (first === undefined) return new Float64Array(0)
    this.#cost -= this.costOf(number)
    this.#pieces.delete(number)
    return first.next === undefined ? first.rows : this.#sum(first)
  }

  /** Counts of one bucket, which stays. */
  peek(number: bigint): FlowCountRows {
    const rows = this.take(number)
    this.add(number, rows)
    return rows
  }

  /** Changes every row of every bucket. */
  replaceRows(change: (rows: FlowCountRows) => FlowCountRows): void {
    for (const number of this.numbers()) this.add(number, change(this.take(number)))
  }

  /** All rows, bucket by bucket; a flow may be there several times. */
  *rows(): Generator<FlowCountRows> {
    for (const first of this.#pieces.values()) {
      for (let piece: Piece | undefined = first; piece !== undefined; piece = piece.next) yield piece.rows
    }
  }

  #sum(first: Piece): FlowCountRows {
    for (let piece: Piece | undefined = first; piece !== undefined; piece = piece.next) {
      this.#scratch.countRows(piece.rows)
    }
    return this.#scratch.take()
  }
}
