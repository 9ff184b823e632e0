/**
 * ICMP, RFC 792: type, code, checksum and four bytes whose meaning depends on the type.
 * The header that an error message quotes is payload: it was not sent by the addresses that it names.
 */
import { available, frame, stopShort } from './frame.ts'
import { foundIcmp, foundPayload } from './ip-protocol.ts'
import { LAYER_ICMP, LAYER_NONE } from './layers.ts'

export const TYPE = 0
export const CODE = 1
export const CHECKSUM = 2
export const REST = 4
export const ICMP_HEADER_LEN = 8

export function decodeIcmp(): i32 {
  if (available() < ICMP_HEADER_LEN) return stopShort(LAYER_ICMP, ICMP_HEADER_LEN)
  foundIcmp(frame.at)
  frame.at += ICMP_HEADER_LEN
  foundPayload(frame.at)
  return LAYER_NONE
}
