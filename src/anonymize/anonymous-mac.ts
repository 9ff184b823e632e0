/**
 * MAC addresses → other ones: a keyed permutation that keeps the two bits which say group and locally administered (IEEE 802 §8.2),
 * and on request the vendor. Groups of protocols are kept, groups of IP become those of the group that stands in the packet.
 */
import { IPV4_GROUP_BITS, IPV6_GROUP_BITS, isWellKnownIpv6GroupId, SOLICITED_NODE_BITS } from './anonymous-ip.ts'
import type { PermuteBits } from './permuted-bits.ts'

const GROUP = 0x01
const LOCAL = 0x02
/** All but those two bits. */
const MAC_BITS = 46
const BITS_OF_VENDOR = 24

/** Beginnings of groups that protocols have by themselves: bridges and LLDP, Cisco's discovery, PTP, PROFINET. */
const PROTOCOL_GROUPS = ['0180c200', '01000ccc', '011b19', '010ecf', '01005e0000', '01005e0001', '01005e7ffffa'].map(
  (hex) => Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16)),
)

export function anonymousMac(mac: Uint8Array, permute: PermuteBits, keepVendor: boolean): Uint8Array {
  if (mac.every((byte) => byte === 0) || mac.every((byte) => byte === 0xff)) return mac
  if ((mac[0]! & GROUP) !== 0) {
    const group = anonymousGroup(mac, permute)
    if (group !== null) return group
  }
  // A locally administered address has no vendor.
  if (keepVendor && (mac[0]! & (LOCAL | GROUP)) === 0) {
    const vendor = mac.subarray(0, 3).reduce((text, byte) => `${text} ${byte}`, 'mac')
    return permute(mac, BITS_OF_VENDOR, vendor)
  }
  // The two bits are to stand in front of those that are permuted.
  const kept = mac[0]! & (GROUP | LOCAL)
  const permuted = permute(turned(mac, false), MAC_BITS, `mac ${kept}`)
  return turned(permuted, true)
}

function anonymousGroup(mac: Uint8Array, permute: PermuteBits): Uint8Array | null {
  if (PROTOCOL_GROUPS.some((start) => start.every((byte, i) => mac[i] === byte))) return mac
  if (mac[0] === 0x33 && mac[1] === 0x33) {
    if (mac[2] === 0xff) return permute(mac, SOLICITED_NODE_BITS, 'solicited node')
    return isWellKnownIpv6GroupId(mac) ? mac : permute(mac, IPV6_GROUP_BITS, 'ipv6 group')
  }
  const isIpv4 = mac[0] === 1 && mac[1] === 0 && mac[2] === 0x5e && mac[3]! < 0x80
  return isIpv4 ? permute(mac, IPV4_GROUP_BITS, 'ipv4 group') : null
}

/** The first byte with its two lowest bits in front of the others, or back. */
function turned(mac: Uint8Array, back: boolean): Uint8Array {
  const first = mac[0]!
  const turnedFirst = back ? (first << 2) | (first >> 6) : (first << 6) | (first >> 2)
  return Uint8Array.from(mac, (byte, i) => (i === 0 ? turnedFirst & 0xff : byte))
}
