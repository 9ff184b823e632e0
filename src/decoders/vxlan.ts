/**
 * VXLAN, RFC 7348 §5: flags (0x08 says that the network identifier is valid), reserved, VNI, reserved; then Ethernet.
 */
import { read8 } from './bytes.ts'
import { available, frame, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { LAYER_ETHERNET, LAYER_VXLAN } from './layers.ts'

export const FLAGS = 0
/** Upper 24 bits of the 32 at this offset. */
export const VNI = 4
export const VXLAN_HEADER_LEN = 8
const VNI_VALID = 0x08

export function decodeVxlan(): i32 {
  if (available() < VXLAN_HEADER_LEN) return stopShort(LAYER_VXLAN, VXLAN_HEADER_LEN)
  if ((read8(frame.at + FLAGS) & VNI_VALID) === 0) return stop(STOP_MALFORMED, LAYER_VXLAN, VXLAN_HEADER_LEN)
  frame.at += VXLAN_HEADER_LEN
  return LAYER_ETHERNET
}
