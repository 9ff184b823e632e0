/**
 * A UDP datagram → the QUIC packets in it that have a long header (RFC 9000 §17.2; version 2: RFC 9369 §3).
 *
 *     flags 1 | version 4 | destination id 1+n | source id 1+n | Initial only: token v+n | length v | number 1-4 | payload, tag
 */
import { VarintReader } from './varint-reader.ts'

/** The long form, and the fixed bit. */
const FORM = 0xc0
const VERSION = 1
const DESTINATION_ID = 5
const MIN_HEAD_LEN = 7
const MAX_ID_LENGTH = 20

export const QUIC_V1 = 0x00000001
export const QUIC_V2 = 0x6b3343cf

export interface LongPacket {
  readonly version: number
  readonly isInitial: boolean
  readonly destinationId: Uint8Array
  /** Offsets in the datagram. */
  readonly start: number
  readonly numberAt: number
  /** Behind the bytes when the capture cut them. */
  readonly end: number
}

/** Whether a datagram begins with a long header of a version that is known here. */
export function mayBeQuic(bytes: Uint8Array): boolean {
  if (bytes.length < MIN_HEAD_LEN || (bytes[0]! & FORM) !== FORM) return false
  const version = versionAt(bytes, 0)
  return version === QUIC_V1 || version === QUIC_V2
}

/** The packet at `start`; null: it is none, of another version, or one without a length (Retry). */
export function readLongPacket(bytes: Uint8Array, start: number): LongPacket | null {
  if (!mayBeQuic(bytes.subarray(start))) return null
  const version = versionAt(bytes, start)
  // Version 2 has the types one further: Initial, 0-RTT, Handshake and Retry are 1, 2, 3 and 0.
  const type = ((bytes[start]! >> 4) - (version === QUIC_V2 ? 1 : 0)) & 3
  const idAt = start + DESTINATION_ID + 1
  const idLength = bytes[idAt - 1]!
  const sourceIdAt = idAt + idLength
  if (type === 3 || idLength > MAX_ID_LENGTH || sourceIdAt >= bytes.length) return null
  const reader = new VarintReader(bytes, sourceIdAt + 1)
  reader.skip(bytes[sourceIdAt]!)
  if (type === 0) reader.skip(reader.next())
  const length = reader.next()
  if (reader.isOver) return null
  const destinationId = bytes.subarray(idAt, sourceIdAt)
  return { version, isInitial: type === 0, destinationId, start, numberAt: reader.at, end: reader.at + length }
}

function versionAt(bytes: Uint8Array, start: number): number {
  const at = start + VERSION
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
