/**
 * Bytes from a stranger → the text of a name, or null where that is no name.
 *
 * One spelling for each name: letters are small (RFC 4343 §3: case does not tell names apart), no dot at the end. What is not
 * printable ASCII is written \DDD, in decimal, and a dot or backslash inside a label \. and \\ (RFC 4343 §2.1), so nothing
 * in a name is obeyed by a terminal. Names in other scripts travel as `xn--…` and stay like that.
 */

/** What a reader answers when there is no name to be had, however much will follow, */
export const NO_NAME = ''
/** and when the bytes end before the name does. */
export const NOT_YET = null

/** RFC 1035 §2.3.4, without the root label. */
const MAX_LENGTH = 253
const DOT = 0x2e
const BACKSLASH = 0x5c
const DIGIT_ZERO = 0x30

/** Character codes of the name at hand. Whether it is too long is seen after each byte, so it is never much longer. */
let codes: number[] = []

export function beginName(): void {
  codes = []
}

/** Adds bytes [start, end) as one label. False: the name is too long. */
export function addLabel(bytes: Uint8Array, start: number, end: number): boolean {
  if (codes.length > 0) codes.push(DOT)
  for (let at = start; at < end && codes.length <= MAX_LENGTH; at++) addByte(bytes[at]!)
  return codes.length <= MAX_LENGTH
}

function addByte(byte: number): void {
  if (byte >= 0x41 && byte <= 0x5a) codes.push(byte + 0x20)
  else if (byte === DOT || byte === BACKSLASH) codes.push(BACKSLASH, byte)
  else if (byte > 0x20 && byte < 0x7f) codes.push(byte)
  else codes.push(BACKSLASH, digit(byte / 100), digit(byte / 10), digit(byte))
}

function digit(value: number): number {
  return DIGIT_ZERO + (Math.floor(value) % 10)
}

/** The name whose labels were added. */
export function endName(): string | null {
  if (codes.length === 0 || codes.length > MAX_LENGTH) return null
  const text = String.fromCharCode(...codes)
  return isAddressLike(codes[codes.length - 1]!, text) ? null : text
}

/** Text of bytes [start, end): labels with dots between them, perhaps one behind the last. */
export function readNameText(bytes: Uint8Array, start: number, end: number): string | null {
  let last = end
  if (last > start && bytes[last - 1] === DOT) last--
  // Escapes only make it longer.
  if (last - start > MAX_LENGTH) return null
  beginName()
  let from = start
  for (let at = start; at <= last; at++) {
    if (at < last && bytes[at] !== DOT) continue
    if (at === from || !addLabel(bytes, from, at)) return null
    from = at + 1
  }
  return endName()
}

/** RFC 1123 §2.1: the last label is not all digits, so that no name reads as an IPv4 address; nor as one of IPv6. */
function isAddressLike(lastCode: number, text: string): boolean {
  if (lastCode >= DIGIT_ZERO && lastCode <= DIGIT_ZERO + 9 && /(?:^|\.)\d+$/.test(text)) return true
  return text.includes(':') && /^[\da-f:.]+$/.test(text)
}
