/**
 * GRE, RFC 2784 and RFC 2890, and the enhanced GRE of PPTP, RFC 2637 §4.1.
 *
 *      0                   2                   4
 *     +-+-+-+-+-----+-----+-------------------+-------------------+------ - -
 *     |C|R|K|S|     |A|ver| protocol type     | optional fields, four bytes each
 *     +-+-+-+-+-----+-----+-------------------+-------------------+------ - -
 *
 * Version 0: checksum (C), key (K), sequence number (S). Version 1: key, sequence number, acknowledgment (A).
 * Source routing (R) was withdrawn by RFC 2784 and is not followed.
 */
import { read16 } from './bytes.ts'
import { layerOfTunnelledEtherType } from './ether-type.ts'
import { available, frame, STOP_UNSUPPORTED, stop, stopShort } from './frame.ts'
import { LAYER_GRE } from './layers.ts'

export const FLAGS = 0
export const PROTOCOL_TYPE = 2
export const GRE_MIN_HEADER_LEN = 4

export const CHECKSUM_PRESENT = 0x8000
export const ROUTING_PRESENT = 0x4000
export const KEY_PRESENT = 0x2000
export const SEQUENCE_PRESENT = 0x1000
export const ACKNOWLEDGMENT_PRESENT = 0x0080
export const VERSION_MASK = 0x0007

/** Length of a GRE header with these flags. */
export function greHeaderLength(flags: i32): i32 {
  let length: i32 = GRE_MIN_HEADER_LEN
  if ((flags & CHECKSUM_PRESENT) !== 0) length += 4
  if ((flags & KEY_PRESENT) !== 0) length += 4
  if ((flags & SEQUENCE_PRESENT) !== 0) length += 4
  if ((flags & VERSION_MASK) === 1 && (flags & ACKNOWLEDGMENT_PRESENT) !== 0) length += 4
  return length
}

export function decodeGre(): i32 {
  const at = frame.at
  if (available() < GRE_MIN_HEADER_LEN) return stopShort(LAYER_GRE, GRE_MIN_HEADER_LEN)
  const flags = read16(at + FLAGS)
  const length = greHeaderLength(flags)
  if ((flags & VERSION_MASK) > 1 || (flags & ROUTING_PRESENT) !== 0) return stop(STOP_UNSUPPORTED, LAYER_GRE, length)
  if (available() < length) return stopShort(LAYER_GRE, length)
  frame.at = at + length
  return layerOfTunnelledEtherType(read16(at + PROTOCOL_TYPE))
}
