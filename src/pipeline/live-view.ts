/**
 * Seconds of flow counts → rows of one grouping: the sums of a sliding window, totals, peaks, and the last minute of each row
 * that is shown.
 *
 * A second costs what its flows cost, once. A picture costs a pass over the rows that there are, for the order, and one over
 * the flows of the last minute, for the history of the rows that are shown.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import { compareKeys } from '../engine/compare-keys.ts'
import { GroupSums } from '../engine/group-sums.ts'
import type { Grouping } from '../engine/grouping.ts'
import { Groups } from '../engine/groups.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import { nthLargest } from '../engine/ranking.ts'
import type { Counts, KeyValue } from '../engine/records.ts'
import { type Closed, type CountsSoFar, KEPT_SECONDS, type Second } from './live-counts.ts'
import type { LiveCountsOfRow, LiveOther, LiveRow, LiveSort } from './live-frame.ts'

export interface RowChoice {
  readonly sort: LiveSort
  /** Rows that are shown; null for all. */
  readonly filter: ((key: readonly KeyValue[]) => boolean) | null
  readonly top: number
}

export interface LiveRows {
  readonly rows: readonly LiveRow[]
  readonly other: LiveOther | null
}

/** The first so many rows are looked at by a filter, and put into the order of names: text costs more than all the rest. */
const NAMED_ROWS = 20_000
const BITS_PER_BYTE = 8
const NO_ROWS: FlowCountRows = new Float64Array(0)

export class LiveView {
  readonly groups: Groups
  readonly #counts: CountsSoFar
  #windowSeconds: number
  /** Seconds that are in `window`, earliest first. */
  #inWindow: Second[] = []
  #window: GroupSums
  readonly #totals: GroupSums
  /** By group: bytes of its busiest second. */
  #peaks: Float64Array = new Float64Array(0)
  /** By group, all 0 between calls: bytes of one second, or the place of a row + 1. */
  #scratch: Float64Array = new Float64Array(0)

  constructor(
    counts: CountsSoFar,
    grouping: Grouping,
    tableKeyFields: number,
    names: KeyNames,
    windowSeconds: number,
    peaks: Float64Array | null = null,
  ) {
    this.#counts = counts
    this.#windowSeconds = windowSeconds
    this.groups = new Groups(grouping, counts.table, tableKeyFields, names)
    this.#window = new GroupSums(this.groups)
    this.#totals = new GroupSums(this.groups)
    this.#totals.addCounts(counts.totals)
    this.#fillWindow()
    this.#reserve()
    if (peaks !== null) this.#peaks.set(peaks.subarray(0, this.#peaks.length))
    for (const { rows } of counts.seconds) this.#notePeaks(rows)
  }

