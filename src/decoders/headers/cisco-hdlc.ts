/** Cisco HDLC header bytes → {@link CiscoHdlcHeader}. */
import { read8, read16 } from '../bytes.ts'
import { ADDRESS, CISCO_HDLC_HEADER_LEN, CONTROL, TYPE } from '../cisco-hdlc.ts'
import type { Header } from './header.ts'

/** Cisco HDLC, as RFC 1547 §4.3.1 has it. */
export interface CiscoHdlcHeader extends Header<'cisco-hdlc'> {
  readonly address: number
  readonly control: number
  readonly etherType: number
}

export function readCiscoHdlcHeader(at: number): CiscoHdlcHeader {
  return {
    layer: 'cisco-hdlc',
    offset: at,
    headerLength: CISCO_HDLC_HEADER_LEN,
    address: read8(at + ADDRESS),
    control: read8(at + CONTROL),
    etherType: read16(at + TYPE),
  }
}
