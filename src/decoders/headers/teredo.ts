/** The indicators in front of a Teredo packet → {@link TeredoHeader}. */

import { formatAddress } from '../address-text.ts'
import { read8, read16 } from '../bytes.ts'
import {
  AUTHENTICATION,
  AUTHENTICATION_MIN_LEN,
  CLIENT_ID_LENGTH,
  ORIGIN,
  ORIGIN_ADDRESS,
  ORIGIN_LEN,
  ORIGIN_PORT,
  VALUE_LENGTH,
} from '../teredo.ts'
import type { Header } from './header.ts'
import { IPV4_LENGTH, readBytes } from './read-bytes.ts'

/** Whom the server got the packet from, RFC 4380 §5.1.1. */
export interface TeredoOrigin {
  readonly address: string
  readonly port: number
}

/** RFC 4380 §5.1.1: what may stand between UDP and IPv6. */
export interface TeredoHeader extends Header<'teredo'> {
  /** An authentication indicator is there. */
  readonly authentication: boolean
  readonly origin: TeredoOrigin | null
}

export function readTeredoHeader(at: number): TeredoHeader {
  let next = at
  const authentication = read16(next) === AUTHENTICATION
  if (authentication) next += AUTHENTICATION_MIN_LEN + read8(next + CLIENT_ID_LENGTH) + read8(next + VALUE_LENGTH)
  const hasOrigin = read16(next) === ORIGIN
  const origin = hasOrigin ? readOrigin(next) : null
  if (hasOrigin) next += ORIGIN_LEN
  return { layer: 'teredo', offset: at, headerLength: next - at, authentication, origin }
}

/** Every bit is sent inverted, so that no address translator on the way rewrites it (RFC 4380 §5.1.1). */
function readOrigin(at: number): TeredoOrigin {
  const inverted = readBytes(at + ORIGIN_ADDRESS, at + ORIGIN_ADDRESS + IPV4_LENGTH)
  return { address: formatAddress(inverted.map((byte) => ~byte)), port: ~read16(at + ORIGIN_PORT) & 0xffff }
}
