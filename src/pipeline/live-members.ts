/**
 * One row of a view → the flows that it is made of, each with its direction; and what these sum up to.
 *
 * Also the flows that go the other way, where the row is one direction only: who looks at `a → b` wants to know what comes
 * back. Flows never change their row, so each is looked at once.
 */

import { NUMBERS_PER_ROW } from '../capture/counter.ts'
import { parseBy } from '../engine/by.ts'
import type { Groups } from '../engine/groups.ts'
import { KeyBytes } from '../engine/key-bytes.ts'
import { type KeyNames, keyValues } from '../engine/key-parts.ts'
import { type CountsSoFar, KEPT_SECONDS } from './live-counts.ts'
import type { LiveCountsOfRow, LiveDetail, LiveFlow } from './live-frame.ts'
import { type LiveView, largest } from './live-view.ts'

const FLOW_GROUPING = parseBy('flow,interface,mac')

/** Columns of the keys of `LiveFlow`. */
export const FLOW_COLUMNS = FLOW_GROUPING.columns

const SHOWN_FLOWS = 100
const BITS_PER_BYTE = 8

/** Bits: a flow between a host and itself is both. */
const FORWARD = 1
const BACKWARD = 2

export class LiveMembers {
  readonly group: number
  readonly groups: Groups
  readonly #counts: CountsSoFar
  readonly #names: KeyNames
  /** By flow: FORWARD, BACKWARD, or 0 for flows of other rows. */
  #part: Uint8Array = new Uint8Array(0)
  #known = 0
  #flows: number[] = []
  readonly #key = new KeyBytes()
  readonly #other = new KeyBytes()

  constructor(group: number, groups: Groups, counts: CountsSoFar, names: KeyNames) {
    this.group = group
    this.groups = groups
    this.#counts = counts
    this.#names = names
  }

  /** Null when nothing was counted for the row. */
  describe(
    view: LiveView,
  ): (Omit<LiveDetail, 'firstNs' | 'lastNs'> & { firstSecond: number; lastSecond: number }) | null {
    this.#update()
    const row = view.row(this.group)
    if (row === null) return null
    const { totals, firstSecond, lastSecond } = this.#counts
    const seen = this.#flows.filter((flow) => (totals.packets[flow] ?? 0) > 0)
    const own = seen.filter((flow) => this.#isOwn(flow))
    return {
      row,
      firstSecond: own.reduce((first, flow) => Math.min(first, firstSecond[flow]!), Number.POSITIVE_INFINITY),
      lastSecond: own.reduce((last, flow) => Math.max(last, lastSecond[flow]!), Number.NEGATIVE_INFINITY),
      forward: this.#sum(FORWARD, seen, view),
      backward: this.#hasDirections ? this.#sum(BACKWARD, seen, view) : null,
      flows: this.#largestFlows(own, view),
      flowCount: own.length,
    }
  }

  get #hasDirections(): boolean {
    return this.groups.grouping.parts.some(({ symmetric }) => !symmetric)
  }

  #isOwn(flow: number): boolean {
    return this.groups.sender[flow] === this.group || this.groups.receiver[flow] === this.group
  }

  #update(): void {
    const groups = this.groups
    groups.update()
    const { table } = this.#counts
    const { size } = table
    if (size > this.#part.length) {
      const part = new Uint8Array(Math.max(1024, size * 2))
      part.set(this.#part)
      this.#part = part
    }
    for (; this.#known < size; this.#known++) {
      const part = this.#partOf(this.#known)
      this.#part[this.#known] = part
      if (part !== 0) this.#flows.push(this.#known)
    }
  }

  #partOf(flow: number): number {
    const { sender, receiver, forward, grouping } = this.groups
    const isSender = sender[flow] === this.group
    if (grouping.sides === 'each') return (isSender ? FORWARD : 0) | (receiver[flow] === this.group ? BACKWARD : 0)
    if (grouping.sides === 'joined') return isSender ? (forward[flow] === 1 ? FORWARD : BACKWARD) : 0
    const back = this.#hasDirections && this.#isReverse(flow) ? BACKWARD : 0
    return (isSender ? FORWARD : 0) | back
  }

  /** The flow would be of the row if its ends were swapped. */
  #isReverse(flow: number): boolean {
    if (this.#key.length === 0) this.#pack(this.groups.sender.indexOf(this.group), false, this.#key)
    this.#pack(flow, true, this.#other)
    const { bytes, length } = this.#key
    if (length !== this.#other.length) return false
    for (let i = 0; i < length; i++) if (bytes[i] !== this.#other.bytes[i]) return false
    return true
  }

  #pack(flow: number, reversed: boolean, into: KeyBytes): void {
    const row = this.#counts.table.row(flow)
    into.clear()
    for (const part of this.groups.grouping.parts) part.pack(row, reversed, into)
  }

  #sum(part: number, flows: readonly number[], view: LiveView): LiveCountsOfRow {
    const { totals, seconds, end } = this.#counts
    const total = { packets: 0, bytes: 0 }
    for (const flow of flows) {
      if ((this.#part[flow]! & part) === 0) continue
      total.packets += totals.packets[flow]!
      total.bytes += totals.bytes[flow]!
    }
    const history = new Float64Array(KEPT_SECONDS)
    const first = (end ?? 0) - KEPT_SECONDS
    let packets = 0
    let bytes = 0
    for (const { number, rows } of seconds) {
      const isInWindow = number >= (end ?? 0) - view.windowSeconds
      for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
        if ((this.#part[rows[i]!]! & part) === 0) continue
        if (number >= first) history[number - first]! += rows[i + 2]! * BITS_PER_BYTE
        if (!isInWindow) continue
        packets += rows[i + 1]!
        bytes += rows[i + 2]!
      }
    }
    return {
      packets,
      bytes,
      bitsPerSecond: view.bitsPerSecond(bytes),
      peakBitsPerSecond: history.reduce((most, one) => Math.max(most, one), 0),
      total,
      history,
    }
  }

  #largestFlows(own: readonly number[], view: LiveView): LiveFlow[] {
    const { totals, table } = this.#counts
    const flows = largest(Uint32Array.from(own), SHOWN_FLOWS, [totals.bytes])
    flows.sort((a, b) => totals.bytes[b]! - totals.bytes[a]! || a - b)
    const inWindow = new Map(Array.from(flows, (flow) => [flow, 0]))
    for (const { rows } of view.window) {
      for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
        const bytes = inWindow.get(rows[i]!)
        if (bytes !== undefined) inWindow.set(rows[i]!, bytes + rows[i + 2]!)
      }
    }
    return Array.from(flows, (flow) => {
      const row = table.row(flow)
      return {
        key: keyValues(FLOW_GROUPING.parts, row, false, this.#names),
        bitsPerSecond: view.bitsPerSecond(inWindow.get(flow)!),
        total: { packets: totals.packets[flow]!, bytes: totals.bytes[flow]! },
      }
    })
  }
}
