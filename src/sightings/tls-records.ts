/**
 * The beginning of a TLS connection: records (RFC 8446 §5.1) that carry a ClientHello → its server name.
 *
 *     type 1: 22 | version 2: 3.0 to 3.4 | length 2 | part of a handshake message
 */
import { CLIENT_HELLO, MAX_HELLO_LENGTH, readServerName } from './client-hello.ts'
import { NO_NAME, NOT_YET } from './name-text.ts'

const RECORD_HEAD_LEN = 5
const HANDSHAKE = 22
const MAJOR_VERSION = 3
const HIGHEST_MINOR = 4
/** 2^14 of plain text, RFC 8446 §5.1; nothing before the hello is encrypted. */
const MAX_RECORD_LENGTH = 1 << 14
/** A hello, and the heads of as many records as a sender may reasonably make of it. */
export const MAX_TLS_START = MAX_HELLO_LENGTH + 1024

/** Whether the bytes, as far as they go, begin a record that begins a ClientHello. */
export function mayBeTlsStart(bytes: Uint8Array): boolean {
  const { length } = bytes
  return (
    length > 0 &&
    bytes[0] === HANDSHAKE &&
    (length < 2 || bytes[1] === MAJOR_VERSION) &&
    (length < 3 || bytes[2]! <= HIGHEST_MINOR) &&
    (length < 4 || bytes[3]! << 8 <= MAX_RECORD_LENGTH) &&
    (length < 6 || bytes[5] === CLIENT_HELLO)
  )
}

/** The server name, or NO_NAME, or NOT_YET. */
export function readTlsStart(bytes: Uint8Array): string | null {
  if (bytes.length < RECORD_HEAD_LEN) return NOT_YET
  const firstEnd = recordEnd(bytes, 0)
  if (firstEnd < 0) return NO_NAME
  const name = readServerName(bytes, RECORD_HEAD_LEN, Math.min(firstEnd, bytes.length))
  return name !== NOT_YET || firstEnd + RECORD_HEAD_LEN > bytes.length ? name : readOverRecords(bytes)
}

function readOverRecords(bytes: Uint8Array): string | null {
  const message = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at + RECORD_HEAD_LEN <= bytes.length; ) {
    const end = recordEnd(bytes, at)
    if (end < 0) return NO_NAME
    const part = bytes.subarray(at + RECORD_HEAD_LEN, end)
    message.set(part, length)
    length += part.length
    at = end
  }
  return readServerName(message, 0, length)
}

/** Where the handshake record at `at` ends; -1: it is none. RFC 8446 §5.1: handshake records are not empty. */
function recordEnd(bytes: Uint8Array, at: number): number {
  const length = (bytes[at + 3]! << 8) | bytes[at + 4]!
  const isSound = bytes[at] === HANDSHAKE && bytes[at + 1] === MAJOR_VERSION && length > 0
  return isSound && length <= MAX_RECORD_LENGTH ? at + RECORD_HEAD_LEN + length : -1
}
