/** The host's side of assembly/tcp-health.ts: batches of frames in, what TCP conversations suffered from out. */
import * as layout from '../abi/tcp-layout.ts'
import type { StreamBatch } from './frame-batch.ts'
import type { CaptureInstance } from './module.ts'
import { withMemory } from './out-of-memory.ts'

const PAGE_FLOWS = 1 << layout.TCP_FLOWS_PER_PAGE_BITS
const { TCP_FLOW_WORDS, TCP_CONVERSATION_DOUBLES, TCP_CONVERSATIONS_TOGETHER } = layout

/** Numbers of one flow: TCP_ places of src/abi/tcp-layout.ts, from `at` on. Valid until the visit is over. */
export type VisitFlow = (flow: number, numbers: Uint32Array, at: number) => void
/** Numbers of one conversation, likewise. */
export type VisitConversation = (conversation: number, numbers: Float64Array, at: number) => void

export class TcpHealth {
  readonly #instance: CaptureInstance

  /**
   * `mostConversations`: each takes 384 bytes, 32 to 64 of index and 64 for each flow. Frames of those beyond are counted, and nothing
   * else is said of them: see {@link untrackedFlows}. One for an instance; its flow table's key has addresses and ports.
   */
  constructor(instance: CaptureInstance, mostConversations: number) {
    this.#instance = instance
    const seed = crypto.getRandomValues(new BigUint64Array(1))
    instance.exports.configureTcp(mostConversations, seed[0] ?? 0n)
  }

  /** Takes frames [start, end) of a batch, each once and in the order of the capture. */
  add({ columns }: StreamBatch, start: number, end: number): void {
    withMemory(this.#instance, () => this.#instance.exports.trackTcp(columns, start, end))
  }

  /** Visits all flows with TCP segments below `flows`, in their order. */
  visitFlows(flows: number, visit: VisitFlow): void {
    this.#reserve(flows)
    for (let first = 0; first < flows; first += PAGE_FLOWS) {
      const numbers = this.#flowPage(first)
      for (let i = 0, at = 0; i < Math.min(PAGE_FLOWS, flows - first); i++, at += TCP_FLOW_WORDS) {
        // The flow of those that were evicted has counts, but no conversation.
        const isThere = numbers[at] !== 0 || numbers[at + layout.TCP_SEGMENTS] !== 0
        if (isThere || numbers[at + layout.TCP_UNREAD] !== 0) visit(first + i, numbers, at)
      }
    }
  }

  visitConversations(visit: VisitConversation): void {
    const size = this.conversations
    for (let first = 0; first < size; first += TCP_CONVERSATIONS_TOGETHER) {
      const count = Math.min(TCP_CONVERSATIONS_TOGETHER, size - first)
      const numbers = this.#readConversations(first, count)
      for (let i = 0, at = 0; i < count; i++, at += TCP_CONVERSATION_DOUBLES) visit(first + i, numbers, at)
    }
  }

  get conversations(): number {
    return this.#instance.exports.tcpConversationCount()
  }

  /** Letters of what happened in the last connection of a conversation, as Zeek writes them. */
  history(conversation: number): string {
    return historyIn(this.#readConversations(conversation, 1), 0)
  }

  /** Flows of conversations that there was no room for. */
  untrackedFlows(flows: number): number {
    let untracked = 0
    this.visitFlows(flows, (_flow, numbers, at) => {
      if (numbers[at + layout.TCP_FLOW_CONVERSATION] === layout.TCP_UNTRACKED) untracked++
    })
    return untracked
  }

  /**
   * The table has the flows of `kept` only, and their ids follow that of flow 0, which stands for all others of the `flows` that
   * there were. To be called beside Parser.keepFlows. Conversations stay.
   */
  keepFlows(kept: Uint32Array, flows: number): void {
    const newIds = new Uint32Array(flows)
    for (let i = 0; i < kept.length; i++) newIds[kept[i]!] = i + 1
    const rows = new Uint32Array((kept.length + 1) * TCP_FLOW_WORDS)
    this.visitFlows(flows, (flow, numbers, at) => {
      const to = newIds[flow]! * TCP_FLOW_WORDS
      for (let i = 1; i < layout.TCP_FLOW_NUMBERS; i++) rows[to + i]! += numbers[at + i]!
      if (to > 0) rows[to] = numbers[at]!
    })
    // A flow that comes back is a new one, of a conversation that is known.
    for (let first = 0; first < flows; first += PAGE_FLOWS) {
      const page = this.#flowPage(first)
      const part = rows.subarray(first * TCP_FLOW_WORDS, (first + PAGE_FLOWS) * TCP_FLOW_WORDS)
      page.fill(0)
      page.set(part)
    }
  }

  /** There may be flows of frames that have not been added yet. */
  #reserve(flows: number): void {
    withMemory(this.#instance, () => this.#instance.exports.reserveTcpFlows(flows))
  }

  #flowPage(first: number): Uint32Array {
    const { exports, memory } = this.#instance
    return new Uint32Array(memory.buffer, exports.tcpFlowRow(first) >>> 0, PAGE_FLOWS * TCP_FLOW_WORDS)
  }

  #readConversations(first: number, count: number): Float64Array<ArrayBuffer> {
    const { exports, memory } = this.#instance
    // It makes room the first time.
    const at = exports.readTcpConversations(first, count) >>> 0
    return new Float64Array(memory.buffer as ArrayBuffer, at, count * TCP_CONVERSATION_DOUBLES)
  }
}

/** The same, of a row that is being visited. */
export function historyIn(numbers: Float64Array, at: number): string {
  const start = numbers.byteOffset + (at + layout.TCP_HISTORY) * 8
  return String.fromCharCode(...new Uint8Array(numbers.buffer, start, numbers[at + layout.TCP_HISTORY_LENGTH]))
}
