/** Packets and bytes per flow, counted in the module: the host's side of assembly/counter.ts and assembly/tally.ts. */
import * as layout from '../abi/layout.ts'
import type { StreamBatch } from './frame-batch.ts'
import type { CaptureInstance, TallyAddress } from './module.ts'
import { withMemory } from './out-of-memory.ts'

/** Compact counts: flow id, packets, bytes, and so on, three numbers a flow, exact to 2^53. Every flow once unless said otherwise. */
export type FlowCountRows = Float64Array<ArrayBuffer>

export const NUMBERS_PER_ROW = 3

/** Times from `firstNs` to `lastNs`, both included, in nanoseconds since 1970. */
export interface TimeSpan {
  readonly firstNs: bigint
  readonly lastNs: bigint
}

/** Counts of one bucket of time. Its memory is used again once it has been taken. */
export class Tally {
  readonly address: TallyAddress
  readonly #instance: CaptureInstance

  constructor(instance: CaptureInstance) {
    this.#instance = instance
    this.address = instance.exports.createTally()
  }

  /** Flows in it. */
  get size(): number {
    return this.#instance.exports.tallyCount(this.address)
  }

  /** Adds counts of flows that are in the table; a flow may be there several times. */
  add(rows: FlowCountRows): void {
    const { exports, memory } = this.#instance
    exports.reserveTally(this.address, exports.flowCount() + 1)
    const numbers = layout.TALLY_ROWS * NUMBERS_PER_ROW
    for (let at = 0; at < rows.length; at += numbers) {
      const part = rows.subarray(at, at + numbers)
      new Float64Array(memory.buffer, exports.tallyRows() >>> 0, part.length).set(part)
      exports.addTallyRows(this.address, part.length / NUMBERS_PER_ROW)
    }
  }

  /** The counts, flows in the order of their first frame. The tally is empty afterwards. */
  take(): FlowCountRows {
    const { exports, memory } = this.#instance
    const rows = new Float64Array(this.size * NUMBERS_PER_ROW)
    for (let at = 0; at < rows.length; ) {
      const numbers = exports.takeTally(this.address) * NUMBERS_PER_ROW
      rows.set(new Float64Array(memory.buffer, exports.tallyRows() >>> 0, numbers), at)
      at += numbers
    }
    return rows
  }
}

export interface ProtocolCounts {
  /** A FAMILY_ constant; it says what the number means. */
  readonly family: number
  readonly protocol: number
  readonly packets: number
  readonly bytes: number
}

export class Counter {
  /** Frames without a time. */
  readonly untimed: Tally
  readonly #instance: CaptureInstance
  readonly #address: number

  constructor(instance: CaptureInstance) {
    this.#instance = instance
    this.#address = instance.exports.createCounter() >>> 0
    this.untimed = this.createTally()
  }

  createTally(): Tally {
    return new Tally(this.#instance)
  }

  /** Notes frames [start, end) of a batch; each is to be noted once, and counted once. */
  note({ columns }: StreamBatch, start: number, end: number): void {
    this.#instance.exports.noteFrames(this.#address, columns, start, end)
  }

  /** Counts frames from `start` on as long as they are in the span. Returns the first that is not, or `end`. */
  count({ columns }: StreamBatch, start: number, end: number, tally: Tally, { firstNs, lastNs }: TimeSpan): number {
    const { countFrames } = this.#instance.exports
    const untimed = this.untimed.address
    return withMemory(this.#instance, () =>
      countFrames(this.#address, columns, start, end, tally.address, untimed, firstNs, lastNs),
    )
  }

  /** Time of frame `i` of a batch that may be older than the memory's last growth, which counting can be the reason of. */
  timeAt({ columns }: StreamBatch, i: number): bigint {
    return new DataView(this.#instance.memory.buffer).getBigInt64(columns + layout.COLUMN_TIME + 8 * i, true)
  }

  /** Forgets what was noted and the times; interfaces keep their counts. Tallies are taken by themselves. */
  reset(): void {
    this.#instance.exports.resetCounter(this.#address)
  }

  /** Bytes of the frames that were noted, by the chosen basis. */
  get bytes(): number {
    return Number(this.#view.getBigUint64(layout.COUNTER_BYTES, true))
  }

  get capturedBytes(): number {
    return Number(this.#view.getBigUint64(layout.COUNTER_CAPTURED, true))
  }

  /** Lowest and highest time that was counted; null when no frame had one. */
  get firstNs(): bigint | null {
    return this.#hasTime ? this.#view.getBigInt64(layout.COUNTER_FIRST_TIME, true) : null
  }

  get lastNs(): bigint | null {
    return this.#hasTime ? this.#view.getBigInt64(layout.COUNTER_LAST_TIME, true) : null
  }

  /** What was noted, by family and protocol number; in no order. */
  protocols(): ProtocolCounts[] {
    const { exports, memory } = this.#instance
    const sums = exports.protocolsOf(this.#address)
    const places = exports.protocolPlaces(sums)
    const view = new DataView(memory.buffer, exports.protocolEntries(sums) >>> 0, places * layout.PROTOCOL_ENTRY_LENGTH)
    const counts: ProtocolCounts[] = []
    for (let at = 0; at < view.byteLength; at += layout.PROTOCOL_ENTRY_LENGTH) {
      const key = view.getUint32(at, true) - 1
      if (key === -1) continue
      const packets = Number(view.getBigUint64(at + layout.PROTOCOL_PACKETS, true))
      const bytes = Number(view.getBigUint64(at + layout.PROTOCOL_BYTES, true))
      counts.push({ family: key >>> 16, protocol: key & 0xffff, packets, bytes })
    }
    return counts
  }

  /** Frames of which less was captured than there was. */
  get cut(): number {
    return Number(this.#view.getBigUint64(layout.COUNTER_CUT, true))
  }

  /** Frames whose decoding stopped for this reason (STOP_ of the decoders). */
  stopped(reason: number): number {
    return Number(this.#view.getBigUint64(layout.COUNTER_STOPS + reason * 8, true))
  }

  get #hasTime(): boolean {
    const view = this.#view
    return view.getBigInt64(layout.COUNTER_FIRST_TIME, true) <= view.getBigInt64(layout.COUNTER_LAST_TIME, true)
  }

  get #view(): DataView {
    return new DataView(this.#instance.memory.buffer, this.#address, layout.COUNTER_LENGTH)
  }
}
