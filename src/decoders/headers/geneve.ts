/** Geneve header bytes → {@link GeneveHeader}. */
import { read8, read16 } from '../bytes.ts'
import {
  CONTROL_PACKET,
  CRITICAL_OPTIONS,
  FLAGS,
  GENEVE_MIN_HEADER_LEN,
  OPTIONS_LENGTH_MASK,
  PROTOCOL_TYPE,
  VERSION_OPTIONS_LENGTH,
  VNI,
} from '../geneve.ts'
import type { Header } from './header.ts'
import { readBytes, readUpper24 } from './read-bytes.ts'

/** RFC 8926 §3.4. */
export interface GeneveHeader extends Header<'geneve'> {
  readonly version: number
  /** The O flag: a control message. */
  readonly control: boolean
  /** The C flag: an option must be understood. */
  readonly critical: boolean
  /** An EtherType. */
  readonly protocolType: number
  /** Virtual network identifier. */
  readonly vni: number
  /** All options as they stand. */
  readonly options: Uint8Array
}

export function readGeneveHeader(at: number): GeneveHeader {
  const first = read8(at + VERSION_OPTIONS_LENGTH)
  const flags = read8(at + FLAGS)
  const headerLength = GENEVE_MIN_HEADER_LEN + ((first & OPTIONS_LENGTH_MASK) << 2)
  return {
    layer: 'geneve',
    offset: at,
    headerLength,
    version: first >> 6,
    control: (flags & CONTROL_PACKET) !== 0,
    critical: (flags & CRITICAL_OPTIONS) !== 0,
    protocolType: read16(at + PROTOCOL_TYPE),
    vni: readUpper24(at + VNI),
    options: readBytes(at + GENEVE_MIN_HEADER_LEN, at + headerLength),
  }
}
