/** ICMPv6, RFC 4443 §2.1: type, code, checksum; the message body follows and its form depends on the type. */
import { available, frame, stopShort } from './frame.ts'
import { foundIcmp, foundPayload } from './ip-protocol.ts'
import { LAYER_ICMPV6, LAYER_NONE } from './layers.ts'

export const TYPE = 0
export const CODE = 1
export const CHECKSUM = 2
export const BODY = 4
export const ICMPV6_HEADER_LEN = 4

export function decodeIcmpv6(): i32 {
  if (available() < ICMPV6_HEADER_LEN) return stopShort(LAYER_ICMPV6, ICMPV6_HEADER_LEN)
  foundIcmp(frame.at)
  frame.at += ICMPV6_HEADER_LEN
  foundPayload(frame.at)
  return LAYER_NONE
}
