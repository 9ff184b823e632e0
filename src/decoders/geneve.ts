/**
 * Geneve, RFC 8926 §3.4.
 *
 *      0                  1            2               4            7          8
 *     +---+--------------+------------+---------------+------------+----------+---- - -
 *     |ver| options len  | O,C, resvd | protocol type |    VNI     | reserved | options
 *     +---+--------------+------------+---------------+------------+----------+---- - -
 *
 * The options length counts 4-byte words.
 */
import { read8, read16 } from './bytes.ts'
import { layerOfTunnelledEtherType } from './ether-type.ts'
import { available, frame, STOP_UNSUPPORTED, stop, stopShort } from './frame.ts'
import { LAYER_GENEVE } from './layers.ts'

export const VERSION_OPTIONS_LENGTH = 0
export const FLAGS = 1
export const PROTOCOL_TYPE = 2
/** Upper 24 bits of the 32 at this offset. */
export const VNI = 4
export const GENEVE_MIN_HEADER_LEN = 8
export const OPTIONS_LENGTH_MASK = 0x3f
export const CONTROL_PACKET = 0x80
export const CRITICAL_OPTIONS = 0x40

export function decodeGeneve(): i32 {
  const at = frame.at
  if (available() < GENEVE_MIN_HEADER_LEN) return stopShort(LAYER_GENEVE, GENEVE_MIN_HEADER_LEN)
  const first = read8(at + VERSION_OPTIONS_LENGTH)
  if (first >> 6 !== 0) return stop(STOP_UNSUPPORTED, LAYER_GENEVE, GENEVE_MIN_HEADER_LEN)
  const length = GENEVE_MIN_HEADER_LEN + ((first & OPTIONS_LENGTH_MASK) << 2)
  if (available() < length) return stopShort(LAYER_GENEVE, length)
  frame.at = at + length
  return layerOfTunnelledEtherType(read16(at + PROTOCOL_TYPE))
}
