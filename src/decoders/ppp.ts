/**
 * PPP, RFC 1661, with HDLC-like framing of RFC 1662: address and control bytes ff 03 may be left out, and a protocol
 * number may be compressed to one byte, which is then odd (RFC 1661 §6.5).
 */
import { read8, read16 } from './bytes.ts'
import { available, frame, STOP_UNSUPPORTED, stop, stopShort } from './frame.ts'
import { LAYER_CISCO_HDLC, LAYER_IPV4, LAYER_IPV6, LAYER_MPLS, LAYER_PPP, LAYER_PPP_WITH_DIRECTION } from './layers.ts'

const ADDRESS = 0xff
export const ADDRESS_AND_CONTROL = 0xff03
const PPP_IPV4 = 0x0021
const PPP_IPV6 = 0x0057
const PPP_MPLS = 0x0281

/** First byte of a Cisco HDLC frame: unicast or broadcast (RFC 1547 §4.3.1). LINKTYPE_PPP_HDLC (50) files mix both. */
const CISCO_UNICAST = 0x0f
const CISCO_BROADCAST = 0x8f

export function decodePpp(): i32 {
  if (available() >= 2 && read16(frame.at) === ADDRESS_AND_CONTROL) frame.at += 2
  if (available() < 1) return stopShort(LAYER_PPP, 1)
  let protocol = read8(frame.at)
  // No protocol number is ff (RFC 1661 §2): it is an address whose control byte is missing.
  if (protocol === ADDRESS && available() === 1) return stopShort(LAYER_PPP, 2)
  let length = 1
  if ((protocol & 1) === 0) {
    if (available() < 2) return stopShort(LAYER_PPP, 2)
    protocol = read16(frame.at)
    length = 2
  }
  if (protocol !== PPP_IPV4 && protocol !== PPP_IPV6 && protocol !== PPP_MPLS) {
    return stop(STOP_UNSUPPORTED, LAYER_PPP, length)
  }
  frame.at += length
  if (protocol === PPP_IPV4) return LAYER_IPV4
  return protocol === PPP_IPV6 ? LAYER_IPV6 : LAYER_MPLS
}

/** LINKTYPE_PPP_HDLC: PPP, or Cisco HDLC where the first byte says so. */
export function decodePppHdlc(): i32 {
  if (available() < 1) return stopShort(LAYER_PPP, 1)
  const first = read8(frame.at)
  return first === CISCO_UNICAST || first === CISCO_BROADCAST ? LAYER_CISCO_HDLC : LAYER_PPP
}

/** LINKTYPE_PPP_WITH_DIR (204): one byte in front, 0 received, other values sent. */
export function decodePppWithDirection(): i32 {
  if (available() < 1) return stopShort(LAYER_PPP_WITH_DIRECTION, 1)
  frame.at += 1
  return LAYER_PPP
}
