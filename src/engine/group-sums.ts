/**
 * Counts per flow to counts per group, added and subtracted, so that a sliding window costs what enters and leaves it.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { FlowCounts } from './flow-counts.ts'
import type { Groups } from './groups.ts'
import type { SpanSums } from './ranking.ts'
import type { Counts } from './records.ts'

const SMALLEST_CAPACITY = 1024

export class GroupSums implements SpanSums {
  /** By group id. */
  packets: Float64Array = new Float64Array(0)
  bytes: Float64Array = new Float64Array(0)
  /** By group id, for groupings of two directions: the part that the group's end sent. */
  sentPackets: Float64Array = new Float64Array(0)
  sentBytes: Float64Array = new Float64Array(0)
  /** Every frame once, whatever the grouping does. */
  totalPackets = 0
  totalBytes = 0

  readonly groups: Groups
  /** Groups that were not empty when {@link present} was last called, or became so since. */
  #listed: Uint32Array = new Uint32Array(0)
  #listedCount = 0
  #isListed: Uint8Array = new Uint8Array(0)

  constructor(groups: Groups) {
    this.groups = groups
  }

  /** `sign` is 1 to add and -1 to subtract what was added before. */
  addRows(rows: FlowCountRows, sign: 1 | -1): void {
    this.#reserve()
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      this.#add(rows[i]!, sign * rows[i + 1]!, sign * rows[i + 2]!)
    }
  }

  addCounts(counts: FlowCounts): void {
    this.#reserve()
    const { touched, packets, bytes } = counts
    for (let i = 0; i < counts.touchedCount; i++) {
      const flow = touched[i]!
      this.#add(flow, packets[flow]!, bytes[flow]!)
    }
  }

  /** Ids of the groups that hold at least one packet, in no order. Valid until the next call of this object. */
  present(): Uint32Array {
    let kept = 0
    for (let i = 0; i < this.#listedCount; i++) {
      const group = this.#listed[i]!
      if (this.packets[group] === 0) this.#isListed[group] = 0
      else this.#listed[kept++] = group
    }
    this.#listedCount = kept
    return this.#listed.subarray(0, kept)
  }

  /** The groups that hold at least one packet: group, packets, bytes, and so on. */
  rows(): FlowCountRows {
    const present = this.present()
    const rows = new Float64Array(present.length * NUMBERS_PER_ROW)
    for (let i = 0, at = 0; i < present.length; i++, at += NUMBERS_PER_ROW) {
      const group = present[i]!
      rows[at] = group
      rows[at + 1] = this.packets[group]!
      rows[at + 2] = this.bytes[group]!
    }
    return rows
  }

  sent(group: number): Counts {
    return { packets: this.sentPackets[group]!, bytes: this.sentBytes[group]! }
  }

  get total(): Counts {
    return { packets: this.totalPackets, bytes: this.totalBytes }
  }

  #add(flow: number, packets: number, bytes: number): void {
    const sender = this.groups.sender[flow]!
    const receiver = this.groups.receiver[flow]!
    this.totalPackets += packets
    this.totalBytes += bytes
    this.#addTo(sender, packets, bytes)
    if (receiver !== sender) this.#addTo(receiver, packets, bytes)
    if (this.groups.grouping.bidirectional && this.groups.forward[flow] === 1) {
      this.sentPackets[sender]! += packets
      this.sentBytes[sender]! += bytes
    }
  }

  #addTo(group: number, packets: number, bytes: number): void {
    if (this.#isListed[group] === 0) {
      this.#isListed[group] = 1
      this.#listed[this.#listedCount++] = group
    }
    this.packets[group]! += packets
    this.bytes[group]! += bytes
  }

  #reserve(): void {
    this.groups.update()
    const { size, grouping } = this.groups
    const { length } = this.packets
    if (size <= length) return
    const capacity = Math.max(SMALLEST_CAPACITY, size, length * 2)
    this.packets = grown(this.packets, capacity)
    this.bytes = grown(this.bytes, capacity)
    if (grouping.bidirectional) {
      this.sentPackets = grown(this.sentPackets, capacity)
      this.sentBytes = grown(this.sentBytes, capacity)
    }
    const listed = new Uint32Array(capacity)
    listed.set(this.#listed)
    this.#listed = listed
    const isListed = new Uint8Array(capacity)
    isListed.set(this.#isListed)
    this.#isListed = isListed
  }
}

function grown(from: Float64Array, capacity: number): Float64Array {
  const to = new Float64Array(capacity)
  to.set(from)
  return to
}
