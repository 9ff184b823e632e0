/** `host` and `net` to tests of the addresses of IPv4, ARP and RARP, or IPv6. */
import type { Direction, Protocol } from './ast.ts'
import { fail } from './failure.ts'
import type { Link } from './link.ts'
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_RARP } from './network-protocols.ts'
import { isTypeOf } from './protocols.ts'
import { all, any, equals, type Test } from './tests.ts'

/** Four words. */
export type Mask6 = readonly number[]

/** Where source and destination are, from the network header; of ARP those of sender and target. */
const FIELDS = {
  ip: { type: ETHERTYPE_IPV4, source: 12, destination: 16 },
  arp: { type: ETHERTYPE_ARP, source: 14, destination: 24 },
  rarp: { type: ETHERTYPE_RARP, source: 14, destination: 24 },
}

export function isHost(
  link: Link,
  address: number,
  mask: number,
  protocol: Protocol | null,
  direction: Direction | null,
): Test {
  switch (protocol) {
    case null: {
      const ofIp = isHost(link, address, mask, 'ip', direction)
      if (link.mplsLabels > 0) return ofIp
      return any(ofIp, isHost(link, address, mask, 'arp', direction), isHost(link, address, mask, 'rarp', direction))
    }
    case 'ip':
    case 'arp':
    case 'rarp': {
      const { type, source, destination } = FIELDS[protocol]
      return atEnds(direction, source, destination, (offset) =>
        all(isTypeOf(link, type), equals(link.inNetwork(offset, 4), address, mask)),
      )
    }
    case 'ip6':
      return fail("'ip6' does not go with an IPv4 address")
  }
  return fail(`'${protocol}' does not go with an IP address: say '${protocol} and host …'`)
}

export function isHost6(
  link: Link,
  words: readonly number[],
  masks: Mask6,
  protocol: Protocol | null,
  direction: Direction | null,
): Test {
  if (protocol !== null && protocol !== 'ip6') return fail(`'${protocol}' does not go with an IPv6 address`)
  return atEnds(direction, 8, 24, (offset) =>
    all(
      isTypeOf(link, ETHERTYPE_IPV6),
      ...words.map((word, i) => equals(link.inNetwork(offset + 4 * i, 4), word, masks[i])),
    ),
  )
}

/** A test of the source, of the destination, or of both. */
export function atEnds(
  direction: Direction | null,
  source: number,
  destination: number,
  test: (offset: number) => Test,
): Test {
  switch (direction) {
    case null:
    case 'src or dst':
      return any(test(source), test(destination))
    case 'src and dst':
      return all(test(source), test(destination))
    case 'src':
      return test(source)
    case 'dst':
      return test(destination)
  }
  return fail(`'${direction}' goes with addresses of 802.11: 'wlan ${direction} …'`)
}
