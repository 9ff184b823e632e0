/** What tshark says of the TCP conversations in a capture: its sequence analysis, summed up by endpoints. */
import { spawnSync } from 'node:child_process'
import { TCP_COUNTS, type TcpCount } from './read-tcp.ts'

const ANALYSED = Object.keys(TCP_COUNTS).filter(
  (name) => name !== 'resets' && name !== 'segments' && name !== 'unread',
) as Exclude<TcpCount, 'resets' | 'segments' | 'unread'>[]

const ENDS = ['ip.src', 'ipv6.src', 'tcp.srcport', 'ip.dst', 'ipv6.dst', 'tcp.dstport']
const FIELDS = [
  'frame.protocols',
  ...ENDS,
  'tcp.stream',
  'tcp.flags',
  'tcp.analysis.initial_rtt',
  'tcp.analysis.acks_frame',
  'tcp.analysis.ack_rtt',
  ...ANALYSED.map((name) => `tcp.analysis.${name}`),
]

/** Every frame by itself: nothing put together. */
const PREFERENCES = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE']

export interface TsharkConversation {
  readonly counts: Record<string, number>
  /** Nanoseconds, one for each stream that has one: a SYN with another number begins another. */
  readonly initialRtts: number[]
  /** Of the segments of a source. `zeros` are those that it does not print. */
  readonly rtts: Record<string, { count: number; zeros: number; sum: number; min: number; max: number }>
}

export function readTsharkTcp(file: string): Map<string, TsharkConversation> {
  const { stdout } = spawnSync(
    'tshark',
    [
      ...['-n', '-r', file, '-Y', 'tcp && !icmp && !icmpv6'],
      ...['-T', 'fields', '-E', 'occurrence=f', '-E', 'separator=/t'],
      ...FIELDS.flatMap((name) => ['-e', name]),
      ...PREFERENCES.flatMap((preference) => ['-o', preference]),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  const conversations = new Map<string, TsharkConversation>()
  const known = new Set<string>()
  for (const line of stdout.split('\n').slice(0, -1)) {
    const [protocols, ...values] = line.split('\t')
    if (!isOutermost(protocols!)) continue
    const [source4, source6, sourcePort, destination4, destination6, destinationPort, stream, flags] = values
    const [initialRtt, acked, rtt] = values.slice(8)
    const source = `${source4 || source6} ${sourcePort}`
    const destination = `${destination4 || destination6} ${destinationPort}`
    const key = [source, destination].sort().join(' - ')
    const entry = conversations.get(key) ?? { counts: {}, initialRtts: [], rtts: {} }
    conversations.set(key, entry)
    const count = (name: string) => {
      entry.counts[name] = (entry.counts[name] ?? 0) + 1
    }
    for (const [i, name] of ANALYSED.entries()) if (values[11 + i]) count(name)
    if ((Number(flags) & 4) !== 0) count('resets')
    if (initialRtt && !known.has(stream!)) entry.initialRtts.push(toNs(initialRtt))
    if (initialRtt) known.add(stream!)
    // It acknowledges a segment of the other one.
    if (acked) noteRtt(entry, destination, rtt ? toNs(rtt) : 0)
  }
  return conversations
}

/** TCP behind the first IP header and its extensions: what is in a tunnel, or quoted, is of the tunnel's packet. */
function isOutermost(protocols: string): boolean {
  const names = protocols.split(':')
  const between = names.slice(names.findIndex((name) => name === 'ip' || name === 'ipv6') + 1, names.indexOf('tcp'))
  return !between.some((name) => ['ip', 'ipv6', 'udp', 'gre'].includes(name))
}

function noteRtt({ rtts }: TsharkConversation, source: string, ns: number): void {
  const entry = rtts[source] ?? { count: 0, zeros: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0 }
  rtts[source] = entry
  entry.count++
  if (ns === 0) entry.zeros++
  entry.sum += ns
  entry.min = Math.min(entry.min, ns)
  entry.max = Math.max(entry.max, ns)
}

function toNs(seconds: string): number {
  return Math.round(Number(seconds) * 1e9)
}
