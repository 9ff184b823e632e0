/**
 * Bytes of groups in one window after another → the least, the greatest and the percentiles of their rates, and how often they
 * were above a level. One length of window a series; a window in which a group has nothing counts as zero for it.
 *
 * The total of all is a series as well: slot 0, a group has slot id + 1. Memory: 28 bytes a slot, and the values (group-values.ts).
 */
import { GroupValues, type GroupValuesOptions } from './group-values.ts'
import { rateOver } from './rate.ts'

export interface SeriesOptions {
  readonly lengthNs: bigint
  /** Keep values, for percentiles. */
  readonly values: GroupValuesOptions | null
  /** Count windows whose rate is more than this many bits per second. */
  readonly level: number | null
}

export const TOTAL_SLOT = 0

export function slotOf(group: number): number {
  return group + 1
}

const NS_TIMES_BITS = 8e9
const SMALLEST_CAPACITY = 1024

/** One number for every slot. */
interface Slots {
  /** Windows with at least one byte. */
  stored: Uint32Array
  /** Bytes of the emptiest of them, and of the fullest. */
  least: Float64Array
  most: Float64Array
  above: Float64Array
}

export class RateSeries {
  readonly lengthNs: bigint
  readonly #rateOf: (bytes: number) => number
  readonly #levelBytes: number
  readonly #values: GroupValues | null
  #slots: Slots = createSlots(0)
  /** Slots whose numbers are not whole: see {@link rename}. */
  #unknown = new Set<number>()
  #first: bigint | null = null
  #last = 0n
  #busy = 0
  #busiest: bigint | null = null

  constructor({ lengthNs, values, level }: SeriesOptions) {
    this.lengthNs = lengthNs
    const rateOf = rateOver(lengthNs)
    this.#rateOf = (bytes) => rateOf(bytes)!
    this.#levelBytes = level === null ? Number.POSITIVE_INFINITY : (level * Number(lengthNs)) / NS_TIMES_BITS
    this.#values = values === null ? null : new GroupValues(values)
  }

  /** Windows from the first to the last one with a frame. */
  get windows(): bigint {
    return this.#first === null ? 0n : this.#last - this.#first + 1n
  }

  /** Of those, the ones without any frame. */
  get idle(): number {
    return Number(this.windows - BigInt(this.#busy))
  }

  /** The window of the highest rate, the first of several; null when there is none. */
  get busiest(): bigint | null {
    return this.#busiest
  }

  /** Percentiles are those of the values themselves. */
  get isExact(): boolean {
    return this.#values?.isExact ?? true
  }

  /** Slots whose numbers are not known, or not all of them. */
  get unknown(): number {
    return this.#unknown.size + (this.#values?.lost ?? 0)
  }

  /** Begins a window with frames, later than all before; {@link add} then says what is in it. */
  begin(window: bigint, totalBytes: number): void {
    this.#first ??= window
    this.#last = window
    this.#busy++
    this.reserve(0)
    if (this.#busiest === null || totalBytes > this.#slots.most[TOTAL_SLOT]!) this.#busiest = window
    this.add(TOTAL_SLOT, totalBytes)
  }

  /** Makes room for groups below `groups`. */
  reserve(groups: number): void {
    const { length } = this.#slots.stored
    if (slotOf(groups) < length) return
    this.#slots = copySlots(this.#slots, createSlots(Math.max(SMALLEST_CAPACITY, slotOf(groups) + 1, 2 * length)))
  }

  /** Adds the bytes of one slot, each slot once a window. */
  add(slot: number, bytes: number): void {
    if (bytes === 0) return
    const { stored, least, most, above } = this.#slots
    if (stored[slot] === 0 || bytes < least[slot]!) least[slot] = bytes
    if (bytes > most[slot]!) most[slot] = bytes
    if (bytes > this.#levelBytes) above[slot]!++
    stored[slot]!++
    this.#values?.add(slot, bytes)
  }

  /**
   * Gives groups new slots: `ids[slot]`, or -1 for those that are gone. Nothing is known of the slots in `unknown`, which are
   * those that lost some of what they counted, or were given it, nobody knows in which window.
   */
  rename(ids: Int32Array, slots: number, unknown: Iterable<number>): void {
    const from = this.#slots
    const to = createSlots(Math.max(SMALLEST_CAPACITY, slots))
    const before = this.#unknown
    this.#unknown = new Set(unknown)
    for (let slot = 0; slot < Math.min(ids.length, from.stored.length); slot++) {
      const id = ids[slot]!
      if (id < 0) continue
      if (before.has(slot)) this.#unknown.add(id)
      to.stored[id] = from.stored[slot]!
      to.least[id] = from.least[slot]!
      to.most[id] = from.most[slot]!
      to.above[id] = from.above[slot]!
    }
    this.#slots = to
    this.#values?.rename(ids)
  }

  /** Bits per second, as all that follow; null when it is not known. */
  min(slot: number): number | null {
    if (this.#isUnknown(slot)) return null
    const isAlways = BigInt(this.#slots.stored[slot] ?? 0) === this.windows
    return this.#rateOf(isAlways ? this.#slots.least[slot]! : 0)
  }

  max(slot: number): number | null {
    return this.#isUnknown(slot) ? null : this.#rateOf(this.#slots.most[slot] ?? 0)
  }

  /** The whole number of percent from 1 to 100. */
  percentile(slot: number, percent: number): number | null {
    if (this.#isUnknown(slot)) return null
    const bytes = this.#values!.percentile(slot, percent, this.#slots.stored[slot] ?? 0, this.windows)
    return bytes === null ? null : this.#rateOf(bytes)
  }

  /** Over all windows, of all bytes of a slot, which the caller knows. */
  mean(slot: number, bytes: number): number | null {
    return this.#isUnknown(slot) ? null : rateOver(this.lengthNs * this.windows)(bytes)
  }

  /** The share of windows above the level, from 0 to 1. */
  timeAbove(slot: number): number | null {
    return this.#isUnknown(slot) ? null : (this.#slots.above[slot] ?? 0) / Number(this.windows)
  }

  #isUnknown(slot: number): boolean {
    return this.windows === 0n || this.#unknown.has(slot)
  }
}

function createSlots(count: number): Slots {
  return {
    stored: new Uint32Array(count),
    least: new Float64Array(count),
    most: new Float64Array(count),
    above: new Float64Array(count),
  }
}

function copySlots(from: Slots, to: Slots): Slots {
  to.stored.set(from.stored)
  to.least.set(from.least)
  to.most.set(from.most)
  to.above.set(from.above)
  return to
}
