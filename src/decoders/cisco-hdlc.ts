/** Cisco HDLC, LINKTYPE_C_HDLC (104): address, control, EtherType (RFC 1547 §4.3.1). */
import { read16 } from './bytes.ts'
import { layerOfEtherType } from './ether-type.ts'
import { available, foundEtherType, frame, stopShort } from './frame.ts'
import { LAYER_CISCO_HDLC } from './layers.ts'

export const ADDRESS = 0
export const CONTROL = 1
export const TYPE = 2
export const CISCO_HDLC_HEADER_LEN = 4

export function decodeCiscoHdlc(): i32 {
  if (available() < CISCO_HDLC_HEADER_LEN) return stopShort(LAYER_CISCO_HDLC, CISCO_HDLC_HEADER_LEN)
  const type = read16(frame.at + TYPE)
  frame.at += CISCO_HDLC_HEADER_LEN
  foundEtherType(type)
  return layerOfEtherType(type)
}
