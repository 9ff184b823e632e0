/**
 * Flow ids and lengths to packets and bytes per flow: dense arrays to count in, and their compact form to keep.
 *
 * Dense costs 20 bytes for every flow of the table, compact 24 for every flow that was seen. Both hold exact integers up
 * to 2^53.
 */

import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'

const SMALLEST_CAPACITY = 1024

/**
 * Counters for every flow. A flow is in `touched` exactly
 * when its `packets` is not 0. The arrays are replaced by {@link reserve}.
 */
export class FlowCounts {
  packets: Float64Array = new Float64Array(0)
  bytes: Float64Array = new Float64Array(0)
  /** Ids of the flows that were counted, `touchedCount` of them, in the order of their first frame. */
  touched: Uint32Array = new Uint32Array(0)
  touchedCount = 0

  /** Makes room for flow ids below `flows`. */
  reserve(flows: number): void {
    if (flows <= this.packets.length) return
    const capacity = Math.max(SMALLEST_CAPACITY, flows, this.packets.length * 2)
    const { packets, bytes, touched } = this
    this.packets = new Float64Array(capacity)
    this.packets.set(packets)
    this.bytes = new Float64Array(capacity)
    this.bytes.set(bytes)
    this.touched = new Uint32Array(capacity)
    this.touched.set(touched)
  }

  /** Counts `packets` (at least one) of one flow. */
  count(flow: number, packets: number, bytes: number): void {
    if (flow >= this.packets.length) this.reserve(flow + 1)
    if (this.packets[flow] === 0) this.touched[this.touchedCount++] = flow
    this.packets[flow]! += packets
    this.bytes[flow]! += bytes
  }

  countRows(rows: FlowCountRows): void {
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) this.count(rows[i]!, rows[i + 1]!, rows[i + 2]!)
  }

  countAll(other: FlowCounts): void {
    this.reserve(other.packets.length)
    for (let i = 0; i < other.touchedCount; i++) {
      const flow = other.touched[i]!
      this.count(flow, other.packets[flow]!, other.bytes[flow]!)
    }
  }

  /** The counts in compact form; the counters are 0 afterwards and their arrays ready for the next window. */
  take(): FlowCountRows {
    const { packets, bytes, touched, touchedCount } = this
    const rows = new Float64Array(touchedCount * NUMBERS_PER_ROW)
    for (let i = 0, to = 0; i < touchedCount; i++, to += NUMBERS_PER_ROW) {
      const flow = touched[i]!
      rows[to] = flow
      rows[to + 1] = packets[flow]!
      rows[to + 2] = bytes[flow]!
      packets[flow] = 0
      bytes[flow] = 0
    }
    this.touchedCount = 0
    return rows
  }
}
