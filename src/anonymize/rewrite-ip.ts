/** IP headers: addresses, and options, which hold addresses, labels and times: their lengths stay. */
import * as ipv4 from '../decoders/ipv4.ts'
import * as ipv6 from '../decoders/ipv6.ts'
import * as extension from '../decoders/ipv6-extension.ts'
import { type FrameBytes, IPV4_LENGTH, IPV6_LENGTH } from './frame-bytes.ts'

/** IPv4's option that does nothing (RFC 791 §3.1). */
const NO_OPERATION = 1

export function rewriteIpv4(frame: FrameBytes, at: number, next: number): void {
  frame.hide(at + ipv4.SOURCE, IPV4_LENGTH)
  frame.hide(at + ipv4.DESTINATION, IPV4_LENGTH)
  frame.bytes.fill(NO_OPERATION, Math.min(at + ipv4.IPV4_MIN_HEADER_LEN, next), next)
}

export function rewriteIpv6(frame: FrameBytes, at: number): void {
  frame.hide(at + ipv6.SOURCE, IPV6_LENGTH)
  frame.hide(at + ipv6.DESTINATION, IPV6_LENGTH)
}

/** RFC 8200 §4.2: one byte of padding, and more. */
const PAD1 = 0
const PADN = 1
const PADN_MOST = 2 + 0xff
const OPTIONS = 2

const ROUTING_ADDRESSES = 8
const SEGMENT_ROUTING = 4
const AUTHENTICATION_VALUE = 12
/** What Mobility, HIP and Shim6 headers have in front of addresses, keys and identities. */
const FIXED = 4

/** Returns the offset of the address that the packet's checksum is made with in place of its destination; -1 for none. */
export function rewriteExtension(frame: FrameBytes, kind: number, at: number, next: number): number {
  switch (kind) {
    case extension.EXTENSION_HOP_BY_HOP:
    case extension.EXTENSION_DESTINATION_OPTIONS:
      pad(frame.bytes, at + OPTIONS, next)
      return -1
    case extension.EXTENSION_ROUTING:
      return rewriteRouting(frame, at, next)
    case extension.EXTENSION_FRAGMENT:
      return -1
    case extension.EXTENSION_AUTHENTICATION:
      frame.zero(at + AUTHENTICATION_VALUE, next)
      return -1
    default:
      frame.zero(at + FIXED, next)
      return -1
  }
}

function pad(bytes: Uint8Array, start: number, end: number): void {
  bytes.fill(0, start, end)
  for (let at = start; at < end; ) {
    const length = Math.min(PADN_MOST, end - at)
    if (length === 1) {
      bytes[at++] = PAD1
      continue
    }
    bytes[at] = PADN
    bytes[at + 1] = length - 2
    at += length
  }
}

/** Source routes (type 0, RFC 2460), the home address (2, RFC 6275 §6.4), segments (4, RFC 8754); of other types nothing stays. */
function rewriteRouting(frame: FrameBytes, at: number, next: number): number {
  const { bytes } = frame
  const type = bytes[at + extension.ROUTING_TYPE]!
  const first = at + ROUTING_ADDRESSES
  const most = Math.floor((next - first) / IPV6_LENGTH)
  const count =
    type === 0
      ? most
      : type === 2
        ? Math.min(1, most)
        : type === SEGMENT_ROUTING
          ? Math.min(bytes[at + 4]! + 1, most)
          : 0
  for (let i = 0; i < count; i++) frame.hide(first + i * IPV6_LENGTH, IPV6_LENGTH)
  frame.zero(first + count * IPV6_LENGTH, next)
  if (count === 0 || bytes[at + extension.SEGMENTS_LEFT] === 0) return -1
  return type === SEGMENT_ROUTING ? first : first + (count - 1) * IPV6_LENGTH
}
