/** VXLAN header bytes → {@link VxlanHeader}. */
import { read8 } from '../bytes.ts'
import { FLAGS, VNI, VXLAN_HEADER_LEN } from '../vxlan.ts'
import type { Header } from './header.ts'
import { readUpper24 } from './read-bytes.ts'

/** RFC 7348 §5. */
export interface VxlanHeader extends Header<'vxlan'> {
  readonly flags: number
  /** VXLAN network identifier. */
  readonly vni: number
}

export function readVxlanHeader(at: number): VxlanHeader {
  return {
    layer: 'vxlan',
    offset: at,
    headerLength: VXLAN_HEADER_LEN,
    flags: read8(at + FLAGS),
    vni: readUpper24(at + VNI),
  }
}
