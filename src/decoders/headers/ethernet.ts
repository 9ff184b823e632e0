/** Ethernet header bytes → {@link EthernetHeader}. */
import { read16 } from '../bytes.ts'
import { DESTINATION, ETHERNET_HEADER_LEN, MAX_LENGTH_FIELD, SOURCE, TYPE } from '../ethernet.ts'
import type { Header } from './header.ts'
import { readMac } from './read-bytes.ts'

/** The last field of an Ethernet header or VLAN tag, IEEE 802.3-2018 §3.2.6: one of the two is null. */
export interface TypeOrLength {
  /** EtherType (Ethernet II). */
  readonly etherType: number | null
  /** Bytes of the LLC frame (IEEE 802.3). */
  readonly length: number | null
}

/** IEEE 802.3-2018 §3.1.1. Addresses as text, `02:00:c0:a8:01:14`. */
export interface EthernetHeader extends Header<'ethernet'>, TypeOrLength {
  readonly destination: string
  readonly source: string
}

export function readEthernetHeader(at: number): EthernetHeader {
  return {
    layer: 'ethernet',
    offset: at,
    headerLength: ETHERNET_HEADER_LEN,
    destination: readMac(at + DESTINATION),
    source: readMac(at + SOURCE),
    ...readTypeOrLength(at + TYPE),
  }
}

export function readTypeOrLength(at: number): TypeOrLength {
  const type = read16(at)
  return type <= MAX_LENGTH_FIELD ? { etherType: null, length: type } : { etherType: type, length: null }
}
