/** Conversations between two endpoints, segment by segment, as captures. Numbers are relative to where each side begins. */

import { pcap } from './build-capture.ts'
import { concat, ethernet, ipv4, u16, u32 } from './build-frame.ts'

/** `S`, `SA`, `A`, `PA`, `FA`, `R`, `RA` and so on; nothing is set for an empty text. */
const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 }

export interface Segment {
  /** `client` is 10.0.0.1:40000, `server` 10.0.0.2:80. */
  readonly from: 'client' | 'server'
  readonly flags: string
  readonly seq?: number
  readonly ack?: number
  readonly length?: number
  readonly window?: number
  /** A multiple of four bytes. */
  readonly options?: Uint8Array
  /** Milliseconds from the first; one more than the last unless given. */
  readonly at?: number
  /** Ports in place of 40000 and 80. */
  readonly ports?: readonly [client: number, server: number]
}

export const CLIENT = '10.0.0.1'
export const SERVER = '10.0.0.2'
export const CLIENT_ISN = 1000
export const SERVER_ISN = 5000

export function tcpPacket({ from, flags, seq = 0, ack = 0, length = 0, window = 8192, ...rest }: Segment): Uint8Array {
  const { options = new Uint8Array(0), ports: [client, server] = [40000, 80] } = rest
  const isClient = from === 'client'
  const bits = [...flags].reduce((sum, letter) => sum | FLAGS[letter]!, 0)
  const [ownIsn, peerIsn] = isClient ? [CLIENT_ISN, SERVER_ISN] : [SERVER_ISN, CLIENT_ISN]
  const header = concat(
    u16(isClient ? client : server),
    u16(isClient ? server : client),
    u32((ownIsn + seq) >>> 0),
    u32(flags.includes('A') ? (peerIsn + ack) >>> 0 : 0),
    u16(((5 + options.length / 4) << 12) | bits),
    u16(window),
    u32(0),
    options,
  )
  const addresses = { source: isClient ? CLIENT : SERVER, destination: isClient ? SERVER : CLIENT }
  return ipv4({ protocol: 6, ...addresses }, concat(header, new Uint8Array(length)))
}

/** A pcap of Ethernet frames, from 2024-01-01T00:00:00Z. */
export function tcpCapture(
  segments: readonly Segment[],
  wrap = (packet: Uint8Array) => ethernet(0x0800, packet),
  linktype = 1,
) {
  let at = -1
  const records = segments.map((segment) => {
    at = segment.at ?? at + 1
    const data = wrap(tcpPacket(segment))
    return { seconds: 1_704_067_200 + Math.floor(at / 1000), fraction: Math.round((at % 1000) * 1000), data }
  })
  return pcap(records, { linktype })
}

const client = (flags: string, seq: number, ack: number, rest: Partial<Segment> = {}): Segment => ({
  from: 'client',
  flags,
  seq,
  ack,
  ...rest,
})
const server = (flags: string, seq: number, ack: number, rest: Partial<Segment> = {}): Segment => ({
  from: 'server',
  flags,
  seq,
  ack,
  ...rest,
})
export const send = { client, server }

/** SYN, SYN/ACK after 10 ms, ACK after another 2. */
export const HANDSHAKE: readonly Segment[] = [
  client('S', 0, 0, { at: 0 }),
  server('SA', 0, 1, { at: 10 }),
  client('A', 1, 1, { at: 12 }),
]
