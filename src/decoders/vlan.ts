/**
 * IEEE 802.1Q and 802.1ad tags, any number of them.
 *
 *      0      2      4
 *     +------+------+        TCI: 3 bits priority, 1 bit drop eligible, 12 bits VLAN identifier.
 *     | TCI  | type |        type: as in the Ethernet header, so tags stack.
 *     +------+------+
 */
import { read16 } from './bytes.ts'
import { layerOfTypeOrLength } from './ethernet.ts'
import { available, frame, stopShort } from './frame.ts'
import { LAYER_VLAN } from './layers.ts'

export const TCI = 0
export const TYPE = 2
export const VLAN_TAG_LEN = 4
export const VID_MASK = 0x0fff

export function decodeVlan(): i32 {
  if (available() < VLAN_TAG_LEN) return stopShort(LAYER_VLAN, VLAN_TAG_LEN)
  const key = (read16(frame.at + TCI) & VID_MASK) + 1
  if (frame.vlan === 0) frame.vlan = key
  else if (frame.vlan < 0x10000) frame.vlan |= key << 16
  const type = read16(frame.at + TYPE)
  frame.at += VLAN_TAG_LEN
  return layerOfTypeOrLength(type)
}
