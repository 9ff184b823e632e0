/**
 * A TLS ClientHello (RFC 8446 §4.1.2; the same in TLS 1.0 to 1.2) → the server name that it asks for (RFC 6066 §3).
 *
 *     type 1 | length 3 | version 2 | random 32 | session id 1+n | cipher suites 2+n | compression 1+n | extensions 2+n
 */
import { NO_NAME, NOT_YET, readNameText } from './name-text.ts'

export const CLIENT_HELLO = 1
const HANDSHAKE_HEAD_LEN = 4
const SESSION_ID = HANDSHAKE_HEAD_LEN + 34
/** Longer ones are none: with two key shares for the time after quantum computers a hello has some 3 kB. */
export const MAX_HELLO_LENGTH = 1 << 14

const EXTENSION_SERVER_NAME = 0
const NAME_TYPE_HOST = 0

/** Of the handshake message that begins at `start`, or {@link NO_NAME}, or {@link NOT_YET}. */
export function readServerName(bytes: Uint8Array, start: number, end: number): string | null {
  if (start >= end) return NOT_YET
  if (bytes[start] !== CLIENT_HELLO) return NO_NAME
  if (start + SESSION_ID >= end) return NOT_YET
  const length = (bytes[start + 1]! << 16) | u16(bytes, start + 2)
  if (length > MAX_HELLO_LENGTH) return NO_NAME
  const helloEnd = start + HANDSHAKE_HEAD_LEN + length
  let at = start + SESSION_ID
  at += 1 + bytes[at]!
  if (at + 2 > end) return outside(at + 2, helloEnd)
  at += 2 + u16(bytes, at)
  if (at + 1 > end) return outside(at + 1, helloEnd)
  at += 1 + bytes[at]!
  if (at + 2 > end) return outside(at + 2, helloEnd)
  const extensionsEnd = Math.min(at + 2 + u16(bytes, at), helloEnd)
  at += 2
  while (at + 4 <= extensionsEnd) {
    if (at + 4 > end) return NOT_YET
    const next = at + 4 + u16(bytes, at + 2)
    if (next > extensionsEnd) return NO_NAME
    if (u16(bytes, at) === EXTENSION_SERVER_NAME) return readNameList(bytes, at + 4, next, end)
    at = next
  }
  return NO_NAME
}

/** A place behind the bytes that there are: to be waited for, or behind the hello's own end. */
function outside(at: number, helloEnd: number): string | null {
  return at > helloEnd ? NO_NAME : NOT_YET
}

/** The list in [start, end) of the extension; of the bytes there are those before `available`. */
function readNameList(bytes: Uint8Array, start: number, end: number, available: number): string | null {
  let at = start + 2
  while (at + 3 <= end) {
    if (at + 3 > available) return NOT_YET
    const nameEnd = at + 3 + u16(bytes, at + 1)
    if (nameEnd > end) return NO_NAME
    if (nameEnd > available) return NOT_YET
    if (bytes[at] === NAME_TYPE_HOST) return readNameText(bytes, at + 3, nameEnd) ?? NO_NAME
    at = nameEnd
  }
  return NO_NAME
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}
