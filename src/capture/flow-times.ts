/** When flows were first and last seen: the host's side of assembly/flow-times.ts. 24 bytes a flow, for as many as are kept. */
import * as layout from '../abi/layout.ts'
import type { StreamBatch } from './frame-batch.ts'
import type { CaptureInstance } from './module.ts'
import { withMemory } from './out-of-memory.ts'

const PAGE_FLOWS = 1 << layout.FLOW_TIMES_PER_PAGE_BITS
const { FLOW_TIME_LENGTH } = layout

/**
 * Times are nanoseconds since 1970-01-01 UTC, the first later than the last for a flow none of whose frames had one. Bytes are of IP
 * packets, headers and all; of no use with the basis `frame`, for which most frames are not walked.
 */
export type VisitTimes = (flow: number, firstNs: bigint, lastNs: bigint, ipBytes: number) => void

export class FlowTimes {
  readonly #instance: CaptureInstance
  readonly #address: number

  constructor(instance: CaptureInstance) {
    this.#instance = instance
    this.#address = instance.exports.createFlowTimes()
  }

  /** Notes frames [start, end) of a batch; each is to be noted once. The memory may grow. */
  note({ columns }: StreamBatch, start: number, end: number): void {
    const { exports } = this.#instance
    withMemory(this.#instance, () => exports.noteFlowTimes(this.#address, columns, start, end))
  }

  /** Visits the flows below `flows`, in their order. */
  visit(flows: number, visit: VisitTimes): void {
    for (let first = 0; first < flows; first += PAGE_FLOWS) {
      const page = this.#page(first)
      const view = new DataView(page.buffer, page.byteOffset, page.length)
      for (let i = 0, at = 0; i < Math.min(PAGE_FLOWS, flows - first); i++, at += FLOW_TIME_LENGTH) {
        const firstNs = view.getBigInt64(at + layout.FLOW_TIME_FIRST, true)
        const lastNs = view.getBigInt64(at + layout.FLOW_TIME_LAST, true)
        visit(first + i, firstNs, lastNs, Number(view.getBigUint64(at + layout.FLOW_TIME_IP_BYTES, true)))
      }
    }
  }

  /** Forgets all flows but those; their ids follow that of the evicted flow, 0, of which nothing is known. See Parser.keepFlows. */
  keep(kept: Uint32Array): void {
    const entries = new Uint8Array(kept.length * FLOW_TIME_LENGTH)
    for (let i = 0; i < kept.length; i++) entries.set(this.#entry(kept[i]!), i * FLOW_TIME_LENGTH)
    this.#instance.exports.clearFlowTimes(this.#address)
    for (let i = 0; i < kept.length; i++) {
      this.#entry(i + 1).set(entries.subarray(i * FLOW_TIME_LENGTH, (i + 1) * FLOW_TIME_LENGTH))
    }
  }

  #entry(flow: number): Uint8Array {
    const at = (flow & (PAGE_FLOWS - 1)) * FLOW_TIME_LENGTH
    return this.#page(flow).subarray(at, at + FLOW_TIME_LENGTH)
  }

  /** The page that has the flow: where it begins never changes, but the memory may have grown since. */
  #page(flow: number): Uint8Array {
    const { exports, memory } = this.#instance
    const page = exports.flowTimesPage(this.#address, flow >>> layout.FLOW_TIMES_PER_PAGE_BITS) >>> 0
    return new Uint8Array(memory.buffer, page, PAGE_FLOWS * FLOW_TIME_LENGTH)
  }
}
