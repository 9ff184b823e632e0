/** PPPoE session header bytes → {@link PppoeHeader}. */
import { read8, read16 } from '../bytes.ts'
import { CODE, LENGTH, PPPOE_HEADER_LEN, SESSION_ID, VERSION_TYPE } from '../pppoe.ts'
import type { Header } from './header.ts'

/** RFC 2516 §4. */
export interface PppoeHeader extends Header<'pppoe'> {
  readonly version: number
  readonly type: number
  readonly code: number
  readonly sessionId: number
  readonly length: number
}

export function readPppoeHeader(at: number): PppoeHeader {
  const versionType = read8(at + VERSION_TYPE)
  return {
    layer: 'pppoe',
    offset: at,
    headerLength: PPPOE_HEADER_LEN,
    version: versionType >> 4,
    type: versionType & 15,
    code: read8(at + CODE),
    sessionId: read16(at + SESSION_ID),
    length: read16(at + LENGTH),
  }
}
