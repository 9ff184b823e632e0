/** UDP header bytes → {@link UdpHeader}. */
import { read16 } from '../bytes.ts'
import { DESTINATION_PORT, SOURCE_PORT } from '../ports.ts'
import { CHECKSUM, LENGTH, UDP_HEADER_LEN } from '../udp.ts'
import type { Header } from './header.ts'

/** RFC 768. */
export interface UdpHeader extends Header<'udp'> {
  readonly sourcePort: number
  readonly destinationPort: number
  /** Header and payload in bytes, as the header says; 0 in a jumbogram. */
  readonly length: number
  /** 0: none was computed. */
  readonly checksum: number
}

export function readUdpHeader(at: number): UdpHeader {
  return {
    layer: 'udp',
    offset: at,
    headerLength: UDP_HEADER_LEN,
    sourcePort: read16(at + SOURCE_PORT),
    destinationPort: read16(at + DESTINATION_PORT),
    length: read16(at + LENGTH),
    checksum: read16(at + CHECKSUM),
  }
}
