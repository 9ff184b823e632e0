/** TCP header bytes → {@link TcpHeader}. */
import { read8, read16 } from '../bytes.ts'
import { DESTINATION_PORT, SOURCE_PORT } from '../ports.ts'
import {
  ACKNOWLEDGMENT_NUMBER,
  CHECKSUM,
  DATA_OFFSET,
  SEQUENCE_NUMBER,
  TCP_MIN_HEADER_LEN,
  URGENT_POINTER,
  WINDOW,
} from '../tcp.ts'
import type { Header } from './header.ts'
import { readUnsigned32 } from './read-bytes.ts'
import { readTcpOptions, type TcpOption } from './tcp-options.ts'

/** Control bits, RFC 9293 §3.1; `ae` is the Accurate ECN bit of RFC 9768, formerly NS. */
export interface TcpFlags {
  readonly ae: boolean
  readonly cwr: boolean
  readonly ece: boolean
  readonly urg: boolean
  readonly ack: boolean
  readonly psh: boolean
  readonly rst: boolean
  readonly syn: boolean
  readonly fin: boolean
  /** The twelve bits behind the data offset as one number: four reserved ones, of which `ae` is the lowest, and eight flags. */
  readonly raw: number
}

/** RFC 9293 §3.1. */
export interface TcpHeader extends Header<'tcp'> {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequenceNumber: number
  readonly acknowledgmentNumber: number
  /** Header length in 4-byte words. */
  readonly dataOffset: number
  readonly flags: TcpFlags
  /** As sent, without the window scale. */
  readonly window: number
  readonly checksum: number
  readonly urgentPointer: number
  readonly options: readonly TcpOption[]
}

export function readTcpHeader(at: number): TcpHeader {
  const offsetAndFlags = read16(at + DATA_OFFSET)
  const dataOffset = read8(at + DATA_OFFSET) >> 4
  const headerLength = dataOffset << 2
  return {
    layer: 'tcp',
    offset: at,
    headerLength,
    sourcePort: read16(at + SOURCE_PORT),
    destinationPort: read16(at + DESTINATION_PORT),
    sequenceNumber: readUnsigned32(at + SEQUENCE_NUMBER),
    acknowledgmentNumber: readUnsigned32(at + ACKNOWLEDGMENT_NUMBER),
    dataOffset,
    flags: toFlags(offsetAndFlags & 0x0fff),
    window: read16(at + WINDOW),
    checksum: read16(at + CHECKSUM),
    urgentPointer: read16(at + URGENT_POINTER),
    options: readTcpOptions(at + TCP_MIN_HEADER_LEN, at + headerLength),
  }
}

function toFlags(raw: number): TcpFlags {
  return {
    ae: (raw & 0x100) !== 0,
    cwr: (raw & 0x80) !== 0,
    ece: (raw & 0x40) !== 0,
    urg: (raw & 0x20) !== 0,
    ack: (raw & 0x10) !== 0,
    psh: (raw & 0x08) !== 0,
    rst: (raw & 0x04) !== 0,
    syn: (raw & 0x02) !== 0,
    fin: (raw & 0x01) !== 0,
    raw,
  }
}
