/** IPv4 header bytes → {@link Ipv4Header}. */
import { read8, read16 } from '../bytes.ts'
import {
  CHECKSUM,
  DESTINATION,
  FLAGS_FRAGMENT_OFFSET,
  FRAGMENT_OFFSET_MASK,
  IDENTIFICATION,
  IPV4_MIN_HEADER_LEN,
  PROTOCOL,
  SOURCE,
  TOS,
  TOTAL_LENGTH,
  TTL,
  VERSION_IHL,
} from '../ipv4.ts'
import type { Header } from './header.ts'
import { optionBytes, readOptions } from './options.ts'
import { readIpv4 } from './read-bytes.ts'

const DONT_FRAGMENT = 0x4000
const MORE_FRAGMENTS = 0x2000

/** RFC 791 §3.1, "Options". */
export interface Ipv4Option {
  /** Copied flag, class and number in one byte (IANA, IP option numbers). */
  readonly type: number
  /** Its data, behind type and length. */
  readonly bytes: Uint8Array
  /** Its length cannot be; `bytes` is the rest of the header. */
  readonly malformed: boolean
}

/** RFC 791 §3.1. Addresses as text. */
export interface Ipv4Header extends Header<'ipv4'> {
  /** Header length in 4-byte words. */
  readonly ihl: number
  /** Type of service: DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168). */
  readonly tos: number
  /** Header and payload in bytes, as the header says; 0 where a network card was to fill it in. */
  readonly totalLength: number
  readonly identification: number
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  /** In bytes. */
  readonly fragmentOffset: number
  readonly ttl: number
  readonly protocol: number
  readonly checksum: number
  readonly source: string
  readonly destination: string
  readonly options: readonly Ipv4Option[]
}

export function readIpv4Header(at: number): Ipv4Header {
  const ihl = read8(at + VERSION_IHL) & 15
  const headerLength = ihl << 2
  const fragment = read16(at + FLAGS_FRAGMENT_OFFSET)
  return {
    layer: 'ipv4',
    offset: at,
    headerLength,
    ihl,
    tos: read8(at + TOS),
    totalLength: read16(at + TOTAL_LENGTH),
    identification: read16(at + IDENTIFICATION),
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (fragment & FRAGMENT_OFFSET_MASK) << 3,
    ttl: read8(at + TTL),
    protocol: read8(at + PROTOCOL),
    checksum: read16(at + CHECKSUM),
    source: readIpv4(at + SOURCE),
    destination: readIpv4(at + DESTINATION),
    options: readOptions(at + IPV4_MIN_HEADER_LEN, at + headerLength).map((option) => ({
      type: option.kind,
      bytes: optionBytes(option),
      malformed: option.malformed,
    })),
  }
}
