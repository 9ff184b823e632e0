/** GRE header bytes → {@link GreHeader}. */
import { read16 } from '../bytes.ts'
import {
  ACKNOWLEDGMENT_PRESENT,
  CHECKSUM_PRESENT,
  FLAGS,
  GRE_MIN_HEADER_LEN,
  greHeaderLength,
  KEY_PRESENT,
  PROTOCOL_TYPE,
  SEQUENCE_PRESENT,
  VERSION_MASK,
} from '../gre.ts'
import type { Header } from './header.ts'
import { readUnsigned32 } from './read-bytes.ts'

/** RFC 2784 and 2890; version 1 is that of PPTP, RFC 2637 §4.1. A field that the header does not have is null. */
export interface GreHeader extends Header<'gre'> {
  /** 0, or 1 for the enhanced GRE of PPTP, whose key is payload length and call id. */
  readonly version: number
  /** Flags and version as one number. */
  readonly flags: number
  /** An EtherType. */
  readonly protocolType: number
  /** null where the flags say that there is none. */
  readonly checksum: number | null
  readonly key: number | null
  readonly sequenceNumber: number | null
  readonly acknowledgmentNumber: number | null
}

export function readGreHeader(at: number): GreHeader {
  const flags = read16(at + FLAGS)
  const version = flags & VERSION_MASK
  // Each field that is there takes four bytes, in this order.
  let next = at + GRE_MIN_HEADER_LEN
  const take = (isPresent: boolean): number | null => {
    if (!isPresent) return null
    next += 4
    return readUnsigned32(next - 4)
  }
  const checksum = take((flags & CHECKSUM_PRESENT) !== 0)
  const key = take((flags & KEY_PRESENT) !== 0)
  const sequenceNumber = take((flags & SEQUENCE_PRESENT) !== 0)
  const acknowledgmentNumber = take(version === 1 && (flags & ACKNOWLEDGMENT_PRESENT) !== 0)
  return {
    layer: 'gre',
    offset: at,
    headerLength: greHeaderLength(flags),
    version,
    flags,
    protocolType: read16(at + PROTOCOL_TYPE),
    // The lower half of its word is reserved (RFC 2784 §2.1).
    checksum: checksum === null ? null : checksum >>> 16,
    key,
    sequenceNumber,
    acknowledgmentNumber,
  }
}
