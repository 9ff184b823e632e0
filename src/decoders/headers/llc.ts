/** LLC header bytes, with SNAP where it follows → {@link LlcHeader}. */
import { read8, read16 } from '../bytes.ts'
import {
  CONTROL,
  DSAP,
  LLC_HEADER_LEN,
  OUI,
  SAP_SNAP,
  SNAP_HEADER_LEN,
  SSAP,
  TYPE,
  UNNUMBERED_INFORMATION,
} from '../llc.ts'
import type { Header } from './header.ts'
import { readUpper24 } from './read-bytes.ts'

/** IEEE 802-2014 §9.2. */
export interface SnapHeader {
  readonly oui: number
  /** EtherType under the OUIs 0 and 0xf8, else a number of the OUI's owner. */
  readonly type: number
}

/** IEEE 802.2, and what SNAP adds to it; RFC 1042. */
export interface LlcHeader extends Header<'llc'> {
  readonly dsap: number
  readonly ssap: number
  /** One byte in unnumbered frames (low bits 11). Of the two bytes in others, the first. */
  readonly control: number
  readonly snap: SnapHeader | null
}

/** `end`: of the bytes there are. The walk does not ask for more than it follows, so SNAP is read only where it is whole. */
export function readLlcHeader(at: number, end: number): LlcHeader {
  const dsap = read8(at + DSAP)
  const ssap = read8(at + SSAP)
  const control = read8(at + CONTROL)
  const isSnap = dsap === SAP_SNAP && ssap === SAP_SNAP && control === UNNUMBERED_INFORMATION
  const length = isSnap ? SNAP_HEADER_LEN : (control & 3) === 3 ? LLC_HEADER_LEN : LLC_HEADER_LEN + 1
  return {
    layer: 'llc',
    offset: at,
    headerLength: Math.min(length, end - at),
    dsap,
    ssap,
    control,
    snap: isSnap ? { oui: readUpper24(at + OUI), type: read16(at + TYPE) } : null,
  }
}
