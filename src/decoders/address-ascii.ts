/**
 * Address bytes → the text of address-text.ts, written in place as ASCII. A row of a table has two addresses, and with
 * millions of rows most of them differ: as strings they would take longer than all the rest of the row.
 */
import { isIpv4Mapped } from './address-text.ts'

/** No address text is longer: the eight groups of an IPv6 address. */
export const ADDRESS_ASCII_MAX = 39

const COLON = 58
const IPV6_GROUPS = 8
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const OCTET_STRIDE = 4
/** By octet: its text and a dot, and how long they are. */
const OCTETS = new Uint8Array(256 * OCTET_STRIDE)
const OCTET_LENGTHS = new Uint8Array(256)
for (let octet = 0; octet < 256; octet++) {
  const text = `${octet}.`
  OCTET_LENGTHS[octet] = text.length
  for (let i = 0; i < text.length; i++) OCTETS[OCTET_STRIDE * octet + i] = text.charCodeAt(i)
}

/**
 * Writes the text of an address of 16, 6, 4 or 0 bytes from `at` on. Returns where it ends; what is behind that, up to
 * ADDRESS_ASCII_MAX bytes from `at`, may be overwritten too.
 */
export function putAddress(into: Uint8Array, at: number, address: Uint8Array): number {
  if (address.length === 4) return putIpv4(into, at, address, 0)
  if (address.length === 16) return putIpv6(into, at, address)
  return putOctets(into, at, address)
}

/** Four bytes an octet, whatever its length: how many digits it has is as good as random, and no branch guesses it. */
function putIpv4(into: Uint8Array, at: number, address: Uint8Array, from: number): number {
  for (let i = from; i < from + 4; i++) {
    const octet = address[i]!
    const text = OCTET_STRIDE * octet
    into[at] = OCTETS[text]!
    into[at + 1] = OCTETS[text + 1]!
    into[at + 2] = OCTETS[text + 2]!
    into[at + 3] = OCTETS[text + 3]!
    at += OCTET_LENGTHS[octet]!
  }
  return at - 1
}

/** RFC 5952 §4: the first of the longest runs of two or more zero groups is `::`. */
function putIpv6(into: Uint8Array, at: number, address: Uint8Array): number {
  let longest = 1
  let longestAt = IPV6_GROUPS
  for (let group = 0, length = 0; group < IPV6_GROUPS; group++) {
    length = (address[2 * group]! | address[2 * group + 1]!) === 0 ? length + 1 : 0
    if (length > longest) {
      longest = length
      longestAt = group + 1 - length
    }
  }
  if (longestAt === 0 && longest === 5 && isIpv4Mapped(address)) return putIpv4Mapped(into, at, address)
  for (let group = 0; group < IPV6_GROUPS; group++) {
    if (group === longestAt) {
      into[at++] = COLON
      into[at++] = COLON
      group += longest - 1
      continue
    }
    if (group > 0 && group !== longestAt + longest) into[at++] = COLON
    const high = address[2 * group]!
    const low = address[2 * group + 1]!
    if (high >= 0x10) into[at++] = HEX[high >> 4]!
    if (high > 0) into[at++] = HEX[high & 15]!
    if (high > 0 || low >= 0x10) into[at++] = HEX[low >> 4]!
    into[at++] = HEX[low & 15]!
  }
  return at
}

/** `::ffff:` and the IPv4 address with dots (RFC 5952 §5). */
function putIpv4Mapped(into: Uint8Array, at: number, address: Uint8Array): number {
  into[at++] = COLON
  into[at++] = COLON
  for (let i = 0; i < 4; i++) into[at++] = HEX[15]!
  into[at++] = COLON
  return putIpv4(into, at, address, 12)
}

function putOctets(into: Uint8Array, at: number, address: Uint8Array): number {
  for (let i = 0; i < address.length; i++) {
    if (i > 0) into[at++] = COLON
    const octet = address[i]!
    into[at++] = HEX[octet >> 4]!
    into[at++] = HEX[octet & 15]!
  }
  return at
}
