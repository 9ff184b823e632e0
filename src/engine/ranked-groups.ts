/**
 * The rows of a span as numbers: which groups, in which order. Objects are made of them, or lines written, when somebody asks;
 * until then a row is 4 bytes (20 where there are directions) on top of its counts.
 */
import type { FlowCountRows } from '../capture/counter.ts'
import type { Groups } from './groups.ts'
import type { KeySink } from './key-parts.ts'
import type { Measures, MeasureValue } from './measures.ts'
import { rateOver } from './rate.ts'
import type { Counts, KeyValue, Row } from './records.ts'

const PACKETS = 1
const BYTES = 2

export class RankedGroups {
  readonly length: number
  readonly #groups: Groups
  readonly #all: FlowCountRows
  /** Where each row begins there. */
  readonly #order: Uint32Array
  readonly #rateOf: (bytes: number) => number | null
  /** Packets and bytes of each row that its end sent; null where rows go one way. */
  readonly #sent: Float64Array | null
  readonly #measures: Measures | null

  /** `sent` is asked at once: sums go on. The ids of groups have to stay theirs for as long as rows are read. */
  constructor(
    groups: Groups,
    all: FlowCountRows,
    order: Uint32Array,
    durationNs: bigint,
    sent: (group: number) => Counts,
    measures: Measures | null = null,
  ) {
    this.length = order.length
    this.#groups = groups
    this.#all = all
    this.#order = order
    this.#rateOf = rateOver(durationNs)
    this.#measures = measures
    this.#sent = groups.grouping.bidirectional ? new Float64Array(2 * order.length) : null
    if (this.#sent === null) return
    for (let i = 0; i < order.length; i++) {
      const { packets, bytes } = sent(this.group(i))
      this.#sent[2 * i] = packets
      this.#sent[2 * i + 1] = bytes
    }
  }

  /** Its id. */
  group(i: number): number {
    return this.#all[this.#order[i]!]!
  }

  packets(i: number): number {
    return this.#all[this.#order[i]! + PACKETS]!
  }

  bytes(i: number): number {
    return this.#all[this.#order[i]! + BYTES]!
  }

  bitsPerSecond(i: number): number | null {
    return this.#rateOf(this.bytes(i))
  }

  get hasSent(): boolean {
    return this.#sent !== null
  }

  sentPackets(i: number): number {
    return this.#sent![2 * i]!
  }

  sentBytes(i: number): number {
    return this.#sent![2 * i + 1]!
  }

  get hasExtras(): boolean {
    return this.#measures !== null
  }

  extras(i: number): MeasureValue[] {
    const group = this.group(i)
    return this.#measures!.columns.map((_, column) => this.#measures!.value(group, column))
  }

  /** Before keys of rows [start, end) are asked for. */
  touch(start: number, end: number): void {
    this.#groups.touch(this.#all, this.#order, start, end)
  }

  /** Hands the values of the key columns over. */
  writeKey(i: number, into: KeySink): void {
    this.#groups.writeKey(this.group(i), into)
  }

  key(i: number): KeyValue[] {
    return this.#groups.key(this.group(i))
  }

  rows(): Row[] {
    return Array.from(this.#order, (_, i) => {
      const row = {
        key: this.key(i),
        packets: this.packets(i),
        bytes: this.bytes(i),
        bitsPerSecond: this.bitsPerSecond(i),
        ...(this.hasExtras && { extras: this.extras(i) }),
      }
      return this.#sent === null ? row : { ...row, sent: { packets: this.sentPackets(i), bytes: this.sentBytes(i) } }
    })
  }
}
