/** The loopback interface of this machine: its addresses, and what its frames have in front of IP. */
import { networkInterfaces } from 'node:os'

export type Family = 'IPv4' | 'IPv6'

export const LOOPBACK_ADDRESSES: Readonly<Record<Family, string>> = { IPv4: '127.0.0.1', IPv6: '::1' }

/** RFC 791 §3.1 without options; RFC 8200 §3. */
const IP_HEADER_BYTES: Readonly<Record<Family, number>> = { IPv4: 20, IPv6: 40 }

/** RFC 768. */
export const UDP_HEADER_BYTES = 8

/** RFC 792 and RFC 4443 §4.1: type, code, checksum, identifier, sequence number. */
export const ICMP_ECHO_HEADER_BYTES = 8

/** Linux gives its loopback an Ethernet header; the BSDs, macOS and Npcap four bytes with the address family (LINKTYPE_NULL). */
export const LINK_HEADER_BYTES = process.platform === 'linux' ? 14 : 4

/** The length on the wire, as a capture on the loopback interface shows it, of what IP carries. */
export function frameBytes(family: Family, ipPayloadBytes: number): number {
  return LINK_HEADER_BYTES + IP_HEADER_BYTES[family] + ipPayloadBytes
}

/** False where the interface is down, and for IPv6 where it is switched off. */
export function hasLoopback(family: Family): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ internal, address }) => internal && address === LOOPBACK_ADDRESSES[family]),
  )
}
