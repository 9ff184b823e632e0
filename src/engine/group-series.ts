/**
 * Counts of some groups in each bucket of time, and of all others together. Which groups those are was decided before, by their
 * sums: so memory is rows × buckets, whatever the capture has.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { Groups } from './groups.ts'

/** By bucket. */
export interface CountSeries {
  readonly packets: Float64Array
  readonly bytes: Float64Array
}

export function createCountSeries(buckets: number): CountSeries {
  return { packets: new Float64Array(buckets), bytes: new Float64Array(buckets) }
}

export interface CellSeries extends CountSeries {
  /** Places among the rows. */
  readonly from: number
  readonly to: number
}

export interface GroupSeriesOptions {
  readonly groups: Groups
  /** Ids of the groups that have a row of their own. */
  readonly kept: readonly number[]
  readonly buckets: number
  /** What flows that are in no group count as; left out: as one of the others. */
  readonly evictedFlow?: number | undefined
  /** Groupings from both ends: between the first so many rows, each direction is counted as well. */
  readonly matrixRows?: number
}

export class GroupSeries {
  /** By row. */
  readonly rows: readonly CountSeries[]
  /** By row, for groupings of two directions: the part that the row's end sent. */
  readonly sent: readonly CountSeries[] | null
  readonly other: CountSeries
  readonly #groups: Groups
  /** By group: its row. Others have the one behind the last. */
  readonly #rowOf: Uint32Array
  readonly #flows: number
  readonly #evictedFlow: number
  readonly #all: readonly CountSeries[]
  readonly #buckets: number
  readonly #matrixRows: number
  readonly #cells = new Map<number, CellSeries>()

  constructor({ groups, kept, buckets, evictedFlow, matrixRows = 0 }: GroupSeriesOptions) {
    groups.update()
    this.#evictedFlow = evictedFlow ?? groups.flowCount
    this.#groups = groups
    this.#flows = groups.flowCount
    this.#buckets = buckets
    this.#matrixRows = matrixRows
    this.#rowOf = new Uint32Array(groups.size).fill(kept.length)
    for (const [row, group] of kept.entries()) this.#rowOf[group] = row
    this.rows = kept.map(() => createCountSeries(buckets))
    this.other = createCountSeries(buckets)
    this.#all = [...this.rows, this.other]
    this.sent = groups.grouping.bidirectional ? kept.map(() => createCountSeries(buckets)) : null
  }

  addRows(bucket: number, rows: FlowCountRows): void {
    const { sender, receiver, forward } = this.#groups
    const others = this.rows.length
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      const flow = rows[i]! < this.#flows ? rows[i]! : this.#evictedFlow
      const packets = rows[i + 1]!
      const bytes = rows[i + 2]!
      const isKnown = flow < this.#flows
      const from = isKnown ? this.#rowOf[sender[flow]!]! : others
      const to = isKnown ? this.#rowOf[receiver[flow]!]! : others
      addTo(this.#all[from]!, bucket, packets, bytes)
      // To the others a frame between two of them is one frame more in each.
      if (isKnown && sender[flow] !== receiver[flow]) addTo(this.#all[to]!, bucket, packets, bytes)
      if (this.sent !== null && from < others && forward[flow] === 1) addTo(this.sent[from]!, bucket, packets, bytes)
      if (from < this.#matrixRows && to < this.#matrixRows) addTo(this.#cell(from, to), bucket, packets, bytes)
    }
  }

  /** In no order; only those that have a packet. */
  cells(): CellSeries[] {
    return [...this.#cells.values()]
  }

  #cell(from: number, to: number): CellSeries {
    const place = from * this.#matrixRows + to
    let cell = this.#cells.get(place)
    if (cell === undefined) {
      cell = { from, to, ...createCountSeries(this.#buckets) }
      this.#cells.set(place, cell)
    }
    return cell
  }
}

function addTo(series: CountSeries, bucket: number, packets: number, bytes: number): void {
  series.packets[bucket]! += packets
  series.bytes[bucket]! += bytes
}
