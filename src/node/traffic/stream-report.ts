/** What one stream of traffic sent. Counts are exact; null stands for what cannot be known from here. */

/** The frames of a stream that a capture on the loopback interface shows, in both directions. */
export interface WireCounts {
  readonly frames: number
  readonly bytes: number
}

export interface UdpReport {
  readonly kind: 'udp'
  readonly src: string
  readonly srcPort: number
  readonly dst: string
  readonly dstPort: number
  readonly datagrams: number
  readonly payloadBytes: number
  /** Datagrams that the receiver read. Less than were sent where its buffer was full; they were frames all the same. */
  readonly received: number
  readonly wire: WireCounts
  readonly fault: string | null
}

export interface PingReport {
  readonly kind: 'ping'
  readonly dst: string
  readonly requests: number
  readonly replies: number
  /** Null for hosts elsewhere: the link decides. */
  readonly wire: WireCounts | null
  readonly fault: string | null
}

export interface HttpReport {
  readonly kind: 'http' | 'download'
  readonly url: string
  readonly requests: number
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>
  /** What the client got of bodies. */
  readonly bodyBytes: number
  /** What TCP carried to the server and back; what it had to send again is not in it. Null for servers elsewhere. */
  readonly tcpPayload: { readonly toServer: number; readonly toClient: number } | null
  readonly fault: string | null
}

export type StreamReport = UdpReport | PingReport | HttpReport
