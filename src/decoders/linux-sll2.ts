/**
 * Linux "cooked" capture version 2, LINKTYPE_LINUX_SLL2 (276). All fields big-endian.
 *
 *      0          2          4             8        10     11            12               20
 *     +----------+----------+-------------+--------+------+-------------+----------------+
 *     | protocol | reserved | if index    | ARPHRD | type | addr length | sender address |
 *     +----------+----------+-------------+--------+------+-------------+----------------+
 */
import { read16 } from './bytes.ts'
import { available, frame, stopShort } from './frame.ts'
import { LAYER_LINUX_SLL2 } from './layers.ts'
import { layerOfCookedProtocol } from './linux-sll.ts'

export const PROTOCOL = 0
export const INTERFACE_INDEX = 4
export const ARPHRD = 8
export const PACKET_TYPE = 10
export const ADDRESS_LENGTH = 11
export const ADDRESS = 12
export const SLL2_HEADER_LEN = 20

export function decodeLinuxSll2(): i32 {
  if (available() < SLL2_HEADER_LEN) return stopShort(LAYER_LINUX_SLL2, SLL2_HEADER_LEN)
  const protocol = read16(frame.at + PROTOCOL)
  const arphrd = read16(frame.at + ARPHRD)
  frame.at += SLL2_HEADER_LEN
  return layerOfCookedProtocol(protocol, arphrd)
}
