/** GTP-U header bytes → {@link GtpUHeader}. */
import { read8, read16 } from '../bytes.ts'
import {
  FLAGS,
  GTP_U_MIN_HEADER_LEN,
  HAS_EXTENSION,
  HAS_N_PDU_NUMBER,
  HAS_OPTIONAL_FIELDS,
  HAS_SEQUENCE_NUMBER,
  LENGTH,
  LONG_HEADER_LEN,
  MESSAGE_G_PDU,
  MESSAGE_TYPE,
  N_PDU_NUMBER,
  NEXT_EXTENSION,
  SEQUENCE_NUMBER,
  TEID,
} from '../gtp-u.ts'
import type { Header } from './header.ts'
import { readBytes, readUnsigned32 } from './read-bytes.ts'

/** 3GPP TS 29.281 §5.2. */
export interface GtpUExtension {
  /** 3GPP TS 29.281 §5.2.1, figure 5.2.1-3. */
  readonly type: number
  /** Its content, without the length in front and the next type behind. */
  readonly bytes: Uint8Array
}

/** 3GPP TS 29.281 §5.1. */
export interface GtpUHeader extends Header<'gtp-u'> {
  readonly version: number
  /** 255: G-PDU, a packet follows. */
  readonly messageType: number
  /** Bytes behind the first eight. */
  readonly length: number
  /** Tunnel endpoint identifier. */
  readonly teid: number
  /** null where the flags say that they mean nothing. */
  readonly sequenceNumber: number | null
  readonly nPduNumber: number | null
  /** Read for G-PDUs only. */
  readonly extensions: readonly GtpUExtension[]
}

export function readGtpUHeader(at: number): GtpUHeader {
  const flags = read8(at + FLAGS)
  const messageType = read8(at + MESSAGE_TYPE)
  const extensions: GtpUExtension[] = []
  let headerLength = (flags & HAS_OPTIONAL_FIELDS) !== 0 ? LONG_HEADER_LEN : GTP_U_MIN_HEADER_LEN
  let next = messageType === MESSAGE_G_PDU && (flags & HAS_EXTENSION) !== 0 ? read8(at + NEXT_EXTENSION) : 0
  while (next !== 0) {
    const start = at + headerLength
    headerLength += read8(start) << 2
    extensions.push({ type: next, bytes: readBytes(start + 1, at + headerLength - 1) })
    next = read8(at + headerLength - 1)
  }
  return {
    layer: 'gtp-u',
    offset: at,
    headerLength,
    version: flags >> 5,
    messageType,
    length: read16(at + LENGTH),
    teid: readUnsigned32(at + TEID),
    sequenceNumber: (flags & HAS_SEQUENCE_NUMBER) !== 0 ? read16(at + SEQUENCE_NUMBER) : null,
    nPduNumber: (flags & HAS_N_PDU_NUMBER) !== 0 ? read8(at + N_PDU_NUMBER) : null,
    extensions,
  }
}
