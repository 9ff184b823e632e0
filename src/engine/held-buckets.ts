/**
 * Closed buckets, waiting to be written in the order of time. A bucket that was opened again has several pieces, which
 * are added up when it is taken out.
 */
import { type FlowCountRows, FlowCounts, NUMBERS_PER_ROW } from './flow-counts.ts'

export interface Bucket {
  readonly number: bigint
  readonly rows: FlowCountRows
}

interface Piece {
  readonly rows: FlowCountRows
  readonly next: Piece | undefined
}

export class HeldBuckets {
  readonly #pieces = new Map<bigint, Piece>()
  readonly #scratch = new FlowCounts()
  #rowCount = 0

  /** Rows held, a flow that is in two pieces of a bucket counted twice. */
  get rowCount(): number {
    return this.#rowCount
  }

  get size(): number {
    return this.#pieces.size
  }

  add(number: bigint, rows: FlowCountRows): void {
    if (rows.length === 0) return
    this.#pieces.set(number, { rows, next: this.#pieces.get(number) })
    this.#rowCount += rows.length / NUMBERS_PER_ROW
  }

  /** Makes one piece of each bucket. */
  compact(): void {
    for (const [number, piece] of this.#pieces) {
      if (piece.next === undefined) continue
      this.take(number)
      const rows = this.#sum(piece)
      this.#pieces.set(number, { rows, next: undefined })
      this.#rowCount += rows.length / NUMBERS_PER_ROW
    }
  }

  /** Numbers of the buckets, earliest first. */
  numbers(): bigint[] {
    return [...this.#pieces.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  }

  /** Takes one bucket out; empty when it is not there. */
  take(number: bigint): FlowCountRows {
    const first = this.#pieces.get(number)
    if (first === undefined) return new Float64Array(0)
    this.#pieces.delete(number)
    for (let piece: Piece | undefined = first; piece !== undefined; piece = piece.next) {
      this.#rowCount -= piece.rows.length / NUMBERS_PER_ROW
    }
    return first.next === undefined ? first.rows : this.#sum(first)
  }

  #sum(first: Piece): FlowCountRows {
    for (let piece: Piece | undefined = first; piece !== undefined; piece = piece.next) {
      this.#scratch.countRows(piece.rows)
    }
    return this.#scratch.take()
  }
}
