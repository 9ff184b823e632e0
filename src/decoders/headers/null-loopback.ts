/** The four bytes of BSD loopback → {@link NullHeader}, {@link LoopHeader}. */
import { familyInEitherOrder, LOOPBACK_HEADER_LEN } from '../null-loopback.ts'
import type { Header } from './header.ts'
import { readUnsigned32 } from './read-bytes.ts'

/** LINKTYPE_NULL: the family in the byte order of the machine that captured. */
export interface NullHeader extends Header<'null'> {
  /** Address family of the system that captured: 2 is IPv4 everywhere, the numbers of IPv6 differ. */
  readonly family: number
}

/** LINKTYPE_LOOP: the family in network byte order. */
export interface LoopHeader extends Header<'loop'> {
  readonly family: number
}

export function readNullHeader(at: number): NullHeader {
  return { layer: 'null', offset: at, headerLength: LOOPBACK_HEADER_LEN, family: familyInEitherOrder(at) >>> 0 }
}

export function readLoopHeader(at: number): LoopHeader {
  return { layer: 'loop', offset: at, headerLength: LOOPBACK_HEADER_LEN, family: readUnsigned32(at) }
}
