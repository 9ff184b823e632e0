/** SCTP, DCCP and UDP-Lite: ports and the few fixed fields beside them. */
import { read8, read16 } from '../bytes.ts'
import {
  DCCP_DATA_OFFSET,
  DESTINATION_PORT,
  SCTP_CHECKSUM,
  SCTP_HEADER_LEN,
  SCTP_VERIFICATION_TAG,
  SOURCE_PORT,
  UDP_LITE_CHECKSUM,
  UDP_LITE_CHECKSUM_COVERAGE,
  UDP_LITE_HEADER_LEN,
} from '../ports.ts'
import type { Header } from './header.ts'
import { readUnsigned32 } from './read-bytes.ts'

/** RFC 768, RFC 9260 §3.1, RFC 4340 §5.1: all begin with their ports. */
export interface Ports {
  readonly sourcePort: number
  readonly destinationPort: number
}

/** RFC 9260 §3.1: the common header; the chunks behind it are payload. */
export interface SctpHeader extends Header<'sctp'>, Ports {
  readonly verificationTag: number
  /** CRC32c. */
  readonly checksum: number
}

/** RFC 4340 §5.1. */
export interface DccpHeader extends Header<'dccp'>, Ports {
  /** Header length in 4-byte words. */
  readonly dataOffset: number
}

/** RFC 3828 §3.1. */
export interface UdpLiteHeader extends Header<'udp-lite'>, Ports {
  /** Bytes that the checksum covers, from the header's start; 0: all. */
  readonly checksumCoverage: number
  readonly checksum: number
}

export function readSctpHeader(at: number): SctpHeader {
  return {
    layer: 'sctp',
    offset: at,
    headerLength: SCTP_HEADER_LEN,
    ...readPorts(at),
    verificationTag: readUnsigned32(at + SCTP_VERIFICATION_TAG),
    checksum: readUnsigned32(at + SCTP_CHECKSUM),
  }
}

export function readDccpHeader(at: number): DccpHeader {
  const dataOffset = read8(at + DCCP_DATA_OFFSET)
  return { layer: 'dccp', offset: at, headerLength: dataOffset << 2, ...readPorts(at), dataOffset }
}

export function readUdpLiteHeader(at: number): UdpLiteHeader {
  return {
    layer: 'udp-lite',
    offset: at,
    headerLength: UDP_LITE_HEADER_LEN,
    ...readPorts(at),
    checksumCoverage: read16(at + UDP_LITE_CHECKSUM_COVERAGE),
    checksum: read16(at + UDP_LITE_CHECKSUM),
  }
}

function readPorts(at: number): Ports {
  return { sourcePort: read16(at + SOURCE_PORT), destinationPort: read16(at + DESTINATION_PORT) }
}