  /** The same rows of numbers that stand still. */
  freeze(counts: CountsSoFar, tableKeyFields: number, names: KeyNames): LiveView {
    return new LiveView(counts, this.groups.grouping, tableKeyFields, names, this.#windowSeconds, this.#peaks)
  }

  /** Takes what {@link CountsSoFar} has just been given. */
  add({ seconds, stragglers }: Closed): void {
    for (const second of seconds) {
      this.#window.addRows(second.rows, 1)
      this.#inWindow.push(second)
      this.#totals.addRows(second.rows, 1)
      this.#reserve()
      this.#notePeaks(second.rows)
    }
    this.#totals.addRows(stragglers, 1)
    const start = this.#windowStart()
    while (this.#inWindow.length > 0 && this.#inWindow[0]!.number < start) {
      this.#window.addRows(this.#inWindow.shift()!.rows, -1)
    }
  }

  setWindow(seconds: number): void {
    if (seconds === this.#windowSeconds) return
    this.#windowSeconds = seconds
    this.#fillWindow()
  }

  get windowSeconds(): number {
    return this.#windowSeconds
  }

  /** The seconds of the window that had a frame. */
  get window(): readonly Second[] {
    return this.#inWindow
  }

  rows({ sort, filter, top }: RowChoice): LiveRows {
    this.#reserve()
    const present = this.#totals.present()
    const order = this.#orderOf(sort)
    const byText = filter !== null || sort === 'name'
    const chosen = largest(present, byText ? Math.max(top, NAMED_ROWS) : top, order)
    chosen.sort((a, b) => compareBy(order, a, b))
    let named = Array.from(chosen, (group) => ({ group, key: null as readonly KeyValue[] | null }))
    if (byText) named = named.map(({ group }) => ({ group, key: this.groups.key(group) }))
    if (filter !== null) named = named.filter(({ key }) => filter(key!))
    if (sort === 'name') named.sort((a, b) => compareKeys(a.key!, b.key!) || a.group - b.group)
    const shown = named.slice(0, top)
    const histories = this.#histories(shown.map(({ group }) => group))
    const rows = shown.map(({ group, key }, i) => this.#row(group, key ?? this.groups.key(group), histories[i]!))
    return { rows, other: rows.length === present.length ? null : this.#other(present, rows) }
  }

  /** One row, wherever it stands in the order; null when nothing was counted for it. */
  row(group: number): LiveRow | null {
    if (group >= this.groups.size || !(this.#totals.packets[group]! > 0)) return null
    return this.#row(group, this.groups.key(group), this.#histories([group])[0]!)
  }

  /** Every frame once. */
  all(): LiveCountsOfRow {
    const history = new Float64Array(KEPT_SECONDS)
    const first = (this.#counts.end ?? 0) - KEPT_SECONDS
    for (const { number, bytes } of this.#counts.seconds) {
      const at = number - first
      if (at >= 0 && at < KEPT_SECONDS) history[at] = bytes * BITS_PER_BYTE
    }
    return {
      packets: this.#window.totalPackets,
      bytes: this.#window.totalBytes,
      bitsPerSecond: this.bitsPerSecond(this.#window.totalBytes),
      peakBitsPerSecond: this.#counts.peakBytes * BITS_PER_BYTE,
      total: { packets: this.#totals.totalPackets, bytes: this.#totals.totalBytes },
      history,
    }
  }

  /** Of so many bytes in the window. */
  bitsPerSecond(bytes: number): number {
    return (bytes * BITS_PER_BYTE) / this.#windowSeconds
  }

  #row(group: number, key: readonly KeyValue[], history: Float64Array): LiveRow {
    const bytes = this.#window.bytes[group] ?? 0
    return {
      group,
      key,
      packets: this.#window.packets[group] ?? 0,
      bytes,
      bitsPerSecond: this.bitsPerSecond(bytes),
      peakBitsPerSecond: this.#peaks[group]! * BITS_PER_BYTE,
      total: { packets: this.#totals.packets[group]!, bytes: this.#totals.bytes[group]! },
      history,
    }
  }

  #other(present: Uint32Array, rows: readonly LiveRow[]): LiveOther {
    const total = sumOf(present, this.#totals)
    const window = sumOf(present, this.#window)
    for (const row of rows) {
      total.packets -= row.total.packets
      total.bytes -= row.total.bytes
      window.packets -= row.packets
      window.bytes -= row.bytes
    }
    return {
      ...window,
      rows: present.length - rows.length,
      bitsPerSecond: this.bitsPerSecond(window.bytes),
      total,
    }
  }

  /** What decides, in this order, descending. Text comes after the choice of rows that are worth it. */
  #orderOf(sort: LiveSort): Float64Array[] {
    const { bytes, packets } = this.#window
    const totals = this.#totals.bytes
    switch (sort) {
      case 'rate':
        return [bytes, totals]
      case 'packets':
        return [packets, bytes, totals]
      case 'peak':
        return [this.#peaks, totals]
      default:
        return [totals, bytes]
    }
  }

  #histories(shown: readonly number[]): Float64Array[] {
    const histories = shown.map(() => new Float64Array(KEPT_SECONDS))
    const place = this.#scratch
    shown.forEach((group, i) => {
      place[group] = i + 1
    })
    const { sender, receiver } = this.groups
    const first = (this.#counts.end ?? 0) - KEPT_SECONDS
    for (const { number, rows } of this.#counts.seconds) {
      const at = number - first
      if (at < 0 || at >= KEPT_SECONDS) continue
      for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
        const flow = rows[i]!
        const from = sender[flow]!
        const to = receiver[flow]!
        if (place[from] !== 0) histories[place[from]! - 1]![at]! += rows[i + 2]! * BITS_PER_BYTE
        if (to !== from && place[to] !== 0) histories[place[to]! - 1]![at]! += rows[i + 2]! * BITS_PER_BYTE
      }
    }
    for (const group of shown) place[group] = 0
    return histories
  }

  #notePeaks(rows: FlowCountRows): void {
    const { sender, receiver } = this.groups
    const bytes = this.#scratch
    const peaks = this.#peaks
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      const from = sender[rows[i]!]!
      const to = receiver[rows[i]!]!
      bytes[from]! += rows[i + 2]!
      if (to !== from) bytes[to]! += rows[i + 2]!
    }
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      for (const group of [sender[rows[i]!]!, receiver[rows[i]!]!]) {
        if (bytes[group]! > peaks[group]!) peaks[group] = bytes[group]!
        bytes[group] = 0
      }
    }
  }

  #fillWindow(): void {
    const start = this.#windowStart()
    this.#window = new GroupSums(this.groups)
    this.#inWindow = this.#counts.seconds.filter(({ number }) => number >= start)
    for (const { rows } of this.#inWindow) this.#window.addRows(rows, 1)
  }

  #windowStart(): number {
    return (this.#counts.end ?? 0) - this.#windowSeconds
  }

  /** A place for each group in all arrays, seen in the window or not. */
  #reserve(): void {
    this.groups.update()
    this.#window.addRows(NO_ROWS, 1)
    this.#totals.addRows(NO_ROWS, 1)
    const { size } = this.groups
    if (size <= this.#peaks.length) return
    const capacity = Math.max(1024, size, this.#peaks.length * 2)
    const peaks = new Float64Array(capacity)
    peaks.set(this.#peaks)
    this.#peaks = peaks
    this.#scratch = new Float64Array(capacity)
  }
}

function sumOf(groups: Uint32Array, sums: GroupSums): { -readonly [field in keyof Counts]: number } {
  let packets = 0
  let bytes = 0
  for (const group of groups) {
    packets += sums.packets[group] ?? 0
    bytes += sums.bytes[group] ?? 0
  }
  return { packets, bytes }
}

/** The `count` groups with the largest values in the first column; on a tie, in the next. In no order. */
export function largest(groups: Uint32Array, count: number, columns: readonly Float64Array[]): Uint32Array {
  const [values, ...rest] = columns
  if (groups.length <= count || values === undefined) return groups.slice(0, count)
  const floor = nthLargest(values, groups, count)
  const above = groups.filter((group) => values[group]! > floor)
  const ties = groups.filter((group) => values[group] === floor)
  const chosen = new Uint32Array(count)
  chosen.set(above)
  chosen.set(largest(ties, count - above.length, rest), above.length)
  return chosen
}

function compareBy(columns: readonly Float64Array[], a: number, b: number): number {
  for (const values of columns) {
    const order = values[b]! - values[a]!
    if (order !== 0) return order
  }
  return a - b
}
