/**
 * IP addresses → other ones: Crypto-PAn, but for the addresses that are no host's.
 *
 * Those say what a packet is for, the same on every network, and are kept: unspecified, loopback, broadcast, and the groups that
 * protocols have by themselves. Other groups stay groups of their scope, link-local addresses stay link-local. A group's last bits
 * are those of its MAC address (RFC 1112 §6.4, RFC 2464 §7), so both are permuted alike.
 */
import type { CryptoPan } from './crypto-pan.ts'
import type { PermuteBits } from './permuted-bits.ts'

/** Of an IPv4 group that are in its MAC address, and of an IPv6 group. */
export const IPV4_GROUP_BITS = 23
export const IPV6_GROUP_BITS = 32
/** A solicited-node group ends with the last bits of the host's address (RFC 4291 §2.7.1). */
export const SOLICITED_NODE_BITS = 24

/** `ff02::1:ff00:0/104`, behind its first two bytes. */
const SOLICITED_NODE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff]

export function anonymousIpv4(address: Uint8Array, pan: CryptoPan, permute: PermuteBits): Uint8Array {
  const [first, second, third, fourth] = address as unknown as [number, number, number, number]
  if (first === 127 || address.every((byte) => byte === 0) || address.every((byte) => byte === 0xff)) return address
  if (first >> 4 === 0xe) return isWellKnownIpv4Group(first, second, third, fourth) ? address : ipv4Group(address)
  const mapped = pan.map(address)
  // 169.254.0.0/16 (RFC 3927).
  if (first === 169 && second === 254) mapped.set([169, 254])
  return mapped

  function ipv4Group(group: Uint8Array): Uint8Array {
    const permuted = permute(group, IPV4_GROUP_BITS, 'ipv4 group')
    // The five bits of the group that its MAC address lacks are Crypto-PAn's.
    const above = pan.map(group)
    permuted[0] = 0xe0 | (above[0]! & 0x0f)
    permuted[1] = (above[1]! & 0x80) | (permuted[1]! & 0x7f)
    return permuted
  }
}

/** Local and internetwork control (RFC 5771 §4, §5), and UPnP's discovery. */
function isWellKnownIpv4Group(first: number, second: number, third: number, fourth: number): boolean {
  return (
    (first === 224 && second === 0 && third <= 1) ||
    (first === 239 && second === 255 && third === 255 && fourth === 250)
  )
}

export function anonymousIpv6(address: Uint8Array, pan: CryptoPan, permute: PermuteBits): Uint8Array {
  if (address[0] === 0xff) return ipv6Group(address, pan, permute)
  // :: and ::1.
  if (address.subarray(0, 15).every((byte) => byte === 0) && address[15]! <= 1) return address
  const mapped = pan.map(address)
  // fe80::/10 (RFC 4291 §2.5.6).
  if (address[0] === 0xfe && address[1]! >> 6 === 2) {
    mapped[0] = 0xfe
    mapped[1] = 0x80 | (mapped[1]! & 0x3f)
  }
  return mapped
}

function ipv6Group(group: Uint8Array, pan: CryptoPan, permute: PermuteBits): Uint8Array {
  if (SOLICITED_NODE.every((byte, i) => group[2 + i] === byte)) {
    return permute(group, SOLICITED_NODE_BITS, 'solicited node')
  }
  if (isWellKnownIpv6Group(group)) return group
  const permuted = permute(group, IPV6_GROUP_BITS, 'ipv6 group')
  // A prefix of a network may stand there (RFC 3306).
  permuted.set(pan.map(group).subarray(2, 12), 2)
  return permuted
}

/** Assigned for good (flags 0, RFC 4291 §2.7) with a short id: ff02::1, ff02::fb, ff05::1:3. */
function isWellKnownIpv6Group(group: Uint8Array): boolean {
  return group[1]! >> 4 === 0 && group.subarray(2, 13).every((byte) => byte === 0) && isWellKnownIpv6GroupId(group)
}

/** By the last four bytes, which its MAC address has too. */
export function isWellKnownIpv6GroupId(bytes: Uint8Array): boolean {
  const [a, b, c] = bytes.subarray(bytes.length - 4)
  return a === 0 && b! <= 1 && c === 0
}
