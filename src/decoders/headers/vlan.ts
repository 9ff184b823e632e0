/** 802.1Q or 802.1ad tag → {@link VlanTag}. */
import { read16 } from '../bytes.ts'
import { TCI, TYPE, VID_MASK, VLAN_TAG_LEN } from '../vlan.ts'
import { readTypeOrLength, type TypeOrLength } from './ethernet.ts'
import type { Header } from './header.ts'

/** IEEE 802.1Q-2018 §9.6. */
export interface VlanTag extends Header<'vlan'>, TypeOrLength {
  /** Priority code point. */
  readonly pcp: number
  /** Drop eligible indicator. */
  readonly dei: boolean
  /** VLAN identifier. */
  readonly vid: number
}

export function readVlanTag(at: number): VlanTag {
  const tci = read16(at + TCI)
  return {
    layer: 'vlan',
    offset: at,
    headerLength: VLAN_TAG_LEN,
    pcp: tci >> 13,
    dei: (tci & 0x1000) !== 0,
    vid: tci & VID_MASK,
    ...readTypeOrLength(at + TYPE),
  }
}
