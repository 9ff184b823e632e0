/** The first bytes of a capture → the `globalHeader` of npm pcap-parser. */
import type { CaptureInterface } from '../capture/parser.ts'

/** A pcap file header (draft-ietf-opsawg-pcap §4) has 24 bytes; of a pcapng Section Header as many are of use. */
export const GLOBAL_HEADER_LENGTH = 24

/** pcap: the file header as it stands. pcapng, which has no such header: see each field. */
export interface GlobalHeader {
  /** 0xa1b2c3d4 in either byte order; 0xa1b23c4d with nanoseconds; 0xa1b2cd34 the modified form. pcapng: 0x0a0d0d0a. */
  magicNumber: number
  /** pcapng: version of the first section, 1.0 as a rule. */
  majorVersion: number
  /** The second half of the version: 4 of 2.4. */
  minorVersion: number
  /** pcapng: 0. */
  gmtOffset: number
  /** pcapng: 0. */
  timestampAccuracy: number
  /** pcapng: of the first interface, where 0 is no limit; 0 without any interface. */
  snapshotLength: number
  /** All 32 bits, with what pcap keeps above the link type. pcapng: of the first interface; others may differ from it. */
  linkLayerType: number
}

const PCAPNG_SECTION_HEADER = 0x0a0d0d0a
const PCAPNG_BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** Each form of pcap has its magic start with these. */
const PCAP_MAGIC_HIGH_HALF = 0xa1b2

/** `start`: the first bytes of a capture whose header was found sound. `first`: its first interface, if it has one. */
export function readGlobalHeader(start: Uint8Array, first: CaptureInterface | undefined): GlobalHeader {
  const view = new DataView(start.buffer, start.byteOffset, GLOBAL_HEADER_LENGTH)
  if (view.getUint32(0) === PCAPNG_SECTION_HEADER) {
    const little = view.getUint32(8, true) === PCAPNG_BYTE_ORDER_MAGIC
    return {
      magicNumber: PCAPNG_SECTION_HEADER,
      majorVersion: view.getUint16(12, little),
      minorVersion: view.getUint16(14, little),
      gmtOffset: 0,
      timestampAccuracy: 0,
      snapshotLength: first?.snaplen ?? 0,
      linkLayerType: first?.linktype ?? 0,
    }
  }
  const little = view.getUint16(0) !== PCAP_MAGIC_HIGH_HALF
  return {
    magicNumber: view.getUint32(0, little),
    majorVersion: view.getUint16(4, little),
    minorVersion: view.getUint16(6, little),
    gmtOffset: view.getInt32(8, little),
    timestampAccuracy: view.getUint32(12, little),
    snapshotLength: view.getUint32(16, little),
    linkLayerType: view.getUint32(20, little),
  }
}
