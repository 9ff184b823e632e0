/**
 * Flow ids to group ids, once for each flow; and group ids to the key values of a row, only for rows that are printed.
 */

import { KEY_DESTINATION, KEY_ICMP, KEY_SOURCE } from '../abi/key-fields.ts'
import type { FlowRow, FlowTable } from '../capture/flow-row.ts'
import type { Grouping } from './grouping.ts'
import { KeyBytes } from './key-bytes.ts'
import { type KeyNames, type KeySink, keyValues, protocolPart } from './key-parts.ts'
import { KeyTable } from './key-table.ts'
import type { KeyValue } from './records.ts'

const SMALLEST_CAPACITY = 1024

export class Groups {
  readonly grouping: Grouping
  /** By flow id: the group that a frame counts for. Replaced by {@link update}. */
  sender: Uint32Array = new Uint32Array(0)
  /** By flow id: the second group that it counts for, or the same one again when there is no other. */
  receiver: Uint32Array = this.sender
  /** By flow id: 1 when `sender` counts the frame as sent. Only filled for groupings of two directions. */
  forward: Uint8Array = new Uint8Array(0)

  readonly #table: FlowTable
  readonly #names: KeyNames
  /** Null when every flow is a group of its own: then nothing is hashed or kept. */
  readonly #keys: KeyTable | null
  readonly #bytes = new KeyBytes()
  #flowCount = 0
  /** The sum of what was read only to have been read: without a use of it, reading could be left out. */
  touched = 0
  /** By group id: the flow whose row has the key, and whether it is read in reverse. */
  #sample: Uint32Array = new Uint32Array(0)
  #sampleReversed: Uint8Array = new Uint8Array(0)

  /** `tableKeyFields` are the KEY_ bits that the table was filled with; all that the grouping needs are among them. */
  constructor(grouping: Grouping, table: FlowTable, tableKeyFields: number, names: KeyNames) {
    if ((grouping.keyFields & ~tableKeyFields) !== 0) {
      throw new Error(`The flow table was filled without what ${grouping.columns.join(', ')} need`)
    }
    this.grouping = grouping
    this.#table = table
    this.#names = names
    this.#keys = isFlowKey(grouping, tableKeyFields) ? null : new KeyTable()
  }

  /** Every flow is a group of its own, and has the same id. */
  get areFlows(): boolean {
    return this.#keys === null
  }

  /** How many groups there are. */
  get size(): number {
    return this.#keys === null ? this.#flowCount : this.#keys.size
  }

  /** How many flows are in groups. */
  get flowCount(): number {
    return this.#flowCount
  }

  /** Puts the flows that are new in the table into groups. */
  update(): void {
    const { size } = this.#table
    if (size === this.#flowCount) return
    this.#reserve(size)
    for (let flow = this.#flowCount; flow < size; flow++) {
      if (this.#keys === null) this.sender[flow] = flow
      else this.#assign(flow, this.#table.row(flow))
    }
    this.#flowCount = size
  }

  /** Values of the key columns of a group. */
  key(group: number): KeyValue[] {
    return keyValues(this.grouping.parts, this.#rowOf(group), this.#isReversed(group), this.#names)
  }

  /** The same values, one after the other. */
  writeKey(group: number, into: KeySink): void {
    const row = this.#rowOf(group)
    const reversed = this.#isReversed(group)
    const { parts } = this.grouping
    for (let i = 0; i < parts.length; i++) parts[i]!.write(row, reversed, this.#names, into)
  }

  /** Those of one part of the grouping. */
  writeKeyPart(group: number, part: number, into: KeySink): void {
    this.grouping.parts[part]!.write(this.#rowOf(group), this.#isReversed(group), this.#names, into)
  }

  /** Before the keys of some groups are asked for, see FlowTable: those that `all` has for rows [start, end). */
  touch(all: Float64Array, rows: Uint32Array, start: number, end: number): void {
    const table = this.#table
    if (table.touch === undefined) return
    let sum = 0
    for (let i = start; i < end; i++) sum += table.touch(this.#flowOf(all[rows[i]!]!))
    this.touched = sum
  }

  #rowOf(group: number): FlowRow {
    return this.#table.row(this.#flowOf(group))
  }

  #flowOf(group: number): number {
    return this.#keys === null ? group : this.#sample[group]!
  }

  #isReversed(group: number): boolean {
    return this.#keys !== null && this.#sampleReversed[group] === 1
  }

  #assign(flow: number, row: FlowRow): void {
    switch (this.grouping.sides) {
      case 'directed':
        this.sender[flow] = this.#groupOf(flow, row, false)
        break
      case 'joined': {
        const reversed = isReversed(row)
        this.sender[flow] = this.#groupOf(flow, row, reversed)
        this.forward[flow] = reversed ? 0 : 1
        break
      }
      case 'each':
        this.sender[flow] = this.#groupOf(flow, row, false)
        this.receiver[flow] = this.#groupOf(flow, row, true)
        this.forward[flow] = 1
        break
    }
  }

  #groupOf(flow: number, row: FlowRow, reversed: boolean): number {
    const keys = this.#keys!
    const into = this.#bytes
    into.clear()
    for (const part of this.grouping.parts) part.pack(row, reversed, into)
    const before = keys.size
    const group = keys.idOf(into.bytes, into.length)
    if (group === before) {
      this.#sample[group] = flow
      this.#sampleReversed[group] = reversed ? 1 : 0
    }
    return group
  }

  #reserve(flows: number): void {
    if (flows <= this.sender.length) return
    const capacity = Math.max(SMALLEST_CAPACITY, flows, this.sender.length * 2)
    const { sides, bidirectional } = this.grouping
    this.sender = grown(this.sender, new Uint32Array(capacity))
    this.receiver = sides === 'each' ? grown(this.receiver, new Uint32Array(capacity)) : this.sender
    if (bidirectional) this.forward = grown(this.forward, new Uint8Array(capacity))
    if (this.#keys === null) return
    const groups = sides === 'each' ? capacity * 2 : capacity
    this.#sample = grown(this.#sample, new Uint32Array(groups))
    this.#sampleReversed = grown(this.#sampleReversed, new Uint8Array(groups))
  }
}

/** True when two flows of the table never share a group, so that the flow id serves as the group id. */
function isFlowKey(grouping: Grouping, tableKeyFields: number): boolean {
  const { parts, sides } = grouping
  if (sides !== 'directed' || !parts.includes(protocolPart)) return false
  const told = parts.reduce((bits, part) => bits | (part.tellsAll ? part.keyFields : 0), 0)
  // The family is in the flow's key but not in the protocol's; an address tells it.
  // Who tells the ports tells what stands there in place of ICMP's.
  return told === (tableKeyFields & ~KEY_ICMP) && (told & (KEY_SOURCE | KEY_DESTINATION)) !== 0
}

/** True when the destination is the end that comes first: by address bytes, then by port. */
function isReversed(row: FlowRow): boolean {
  const { source, destination } = row
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== destination[i]) return source[i]! > destination[i]!
  }
  return row.sourcePort > row.destinationPort
}

function grown<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
