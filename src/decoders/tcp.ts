/**
 * TCP, RFC 9293 §3.1.
 *
 *      0               1               2               4 bytes
 *     +---------------+---------------+---------------+---------------+
 *     |          source port          |       destination port        |
 *     +-------------------------------+-------------------------------+
 *     |                        sequence number                        |
 *     |                     acknowledgment number                     |
 *     +-------+-------+---------------+-------------------------------+
 *     |offset | resvd |     flags     |            window             |
 *     +-------+-------+---------------+-------------------------------+
 *     |           checksum            |        urgent pointer         |
 *     +-------------------------------+-------------------------------+
 *     |         options, up to offset × 4 bytes from the start        |
 */
import { read8 } from './bytes.ts'
import { available, frame, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { foundPayload } from './ip-protocol.ts'
import { LAYER_NONE, LAYER_TCP } from './layers.ts'
import { foundPorts } from './ports.ts'

export const SEQUENCE_NUMBER = 4
export const ACKNOWLEDGMENT_NUMBER = 8
/** Upper 4 of 16 bits; the lower 12 are flags. */
export const DATA_OFFSET = 12
export const WINDOW = 14
export const CHECKSUM = 16
export const URGENT_POINTER = 18
export const TCP_MIN_HEADER_LEN = 20

export function decodeTcp(): i32 {
  foundPorts()
  if (available() < TCP_MIN_HEADER_LEN) return stopShort(LAYER_TCP, TCP_MIN_HEADER_LEN)
  const headerLength = (read8(frame.at + DATA_OFFSET) >> 4) << 2
  if (headerLength < TCP_MIN_HEADER_LEN) return stop(STOP_MALFORMED, LAYER_TCP, TCP_MIN_HEADER_LEN)
  foundPayload(frame.at + headerLength)
  if (available() < headerLength) return stopShort(LAYER_TCP, headerLength)
  frame.at += headerLength
  return LAYER_NONE
}
