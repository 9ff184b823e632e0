/**
 * IEEE 802.2 LLC with SNAP (RFC 1042), as 802.3, 802.11 and Linux "cooked" captures carry it.
 *
 *      0      1      2      3              6      8
 *     +------+------+------+--------------+------+
 *     | DSAP | SSAP | ctrl |     OUI      | type |        SNAP: DSAP and SSAP 0xaa, control 3
 *     +------+------+------+--------------+------+
 *
 * Two OUIs put an EtherType into `type`: 00-00-00 (RFC 1042) and 00-00-f8 (IEEE 802.1H bridge tunnel).
 * SAP 0x06 is IPv4 directly behind LLC, which RFC 1042 allows and old equipment sends.
 */
import { read8, read16 } from './bytes.ts'
import { layerOfEtherType } from './ether-type.ts'
import { available, foundEtherType, frame, stopShort } from './frame.ts'
import { LAYER_IPV4, LAYER_LLC, LAYER_NONE } from './layers.ts'

export const DSAP = 0
export const SSAP = 1
export const CONTROL = 2
export const OUI = 3
export const TYPE = 6
export const LLC_HEADER_LEN = 3
export const SNAP_HEADER_LEN = 8

export const SAP_SNAP = 0xaa
const SAP_IPV4 = 0x06
export const UNNUMBERED_INFORMATION = 3
const OUI_BRIDGE_TUNNEL = 0xf8

export function decodeLlc(): i32 {
  if (available() < LLC_HEADER_LEN) return stopShort(LAYER_LLC, LLC_HEADER_LEN)
  const at = frame.at
  const saps = read16(at + DSAP)
  if (read8(at + CONTROL) !== UNNUMBERED_INFORMATION) return LAYER_NONE
  if (saps === ((SAP_IPV4 << 8) | SAP_IPV4)) {
    frame.at = at + LLC_HEADER_LEN
    return LAYER_IPV4
  }
  if (saps !== ((SAP_SNAP << 8) | SAP_SNAP)) return LAYER_NONE
  if (available() < SNAP_HEADER_LEN) return stopShort(LAYER_LLC, SNAP_HEADER_LEN)
  if (read16(at + OUI) !== 0) return LAYER_NONE
  const ouiLast = read8(at + OUI + 2)
  if (ouiLast !== 0 && ouiLast !== OUI_BRIDGE_TUNNEL) return LAYER_NONE
  const type = read16(at + TYPE)
  frame.at = at + SNAP_HEADER_LEN
  foundEtherType(type)
  return layerOfEtherType(type)
}
