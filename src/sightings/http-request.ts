/**
 * The head of an HTTP/1 request (RFC 9112 §3) → the host that it asks for, where that names the server it is sent to.
 *
 * A request to a proxy names somebody else's server: CONNECT, and any target that is a whole URI (§3.2.2), say nothing.
 */
import { NO_NAME, NOT_YET, readNameText } from './name-text.ts'

/** Of a head; servers take no more by default (Apache and nginx 8 kB a line). */
export const MAX_REQUEST_HEAD = 1 << 14
/** IANA's registry of methods, 2026-11: the longest is VERSION-CONTROL, and all are capital letters and hyphens. */
const MAX_METHOD_LENGTH = 20

const LF = 0x0a
const CR = 0x0d
const TAB = 0x09
const SPACE = 0x20
const ASTERISK = 0x2a
const HYPHEN = 0x2d
const SLASH = 0x2f
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const AT = 0x40
const BRACKET = 0x5b

const HOST = [0x68, 0x6f, 0x73, 0x74, COLON]
const CONNECT = [0x43, 0x4f, 0x4e, 0x4e, 0x45, 0x43, 0x54, SPACE]
const VERSION = [SPACE, 0x48, 0x54, 0x54, 0x50, SLASH, 0x31, 0x2e]

/** Whether the bytes, as far as they go, begin a request to a server: `GET /`, `OPTIONS *`. */
export function mayBeRequest(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, MAX_METHOD_LENGTH)
  let at = 0
  while (at < end && isMethodByte(bytes[at]!)) at++
  if (at === bytes.length) return at > 0
  if (at === 0 || bytes[at] !== SPACE) return false
  const target = bytes[at + 1]
  return target === undefined || target === SLASH || target === ASTERISK
}

function isMethodByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === HYPHEN
}

/** The name in the Host field without its port, or NO_NAME, or NOT_YET. */
export function readRequestHost(bytes: Uint8Array): string | null {
  const lineEnd = bytes.indexOf(LF)
  if (lineEnd < 0) return NOT_YET
  if (!isRequestLine(bytes, lineEnd)) return NO_NAME
  let start = lineEnd + 1
  for (;;) {
    const end = bytes.indexOf(LF, start)
    if (end < 0) return NOT_YET
    const isEmpty = end === start || (end === start + 1 && bytes[start] === CR)
    if (isEmpty) return NO_NAME
    if (isHostField(bytes, start)) return readHost(bytes, start + HOST.length, end)
    start = end + 1
  }
}

function isRequestLine(bytes: Uint8Array, lineEnd: number): boolean {
  if (!mayBeRequest(bytes.subarray(0, lineEnd))) return false
  // ` HTTP/1.1`, CR
  const end = bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
  return matches(bytes, end - VERSION.length - 1, VERSION) && !matches(bytes, 0, CONNECT)
}

function matches(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return at >= 0 && expected.every((byte, i) => bytes[at + i] === byte)
}

function isHostField(bytes: Uint8Array, at: number): boolean {
  return HOST.every((byte, i) => (bytes[at + i]! | 0x20) === (byte | 0x20))
}

/** RFC 9110 §7.2: `host [ ":" port ]`, with white space around it. */
function readHost(bytes: Uint8Array, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isWhite(bytes[start]!)) start++
  while (end > start && isWhite(bytes[end - 1]!)) end--
  let colon = end
  while (colon > start && bytes[colon - 1]! >= ZERO && bytes[colon - 1]! <= NINE) colon--
  if (colon > start && bytes[colon - 1] === COLON) end = colon - 1
  // An address of IPv6, or what a Host field must not hold.
  if (bytes[start] === BRACKET || bytes.subarray(start, end).includes(AT)) return NO_NAME
  return readNameText(bytes, start, end) ?? NO_NAME
}

function isWhite(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR
}
