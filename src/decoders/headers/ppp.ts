/** PPP header bytes → {@link PppHeader}, and the byte in front of it → {@link PppDirectionHeader}. */
import { read8, read16 } from '../bytes.ts'
import { ADDRESS_AND_CONTROL } from '../ppp.ts'
import type { Header } from './header.ts'

/** RFC 1662 §3.1. */
export interface PppHeader extends Header<'ppp'> {
  /** Address ff and control 03 are there (RFC 1662); they may be left out. */
  readonly addressAndControl: boolean
  /** IANA PPP DLL protocol number, whether it was sent in two bytes or in one. */
  readonly protocol: number
}

/** LINKTYPE_PPP_WITH_DIR: one byte in front of PPP. */
export interface PppDirectionHeader extends Header<'ppp-with-direction'> {
  readonly direction: 'received' | 'sent'
}

/** The protocol number at `at` must be whole. */
export function readPppHeader(at: number, end: number): PppHeader {
  const addressAndControl = end - at >= 2 && read16(at) === ADDRESS_AND_CONTROL
  const protocolAt = addressAndControl ? at + 2 : at
  const first = read8(protocolAt)
  const isCompressed = (first & 1) === 1
  return {
    layer: 'ppp',
    offset: at,
    headerLength: protocolAt - at + (isCompressed ? 1 : 2),
    addressAndControl,
    protocol: isCompressed ? first : read16(protocolAt),
  }
}

export function readPppDirectionHeader(at: number): PppDirectionHeader {
  const direction = read8(at) === 0 ? 'received' : 'sent'
  return { layer: 'ppp-with-direction', offset: at, headerLength: 1, direction }
}
