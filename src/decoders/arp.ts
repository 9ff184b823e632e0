/**
 * ARP, RFC 826. The frame stays a flow between MAC addresses: the protocol addresses inside are an answer, not endpoints.
 *
 *      0          2          4      5      6    8
 *     +----------+----------+------+------+----+---- - -
 *     | hardware | protocol | hlen | plen | op | sender hw, sender proto, target hw, target proto
 *     +----------+----------+------+------+----+---- - -
 */
import { read8 } from './bytes.ts'
import { available, frame, stopShort } from './frame.ts'
import { LAYER_ARP, LAYER_NONE } from './layers.ts'

export const HARDWARE_TYPE = 0
export const PROTOCOL_TYPE = 2
export const HARDWARE_LENGTH = 4
export const PROTOCOL_LENGTH = 5
export const OPERATION = 6
export const ADDRESSES = 8
export const ARP_MIN_HEADER_LEN = 8

export function decodeArp(): i32 {
  if (available() < ARP_MIN_HEADER_LEN) return stopShort(LAYER_ARP, ARP_MIN_HEADER_LEN)
  const addresses = 2 * (read8(frame.at + HARDWARE_LENGTH) + read8(frame.at + PROTOCOL_LENGTH))
  const length = ARP_MIN_HEADER_LEN + addresses
  if (available() < length) return stopShort(LAYER_ARP, length)
  frame.at += length
  return LAYER_NONE
}
