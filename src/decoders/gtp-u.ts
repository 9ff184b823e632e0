/**
 * GTP-U version 1, 3GPP TS 29.281 §5.1.
 *
 *      0                    1              2          4        8          10       11          12
 *     +----+--+-+-+--+--+--+--------------+----------+--------+----------+--------+-----------+---- - -
 *     |ver |PT|-|E|S |PN|  | message type | length   |  TEID  | sequence | N-PDU  | next ext. |
 *     +----+--+-+-+--+--+--+--------------+----------+--------+----------+--------+-----------+---- - -
 *
 * Bytes 8 to 11 are there when any of E, S, PN is set. `length` counts what follows the first eight bytes. Only message
 * type 255 (G-PDU) carries a packet. An extension header states its length in 4-byte units in its first byte and names the
 * next one in its last (§5.2.1).
 */
import { read8, read16 } from './bytes.ts'
import {
  available,
  frame,
  LIMIT_GTP_LENGTH,
  narrow,
  STOP_MALFORMED,
  STOP_UNSUPPORTED,
  stop,
  stopShort,
} from './frame.ts'
import { LAYER_GTP_U, LAYER_NONE, LAYER_RAW_IP } from './layers.ts'

export const FLAGS = 0
export const MESSAGE_TYPE = 1
export const LENGTH = 2
export const TEID = 4
export const SEQUENCE_NUMBER = 8
export const N_PDU_NUMBER = 10
export const NEXT_EXTENSION = 11
export const GTP_U_MIN_HEADER_LEN = 8
export const LONG_HEADER_LEN = 12

export const MESSAGE_G_PDU = 255
export const HAS_EXTENSION = 0x04
export const HAS_SEQUENCE_NUMBER = 0x02
export const HAS_N_PDU_NUMBER = 0x01
export const HAS_OPTIONAL_FIELDS = 0x07

export function decodeGtpU(): i32 {
  const at = frame.at
  if (available() < GTP_U_MIN_HEADER_LEN) return stopShort(LAYER_GTP_U, GTP_U_MIN_HEADER_LEN)
  const flags = read8(at + FLAGS)
  if (flags >> 5 !== 1) return stop(STOP_UNSUPPORTED, LAYER_GTP_U, GTP_U_MIN_HEADER_LEN)
  narrow(at + GTP_U_MIN_HEADER_LEN + read16(at + LENGTH), LIMIT_GTP_LENGTH)
  let length: i32 = (flags & HAS_OPTIONAL_FIELDS) !== 0 ? LONG_HEADER_LEN : GTP_U_MIN_HEADER_LEN
  if (available() < length) return stopShort(LAYER_GTP_U, length)
  if (read8(at + MESSAGE_TYPE) !== MESSAGE_G_PDU) {
    frame.at = at + length
    return LAYER_NONE
  }
  let next: i32 = (flags & HAS_EXTENSION) !== 0 ? read8(at + NEXT_EXTENSION) : 0
  while (next !== 0) {
    if (available() < length + 1) return stopShort(LAYER_GTP_U, length + 1)
    const extension = read8(at + length) << 2
    if (extension === 0) return stop(STOP_MALFORMED, LAYER_GTP_U, length)
    length += extension
    if (available() < length) return stopShort(LAYER_GTP_U, length)
    next = read8(at + length - 1)
  }
  frame.at = at + length
  return LAYER_RAW_IP
}
