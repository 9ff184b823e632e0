/**
 * IPv4, RFC 791 §3.1.
 *
 *      0               1               2               4 bytes
 *     +-------+-------+---------------+---------------+---------------+
 *     |version|  IHL  |      TOS      |         total length          |
 *     +-------+-------+---------------+-----+-------------------------+
 *     |        identification         |flags|     fragment offset     |
 *     +---------------+---------------+-----+-------------------------+
 *     |      TTL      |   protocol    |        header checksum        |
 *     +---------------+---------------+-------------------------------+
 *     |                        source address                         |
 *     |                      destination address                      |
 *     +---------------------------------------------------------------+
 *
 * A header counts when its version is 4, its IHL at least 5 and 20 bytes are there: checksum and total length may lie,
 * the addresses are still the ones that the packet was sent with.
 */

import { FAMILY_IPV4 } from '../abi/families.ts'
import { read8, read16 } from './bytes.ts'
import { available, frame, LIMIT_IPV4_TOTAL_LENGTH, narrow, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { foundIpHeader, foundIpLength, foundPayload, layerOfIpProtocol } from './ip-protocol.ts'
import { LAYER_IPV4, LAYER_NONE } from './layers.ts'

export const VERSION_IHL = 0
export const TOS = 1
export const TOTAL_LENGTH = 2
export const IDENTIFICATION = 4
export const FLAGS_FRAGMENT_OFFSET = 6
export const TTL = 8
export const PROTOCOL = 9
export const CHECKSUM = 10
export const SOURCE = 12
export const DESTINATION = 16
export const IPV4_MIN_HEADER_LEN = 20

/** Low 13 bits, in units of 8 bytes. */
export const FRAGMENT_OFFSET_MASK = 0x1fff
const MIN_IHL = 5

export function decodeIpv4(): i32 {
  const at = frame.at
  if (available() < IPV4_MIN_HEADER_LEN) return stopShort(LAYER_IPV4, IPV4_MIN_HEADER_LEN)
  const versionIhl = read8(at + VERSION_IHL)
  const ihl = versionIhl & 15
  if (versionIhl >> 4 !== 4 || ihl < MIN_IHL) return stop(STOP_MALFORMED, LAYER_IPV4, IPV4_MIN_HEADER_LEN)

  const protocol = read8(at + PROTOCOL)
  const totalLength = read16(at + TOTAL_LENGTH)
  const headerLength = ihl << 2
  foundIpHeader(FAMILY_IPV4, at + SOURCE, at + DESTINATION, protocol)
  foundIpLength(totalLength)
  if (totalLength > 0) narrow(at + totalLength, LIMIT_IPV4_TOTAL_LENGTH)
  if (available() < headerLength) return stopShort(LAYER_IPV4, headerLength)

  frame.at = at + headerLength
  foundPayload(frame.at)
  if ((read16(at + FLAGS_FRAGMENT_OFFSET) & FRAGMENT_OFFSET_MASK) !== 0) {
    frame.laterFragment = 1
    return LAYER_NONE
  }
  return layerOfIpProtocol(protocol)
}
