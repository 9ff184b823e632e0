/** What the module says of the TCP conversations in a capture, in words. */
import * as layout from '../../src/abi/tcp-layout.ts'
import type { Source } from '../../src/capture/source.ts'
import type { TcpHealth } from '../../src/capture/tcp-health.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { TCP_KEY_FIELDS } from '../../src/pipeline/tcp-reading.ts'
import { createParser, memorySource, type ReadOptions } from './read-capture.ts'

/** By the names that tshark has for the same: tcp.analysis.… */
export const TCP_COUNTS = {
  retransmission: layout.TCP_RETRANSMISSIONS,
  fast_retransmission: layout.TCP_FAST_RETRANSMISSIONS,
  spurious_retransmission: layout.TCP_SPURIOUS_RETRANSMISSIONS,
  out_of_order: layout.TCP_OUT_OF_ORDER,
  duplicate_ack: layout.TCP_DUPLICATE_ACKS,
  zero_window: layout.TCP_ZERO_WINDOWS,
  window_full: layout.TCP_WINDOW_FULLS,
  keep_alive: layout.TCP_KEEP_ALIVES,
  lost_segment: layout.TCP_LOST_SEGMENTS,
  ack_lost_segment: layout.TCP_ACKED_UNSEEN,
  resets: layout.TCP_RESETS,
  segments: layout.TCP_SEGMENTS,
  unread: layout.TCP_UNREAD,
} as const

export type TcpCount = keyof typeof TCP_COUNTS

/** Of one direction: how often the time to an ACK was measured, and the sum, least and most of it in nanoseconds. */
export interface Rtts {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

export interface ReadConversation {
  /** Both directions together. */
  readonly counts: Record<TcpCount, number>
  /** Null where no conversation was made of its flows. */
  connections: number | null
  handshakes: number
  handshakeNs: number
  history: string
  /** TCP_ENDPOINT_ of who began, and of the other one. */
  states: readonly [originator: number, responder: number]
  /** By the source of the segments that were acknowledged. */
  readonly rtts: Record<string, Rtts>
}

export interface ReadTcp {
  /** By both endpoints, sorted: `10.0.0.1 40000 - 10.0.0.2 80`. */
  readonly conversations: Map<string, ReadConversation>
  readonly untracked: number
  /** Some times do not fit 64 bits of nanoseconds: they are as if there were none. */
  readonly hasFarTimes: boolean
}

export interface ReadTcpOptions extends ReadOptions {
  readonly mostConversations?: number
}

export async function readTcp(input: Uint8Array | Source, options: ReadTcpOptions = {}): Promise<ReadTcp> {
  const parser = createParser({ keyFields: TCP_KEY_FIELDS, ...options })
  const health = parser.createTcpHealth(options.mostConversations ?? 100_000)
  const stream = parser.open(input instanceof Uint8Array ? memorySource(input) : input)
  for (let batch = await stream.next(options.limit); batch !== null; batch = await stream.next(options.limit)) {
    health.add(batch, 0, batch.count)
  }
  const answer = describeTcp(parser, health)
  await parser.close(stream)
  return answer
}

export function describeTcp(parser: ReturnType<typeof createParser>, health: TcpHealth): ReadTcp {
  const conversations = new Map<string, ReadConversation>()
  const keys = new Map<number, string>()
  const sources = new Map<number, string>()
  health.visitFlows(parser.flows.size, (flow, numbers, at) => {
    const row = parser.flows.row(flow)
    const source = `${formatAddress(row.source)} ${row.sourcePort}`
    const key = [source, `${formatAddress(row.destination)} ${row.destinationPort}`].sort().join(' - ')
    const known = conversations.get(key) ?? unknown()
    conversations.set(key, known)
    for (const [name, place] of Object.entries(TCP_COUNTS)) known.counts[name as TcpCount] += numbers[at + place]!
    const link = numbers[at]!
    if (link === 0 || link === layout.TCP_UNTRACKED) return
    keys.set((link >>> 1) - 1, key)
    sources.set(link - 2, source)
  })
  health.visitConversations((index, numbers, at) => {
    const known = conversations.get(keys.get(index)!)
    if (known === undefined) return
    known.connections = numbers[at + layout.TCP_CONNECTIONS]!
    known.handshakes = numbers[at + layout.TCP_HANDSHAKES]!
    known.handshakeNs = numbers[at + layout.TCP_HANDSHAKE_SUM]!
    const stateOf = (side: number) => numbers[at + layout.TCP_SIDES + side * layout.TCP_SIDE + layout.TCP_SIDE_STATE]!
    const originator = numbers[at + layout.TCP_ORIGINATOR]!
    known.states = [stateOf(originator), stateOf(1 - originator)]
    for (const side of [0, 1]) {
      const start = at + layout.TCP_SIDES + side * layout.TCP_SIDE
      const [count, sum, min, max] = numbers.subarray(start + layout.TCP_SIDE_RTTS, start + layout.TCP_SIDE)
      const source = sources.get(2 * index + side)
      if (count! > 0 && source !== undefined) known.rtts[source] = { count: count!, sum: sum!, min: min!, max: max! }
    }
  })
  for (const [index, key] of keys) conversations.get(key)!.history = health.history(index)
  const hasFarTimes = parser.interfaces().some(({ farTimes }) => farTimes !== null)
  return { conversations, untracked: health.untrackedFlows(parser.flows.size), hasFarTimes }
}

function unknown(): ReadConversation {
  const counts = Object.fromEntries(Object.keys(TCP_COUNTS).map((name) => [name, 0])) as Record<TcpCount, number>
  return { counts, connections: null, handshakes: 0, handshakeNs: 0, history: '', states: [0, 0], rtts: {} }
}
