/**
 * Address bytes to what kind of address it is, in the words of the people who read the table: `Private Network`, `Multicast`.
 */
import ipaddr from 'ipaddr.js'
import { isIpv4Mapped } from '../decoders/address-text.ts'
import { maskOf } from './prefix-mask.ts'
import { IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS, NO_NAME, type SpecialBlock } from './special-addresses.ts'

export { NO_NAME } from './special-addresses.ts'

/**
 * The label of an address in network order: 4 bytes IPv4, 16 bytes IPv6, 6 bytes MAC; '' for any other length. A public
 * address gives `No-DNS`.
 *
 * An IPv4-mapped address takes the label of the IPv4 address inside, since that says who is meant: `::ffff:10.0.0.1` is a
 * host of a private network. Where the inside is public it says `IPv4-Mapped`, because such an address never belongs on the
 * wire (RFC 6890: not a source, not a destination), public or not.
 *
 * Costs some 30 ns: with millions of addresses a cache would not hold them.
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
  return labelAt(bytes, 0, ipv4Blocks())
}

function labelIpv6(bytes: Uint8Array): string {
  if (isIpv4Mapped(bytes)) {
    const inside = labelAt(bytes, 12, ipv4Blocks())
    if (inside !== NO_NAME) return inside
  }
  return labelAt(bytes, 0, ipv6Blocks())
}

/** The group bit is the lowest of the first octet (IEEE 802-2014 §8.2.2). */
function labelMac(bytes: Uint8Array): string {
  if (bytes.every((octet) => octet === 0xff)) return 'Broadcast'
  return (bytes[0]! & 1) === 1 ? 'Multicast' : 'Ethernet'
}

interface Block {
  readonly network: readonly number[]
  /** The bits of each byte that count; without the zeros at the end. */
  readonly mask: readonly number[]
  readonly label: string
}

type Blocks = readonly (readonly Block[])[]

/** Made for the first address: it takes milliseconds. */
let ipv4: Blocks | undefined
let ipv6: Blocks | undefined

function ipv4Blocks(): Blocks {
  ipv4 ??= createBlocks(IPV4_SPECIAL_BLOCKS, ipaddr.IPv4)
  return ipv4
}

function ipv6Blocks(): Blocks {
  ipv6 ??= createBlocks(IPV6_SPECIAL_BLOCKS, ipaddr.IPv6)
  return ipv6
}

/** By their first octet: the blocks that hold such addresses, longest prefix first. */
function createBlocks(rows: readonly SpecialBlock[], family: typeof ipaddr.IPv4 | typeof ipaddr.IPv6): Blocks {
  const blocks = rows
    .map(([cidr, label]) => ({ label, subnet: family.parseCIDR(cidr) }))
    .sort((a, b) => b.subnet[1] - a.subnet[1])
    .map(({ label, subnet: [address, prefix] }) => ({
      network: address.toByteArray(),
      mask: Array.from({ length: Math.ceil(prefix / 8) }, (_, i) => maskOf(i, prefix)),
      label,
    }))
  return Array.from({ length: 256 }, (_, first) =>
    blocks.filter(({ network, mask }) => mask.length === 0 || (first & mask[0]!) === network[0]),
  )
}

function labelAt(bytes: Uint8Array, at: number, blocks: Blocks): string {
  const candidates = blocks[bytes[at]!]!
  for (let i = 0; i < candidates.length; i++) {
    const { network, mask, label } = candidates[i]!
    let octet = 1
    while (octet < mask.length && (bytes[at + octet]! & mask[octet]!) === network[octet]) octet++
    if (octet >= mask.length) return label
  }
  return NO_NAME
}
