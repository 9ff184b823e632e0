/** ICMPv6 header bytes → {@link Icmpv6Header}. Types: IANA, ICMPv6 "type" Numbers, 2025-10. */
import { read8, read16 } from '../bytes.ts'
import { BODY, CHECKSUM, CODE, ICMPV6_HEADER_LEN, TYPE } from '../icmpv6.ts'
import type { Header } from './header.ts'
import { IPV6_LENGTH, readIpv6, readUnsigned32 } from './read-bytes.ts'

const PACKET_TOO_BIG = 2
const PARAMETER_PROBLEM = 4
const ECHO_REQUEST = 128
const ECHO_REPLY = 129
const NEIGHBOR_SOLICITATION = 135
const NEIGHBOR_ADVERTISEMENT = 136
const REDIRECT = 137
/** The target address stands behind four bytes that are reserved, or flags (RFC 4861 §4.3 to §4.5). */
const TARGET = BODY + 4

/** RFC 4443 §2.1. */
export interface Icmpv6Header extends Header<'icmpv6'> {
  readonly type: number
  readonly code: number
  readonly checksum: number
  /** These belong to the message body, which starts behind the header's four bytes. null: not of this type, or cut off. */
  readonly identifier: number | null
  readonly sequenceNumber: number | null
  readonly mtu: number | null
  readonly pointer: number | null
  /** Of neighbor solicitations, advertisements and redirects. */
  readonly targetAddress: string | null
}

/** `end`: of the bytes there are, which the walk has checked for the first four only. */
export function readIcmpv6Header(at: number, end: number): Icmpv6Header {
  const type = read8(at + TYPE)
  const hasWord = at + BODY + 4 <= end
  const isEcho = hasWord && (type === ECHO_REQUEST || type === ECHO_REPLY)
  const hasTarget =
    at + TARGET + IPV6_LENGTH <= end &&
    (type === NEIGHBOR_SOLICITATION || type === NEIGHBOR_ADVERTISEMENT || type === REDIRECT)
  return {
    layer: 'icmpv6',
    offset: at,
    headerLength: ICMPV6_HEADER_LEN,
    type,
    code: read8(at + CODE),
    checksum: read16(at + CHECKSUM),
    identifier: isEcho ? read16(at + BODY) : null,
    sequenceNumber: isEcho ? read16(at + BODY + 2) : null,
    mtu: hasWord && type === PACKET_TOO_BIG ? readUnsigned32(at + BODY) : null,
    pointer: hasWord && type === PARAMETER_PROBLEM ? readUnsigned32(at + BODY) : null,
    targetAddress: hasTarget ? readIpv6(at + TARGET) : null,
  }
}
