/**
 * IPv6, RFC 8200 §3.
 *
 *      0               1               2               4 bytes
 *     +-------+---------------+---------------------------------------+
 *     |version| traffic class |             flow label                |
 *     +-------+---------------+-------+---------------+---------------+
 *     |        payload length         |  next header  |   hop limit   |
 *     +-------------------------------+---------------+---------------+
 *     |                 source address, 16 bytes                      |
 *     |               destination address, 16 bytes                   |
 *     +---------------------------------------------------------------+
 *
 * Extension headers follow one by one; the protocol is the Next Header of the last of them.
 */

import { FAMILY_IPV6 } from '../abi/families.ts'
import { read8, read16 } from './bytes.ts'
import { available, frame, LIMIT_IPV6_PAYLOAD_LENGTH, narrow, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { foundIpHeader, foundIpLength, foundPayload } from './ip-protocol.ts'
import { layerOfNextHeader } from './ipv6-extension.ts'
import { LAYER_IPV6 } from './layers.ts'

export const VERSION = 0
export const PAYLOAD_LENGTH = 4
export const NEXT_HEADER = 6
export const HOP_LIMIT = 7
export const SOURCE = 8
export const DESTINATION = 24
export const IPV6_HEADER_LEN = 40

export function decodeIpv6(): i32 {
  const at = frame.at
  if (available() < IPV6_HEADER_LEN) return stopShort(LAYER_IPV6, IPV6_HEADER_LEN)
  if (read8(at + VERSION) >> 4 !== 6) return stop(STOP_MALFORMED, LAYER_IPV6, IPV6_HEADER_LEN)

  const nextHeader = read8(at + NEXT_HEADER)
  const payloadLength = read16(at + PAYLOAD_LENGTH)
  foundIpHeader(FAMILY_IPV6, at + SOURCE, at + DESTINATION, nextHeader)
  // Payload length 0: a jumbogram (RFC 2675 §3), or a sender that leaves the length to its network card.
  foundIpLength(payloadLength > 0 ? IPV6_HEADER_LEN + payloadLength : 0)
  if (payloadLength > 0) narrow(at + IPV6_HEADER_LEN + payloadLength, LIMIT_IPV6_PAYLOAD_LENGTH)
  frame.at = at + IPV6_HEADER_LEN
  foundPayload(frame.at)
  return layerOfNextHeader(nextHeader)
}
