/**
 * Teredo, RFC 4380 §5.1.1: an IPv6 packet in UDP, with up to two indicators in front of it.
 * 0x0001 authentication: client id length at 2, authentication value length at 3, both values, a nonce of 8 and a
 * confirmation byte. 0x0000 origin: eight bytes in all.
 */
import { read8, read16 } from './bytes.ts'
import { available, frame, LIMIT_CAPTURE, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { LAYER_IPV6, LAYER_NONE, LAYER_TEREDO } from './layers.ts'

export const AUTHENTICATION = 1
export const AUTHENTICATION_MIN_LEN = 13
export const CLIENT_ID_LENGTH = 2
export const VALUE_LENGTH = 3
export const ORIGIN = 0
export const ORIGIN_LEN = 8
export const ORIGIN_PORT = 2
export const ORIGIN_ADDRESS = 4
const INDICATOR_LEN = 2

export function decodeTeredo(): i32 {
  if (available() === 0 && frame.limit !== LIMIT_CAPTURE) return LAYER_NONE
  if (available() < INDICATOR_LEN) return stopShort(LAYER_TEREDO, INDICATOR_LEN)
  if (read16(frame.at) === AUTHENTICATION) {
    if (available() < AUTHENTICATION_MIN_LEN) return stopShort(LAYER_TEREDO, AUTHENTICATION_MIN_LEN)
    const length = AUTHENTICATION_MIN_LEN + read8(frame.at + CLIENT_ID_LENGTH) + read8(frame.at + VALUE_LENGTH)
    if (available() < length + INDICATOR_LEN) return stopShort(LAYER_TEREDO, length + INDICATOR_LEN)
    frame.at += length
  }
  if (read16(frame.at) === ORIGIN) {
    if (available() < ORIGIN_LEN + 1) return stopShort(LAYER_TEREDO, ORIGIN_LEN + 1)
    frame.at += ORIGIN_LEN
  }
  if (read8(frame.at) >> 4 !== 6) return stop(STOP_MALFORMED, LAYER_TEREDO, INDICATOR_LEN)
  return LAYER_IPV6
}
