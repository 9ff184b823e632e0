/** IPv6 header bytes → {@link Ipv6Header}. */
import { read8, read16 } from '../bytes.ts'
import { DESTINATION, HOP_LIMIT, IPV6_HEADER_LEN, NEXT_HEADER, PAYLOAD_LENGTH, SOURCE, VERSION } from '../ipv6.ts'
import type { Header } from './header.ts'
import { readIpv6, readUnsigned32 } from './read-bytes.ts'

/** RFC 8200 §3. Addresses as text, RFC 5952. */
export interface Ipv6Header extends Header<'ipv6'> {
  readonly trafficClass: number
  readonly flowLabel: number
  /** Bytes behind this header, extension headers among them; 0 in a jumbogram. */
  readonly payloadLength: number
  readonly nextHeader: number
  readonly hopLimit: number
  readonly source: string
  readonly destination: string
}

export function readIpv6Header(at: number): Ipv6Header {
  const first = readUnsigned32(at + VERSION)
  return {
    layer: 'ipv6',
    offset: at,
    headerLength: IPV6_HEADER_LEN,
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    payloadLength: read16(at + PAYLOAD_LENGTH),
    nextHeader: read8(at + NEXT_HEADER),
    hopLimit: read8(at + HOP_LIMIT),
    source: readIpv6(at + SOURCE),
    destination: readIpv6(at + DESTINATION),
  }
}
