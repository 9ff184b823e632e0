/**
 * PPPoE session, RFC 2516 §4.
 *
 *      0              1      2            4        6
 *     +--------------+------+------------+--------+---- - -
 *     | version,type | code | session id | length | PPP
 *     +--------------+------+------------+--------+---- - -
 */
import { read16 } from './bytes.ts'
import { available, frame, LIMIT_PPPOE_LENGTH, narrow, stopShort } from './frame.ts'
import { LAYER_PPP, LAYER_PPPOE } from './layers.ts'

export const VERSION_TYPE = 0
export const CODE = 1
export const SESSION_ID = 2
export const LENGTH = 4
export const PPPOE_HEADER_LEN = 6

export function decodePppoe(): i32 {
  if (available() < PPPOE_HEADER_LEN) return stopShort(LAYER_PPPOE, PPPOE_HEADER_LEN)
  const length = read16(frame.at + LENGTH)
  frame.at += PPPOE_HEADER_LEN
  narrow(frame.at + length, LIMIT_PPPOE_LENGTH)
  return LAYER_PPP
}
