/**
 * An IP packet without link header: LINKTYPE_RAW (101, and 12 and 14 in old files), the inside of MPLS and GTP-U.
 * The version nibble says which (RFC 791 §3.1, RFC 8200 §3).
 */
import { read8 } from './bytes.ts'
import { available, frame, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { LAYER_IPV4, LAYER_IPV6, LAYER_RAW_IP } from './layers.ts'

export function decodeRawIp(): i32 {
  if (available() < 1) return stopShort(LAYER_RAW_IP, 1)
  const version = read8(frame.at) >> 4
  if (version === 4) return LAYER_IPV4
  if (version === 6) return LAYER_IPV6
  return stop(STOP_MALFORMED, LAYER_RAW_IP, 1)
}
