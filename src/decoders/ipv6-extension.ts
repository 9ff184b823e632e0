/**
 * IPv6 extension headers, RFC 8200 §4, one layer each.
 *
 *      0             1
 *     +-------------+-------------+---- - -        Hop-by-Hop 0, Routing 43, Destination Options 60 (RFC 8200),
 *     | next header | length      |                Mobility 135 (RFC 6275), HIP 139 (RFC 7401), Shim6 140 (RFC 5533):
 *     +-------------+-------------+---- - -        length counts 8-byte units behind the first 8 bytes
 *
 * Two differ: Fragment 44 always has 8 bytes, the fragment offset in bytes 2 and 3; AH 51 counts 4-byte units less 2
 * (RFC 4302 §2.2). ESP 50 and No Next Header 59 end the chain, and so do the experimental 253 and 254, whose form is unknown.
 */
import { read8, read16 } from './bytes.ts'
import { available, frame, stopShort } from './frame.ts'
import { foundPayload, layerOfIpProtocol } from './ip-protocol.ts'
import { LAYER_IPV6_EXTENSION, LAYER_NONE } from './layers.ts'

export const EXTENSION_HOP_BY_HOP = 0
export const EXTENSION_ROUTING = 43
export const EXTENSION_FRAGMENT = 44
export const EXTENSION_AUTHENTICATION = 51
export const EXTENSION_DESTINATION_OPTIONS = 60
export const EXTENSION_MOBILITY = 135
export const EXTENSION_HIP = 139
export const EXTENSION_SHIM6 = 140

export const NEXT_HEADER = 0
export const LENGTH = 1
/** Fragment header: offset in the upper 13 bits, in units of 8 bytes. */
export const FRAGMENT_OFFSET = 2
export const FRAGMENT_IDENTIFICATION = 4
export const FRAGMENT_HEADER_LEN = 8
/** Routing header. */
export const ROUTING_TYPE = 2
export const SEGMENTS_LEFT = 3
/** Authentication header: security parameters index. */
export const SPI = 4

/** Bytes that a header must show before its Next Header is believed. */
const MIN_READ = 2
const MIN_FRAGMENT_READ = 4

/** The layer that a Next Header value names: an extension header, or what IPv4 would have behind it. */
export function layerOfNextHeader(nextHeader: i32): i32 {
  switch (nextHeader) {
    case EXTENSION_HOP_BY_HOP:
    case EXTENSION_ROUTING:
    case EXTENSION_FRAGMENT:
    case EXTENSION_AUTHENTICATION:
    case EXTENSION_DESTINATION_OPTIONS:
    case EXTENSION_MOBILITY:
    case EXTENSION_HIP:
    case EXTENSION_SHIM6:
      frame.extension = nextHeader
      return LAYER_IPV6_EXTENSION
    default:
      return layerOfIpProtocol(nextHeader)
  }
}

/** Length of the extension header at `at`, of which the first two bytes are there. */
export function extensionLength(extension: i32, at: i32): i32 {
  if (extension === EXTENSION_FRAGMENT) return FRAGMENT_HEADER_LEN
  const length = read8(at + LENGTH)
  return extension === EXTENSION_AUTHENTICATION ? (length + 2) << 2 : (length + 1) << 3
}

export function decodeIpv6Extension(): i32 {
  const at = frame.at
  const isFragment = frame.extension === EXTENSION_FRAGMENT
  const needed: i32 = isFragment ? MIN_FRAGMENT_READ : MIN_READ
  if (available() < needed) return stopShort(LAYER_IPV6_EXTENSION, needed)

  const nextHeader = read8(at + NEXT_HEADER)
  // The Next Header holds even when the rest of this header was cut off: it is the last one that the capture has.
  if (frame.quoted === 0) frame.protocol = nextHeader
  const length = extensionLength(frame.extension, at)
  if (available() < length) return stopShort(LAYER_IPV6_EXTENSION, length)

  frame.at = at + length
  foundPayload(frame.at)
  if (isFragment && read16(at + FRAGMENT_OFFSET) >> 3 !== 0) {
    frame.laterFragment = 1
    return LAYER_NONE
  }
  return layerOfNextHeader(nextHeader)
}
