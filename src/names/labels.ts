/**
 * Address bytes to what kind of address it is, in the words of the people who read the table: `Private Network`, `Multicast`.
 */
import ipaddr from 'ipaddr.js'
import { isIpv4Mapped } from '../decoders/address-text.ts'
import { IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS, NO_NAME, type SpecialBlock } from './special-addresses.ts'

export { NO_NAME } from './special-addresses.ts'

/**
 * The label of an address in network order: 4 bytes IPv4, 16 bytes IPv6, 6 bytes MAC; '' for any other length. A public
 * address gives {@link NO_NAME}.
 *
 * An IPv4-mapped address takes the label of the IPv4 address inside, since that says who is meant: `::ffff:10.0.0.1` is a
 * host of a private network. Where the inside is public it says `IPv4-Mapped`, because such an address never belongs on the
 * wire (RFC 6890: not a source, not a destination), public or not.
 *
 * Costs about 2 µs; an endpoint namer caches it.
 */
export function labelAddress(bytes: Uint8Array): string {
  switch (bytes.length) {
    case 4:
      return labelIpv4(bytes)
    case 16:
      return labelIpv6(bytes)
    case 6:
      return labelMac(bytes)
    default:
      return ''
  }
}

function labelIpv4(bytes: Uint8Array): string {
  return matchBlock(new ipaddr.IPv4(Array.from(bytes)), IPV4_BLOCKS)
}

function labelIpv6(bytes: Uint8Array): string {
  if (isIpv4Mapped(bytes)) {
    const inside = labelIpv4(bytes.subarray(12))
    if (inside !== NO_NAME) return inside
  }
  return matchBlock(new ipaddr.IPv6(Array.from(bytes)), IPV6_BLOCKS)
}

/** The group bit is the lowest of the first octet (IEEE 802-2014 §8.2.2). */
function labelMac(bytes: Uint8Array): string {
  if (bytes.every((octet) => octet === 0xff)) return 'Broadcast'
  return (bytes[0]! & 1) === 1 ? 'Multicast' : 'Ethernet'
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
interface Blocks {
  /** Keyed by CIDR, longest prefix first: subnetMatch answers with the key of the first match. */
  readonly ranges: Record<string, [Address, number][]>
  readonly labels: ReadonlyMap<string, string>
}

const IPV4_BLOCKS = createBlocks(IPV4_SPECIAL_BLOCKS)
const IPV6_BLOCKS = createBlocks(IPV6_SPECIAL_BLOCKS)

function createBlocks(rows: readonly SpecialBlock[]): Blocks {
  const parsed = rows.map(([cidr]) => ({ cidr, subnet: ipaddr.parseCIDR(cidr) }))
  parsed.sort((a, b) => b.subnet[1] - a.subnet[1])
  return {
    ranges: Object.fromEntries(parsed.map(({ cidr, subnet }) => [cidr, [subnet]])),
    labels: new Map(rows),
  }
}

function matchBlock(address: Address, blocks: Blocks): string {
  return blocks.labels.get(ipaddr.subnetMatch(address, blocks.ranges)) ?? NO_NAME
}
