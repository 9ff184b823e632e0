/**
 * What IPv4 and IPv6 have in common: which header counts, which layer a protocol number leads to, how long the packet is.
 * Protocol numbers: IANA, Assigned Internet Protocol Numbers, 2025-10.
 */
import { read8 } from './bytes.ts'
import { frame } from './frame.ts'
import {
  LAYER_DCCP,
  LAYER_GRE,
  LAYER_ICMP,
  LAYER_ICMPV6,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_NONE,
  LAYER_SCTP,
  LAYER_TCP,
  LAYER_UDP,
  LAYER_UDP_LITE,
} from './layers.ts'

export const PROTOCOL_ICMP = 1
const PROTOCOL_IPV4 = 4
const PROTOCOL_TCP = 6
const PROTOCOL_UDP = 17
const PROTOCOL_DCCP = 33
const PROTOCOL_IPV6 = 41
const PROTOCOL_GRE = 47
const PROTOCOL_ICMPV6 = 58
const PROTOCOL_SCTP = 132
const PROTOCOL_UDP_LITE = 136

/**
 * A valid IP header was found at frame.at: it gives the addresses if it is the outermost, or if the innermost is asked for.
 * A tunnel's outer ports go with its outer addresses.
 */
export function foundIpHeader(family: i32, source: i32, destination: i32, protocol: i32): void {
  frame.laterFragment = 0
  const outermost = frame.ipLength === 0
  frame.quoted = outermost || frame.innermost !== 0 ? 0 : 1
  if (frame.quoted !== 0) return
  frame.family = family
  frame.source = source
  frame.destination = destination
  frame.protocol = protocol
  frame.sourcePort = 0
  frame.destinationPort = 0
  frame.icmp = -1
}

/**
 * The packet that starts at frame.at says it has `stated` bytes. On the wire it has those, or what is left of the frame
 * where it says 0 (segmentation offload, jumbograms) or more than there is.
 */
export function foundIpLength(stated: i32): void {
  const onWire = frame.wireEnd - frame.at
  const length = stated > 0 && stated < onWire ? stated : onWire
  frame.packetEnd = frame.at + length
  if (frame.quoted === 0) frame.ipLength = length
}

/** The headers of the packet that counts end at `at`: what is behind them on the wire is payload. */
export function foundPayload(at: i32): void {
  if (frame.quoted !== 0) return
  frame.payloadLength = frame.packetEnd > at ? frame.packetEnd - at : 0
}

/** Type and code of the ICMP message at `at`, if its packet is the one that counts. */
export function foundIcmp(at: i32): void {
  if (frame.quoted === 0) frame.icmp = (read8(at) << 8) | read8(at + 1)
}

/** The header behind an IP header. Encapsulated IP and GRE are only followed where tunnels are asked for. */
export function layerOfIpProtocol(protocol: i32): i32 {
  switch (protocol) {
    case PROTOCOL_TCP:
      return LAYER_TCP
    case PROTOCOL_UDP:
      return LAYER_UDP
    case PROTOCOL_ICMP:
      return LAYER_ICMP
    case PROTOCOL_ICMPV6:
      return LAYER_ICMPV6
    case PROTOCOL_SCTP:
      return LAYER_SCTP
    case PROTOCOL_DCCP:
      return LAYER_DCCP
    case PROTOCOL_UDP_LITE:
      return LAYER_UDP_LITE
    case PROTOCOL_IPV4:
      return frame.tunnels !== 0 ? LAYER_IPV4 : LAYER_NONE
    case PROTOCOL_IPV6:
      return frame.tunnels !== 0 ? LAYER_IPV6 : LAYER_NONE
    case PROTOCOL_GRE:
      return frame.tunnels !== 0 ? LAYER_GRE : LAYER_NONE
    default:
      return LAYER_NONE
  }
}
