/** Counts per flow of one bucket or window → bytes per group, in arrays that are used again for the next one. */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { Groups } from './groups.ts'

const SMALLEST_CAPACITY = 1024

export class GroupBytes {
  /** By group id. 0 for groups that are not in {@link present}. */
  bytes: Float64Array = new Float64Array(0)
  /** Groups that a frame was counted for, `count` of them. */
  present: Uint32Array = new Uint32Array(0)
  count = 0
  #isPresent: Uint8Array = new Uint8Array(0)

  /** Adds rows of flows; `groups` is up to date. */
  addRows(rows: FlowCountRows, groups: Groups): void {
    this.#reserve(groups.size)
    const { sender, receiver } = groups
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      const flow = rows[i]!
      const bytes = rows[i + 2]!
      const from = sender[flow]!
      const to = receiver[flow]!
      this.#add(from, bytes)
      if (to !== from) this.#add(to, bytes)
    }
  }

  /** Empty again. */
  clear(): void {
    for (let i = 0; i < this.count; i++) {
      const group = this.present[i]!
      this.bytes[group] = 0
      this.#isPresent[group] = 0
    }
    this.count = 0
  }

  /** Gives groups new ids: negative for those that are forgotten. No two become one. */
  rename(idOf: (group: number) => number): void {
    const before = Array.from(this.present.subarray(0, this.count), (group) => [group, this.bytes[group]!] as const)
    this.clear()
    for (const [group, bytes] of before) {
      const id = idOf(group)
      if (id < 0) continue
      this.#reserve(id + 1)
      this.#add(id, bytes)
    }
  }

  #add(group: number, bytes: number): void {
    if (this.#isPresent[group] === 0) {
      this.#isPresent[group] = 1
      this.present[this.count++] = group
    }
    this.bytes[group]! += bytes
  }

  #reserve(groups: number): void {
    const { length } = this.bytes
    if (groups <= length) return
    const capacity = Math.max(SMALLEST_CAPACITY, groups, 2 * length)
    const { bytes, present } = this
    const isPresent = this.#isPresent
    this.bytes = new Float64Array(capacity)
    this.bytes.set(bytes)
    this.present = new Uint32Array(capacity)
    this.present.set(present)
    this.#isPresent = new Uint8Array(capacity)
    this.#isPresent.set(isPresent)
  }
}
