/** ICMP header bytes → {@link IcmpHeader}. Types: IANA, ICMP Type Numbers, 2025-10. */
import { read8, read16 } from '../bytes.ts'
import { CHECKSUM, CODE, ICMP_HEADER_LEN, REST, TYPE } from '../icmp.ts'
import type { Header } from './header.ts'
import { readIpv4 } from './read-bytes.ts'

/** Echo reply and request (RFC 792), timestamp and information, address mask (RFC 950): they number their messages. */
const NUMBERED_TYPES = new Set([0, 8, 13, 14, 15, 16, 17, 18])
const DESTINATION_UNREACHABLE = 3
const FRAGMENTATION_NEEDED = 4
const REDIRECT = 5
const PARAMETER_PROBLEM = 12

/** RFC 792. */
export interface IcmpHeader extends Header<'icmp'> {
  readonly type: number
  readonly code: number
  readonly checksum: number
  /** null where the type has none. */
  readonly identifier: number | null
  readonly sequenceNumber: number | null
  /** Next-hop MTU, where fragmentation was needed (RFC 1191 §4). */
  readonly mtu: number | null
  /** Better router, of a redirect. */
  readonly gateway: string | null
  /** Byte of the quoted header that is wrong, of a parameter problem. */
  readonly pointer: number | null
}

export function readIcmpHeader(at: number): IcmpHeader {
  const type = read8(at + TYPE)
  const code = read8(at + CODE)
  const isNumbered = NUMBERED_TYPES.has(type)
  return {
    layer: 'icmp',
    offset: at,
    headerLength: ICMP_HEADER_LEN,
    type,
    code,
    checksum: read16(at + CHECKSUM),
    identifier: isNumbered ? read16(at + REST) : null,
    sequenceNumber: isNumbered ? read16(at + REST + 2) : null,
    mtu: type === DESTINATION_UNREACHABLE && code === FRAGMENTATION_NEEDED ? read16(at + REST + 2) : null,
    gateway: type === REDIRECT ? readIpv4(at + REST) : null,
    pointer: type === PARAMETER_PROBLEM ? read8(at + REST) : null,
  }
}
