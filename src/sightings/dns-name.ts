/** Domain names as messages hold them (RFC 1035 §3.1, §4.1.4) → their end, and their text. */
import { addLabel, beginName, endName } from './name-text.ts'

/** RFC 1035 §2.3.4: octets of a name, its root label among them. */
const MAX_OCTETS = 255
const POINTER = 0xc0

/** Where the name at `at` ends, or -1: it does not end inside `bytes`, or is none. Where its pointers lead is not looked at. */
export function skipDnsName(bytes: Uint8Array, at: number): number {
  let next = at
  while (next < bytes.length && next - at <= MAX_OCTETS) {
    const octet = bytes[next]!
    if (octet === 0) return next + 1
    if (octet >= POINTER) return next + 2 <= bytes.length ? next + 2 : -1
    if (octet > 63) return -1
    next += 1 + octet
  }
  return -1
}

/**
 * The text of the name at `at`, null where it is none (or the root). A pointer leads to a prior place only, as §4.1.4 says, so
 * that no chain of them is a loop; and no label is read behind the 255 octets that a name may have.
 */
export function readDnsName(bytes: Uint8Array, at: number): string | null {
  let next = at
  let lowest = at
  let octets = 0
  beginName()
  while (next < bytes.length) {
    const octet = bytes[next]!
    if (octet === 0) return endName()
    if (octet >= POINTER) {
      if (next + 1 >= bytes.length) return null
      next = ((octet & 0x3f) << 8) | bytes[next + 1]!
      if (next >= lowest) return null
      lowest = next
      continue
    }
    const end = next + 1 + octet
    octets += 1 + octet
    if (octet > 63 || end > bytes.length || octets > MAX_OCTETS || !addLabel(bytes, next + 1, end)) return null
    next = end
  }
  return null
}

/** Where the name at `at` lies, when it is a pointer and nothing else; -1 when it has labels of its own. */
export function pointerAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! >= POINTER ? ((bytes[at]! & 0x3f) << 8) | bytes[at + 1]! : -1
}
