/** `tcp`, `ip6`, `arp` and the other words for a protocol, and `ip proto N`, to tests. */
import type { Protocol } from './ast.ts'
import { fail } from './failure.ts'
import type { Link } from './link.ts'
import * as network from './network-protocols.ts'
import { all, any, equals, type Test } from './tests.ts'

/** IANA numbers; which versions of IP libpcap looks for them in. */
const IP_PROTOCOLS: Partial<Readonly<Record<Protocol, readonly [number, readonly ('ip' | 'ip6')[]]>>> = {
  ...{ tcp: [6, ['ip', 'ip6']], udp: [17, ['ip', 'ip6']], sctp: [132, ['ip', 'ip6']], pim: [103, ['ip', 'ip6']] },
  ...{ ah: [51, ['ip', 'ip6']], esp: [50, ['ip', 'ip6']], icmp: [1, ['ip']], igmp: [2, ['ip']], igrp: [9, ['ip']] },
  ...{ vrrp: [112, ['ip']], carp: [112, ['ip']], icmp6: [58, ['ip6']] },
}

const LINK_TYPES: Partial<Readonly<Record<Protocol, number>>> = {
  ...network.LINK_PROTOCOLS,
  stp: network.SAP_STP,
}

const IPV6_FRAGMENT = 44

/** Throws when the link layer does not say. */
export function isTypeOf(link: Link, type: number): Test {
  const test = link.isType(type)
  if (test !== null) return test
  if (link.mplsLabels > 0) return fail('behind MPLS labels only ip and ip6 can be told')
  return fail(`what frames of ${link.name} carry cannot be told: only link[…], len, less and greater`)
}

export function isProtocol(link: Link, protocol: Protocol): Test {
  const ofIp = IP_PROTOCOLS[protocol]
  if (ofIp !== undefined) {
    const [number, versions] = ofIp
    return any(...versions.map((version) => isIpProtocol(link, version, number)))
  }
  const type = LINK_TYPES[protocol]
  if (type !== undefined) return isTypeOf(link, type)
  if (Object.hasOwn(network.ISO_PROTOCOLS, protocol)) return isIpProtocol(link, 'iso', network.ISO_PROTOCOLS[protocol]!)
  if (Object.hasOwn(network.ISIS_PDUS, protocol)) {
    return any(...network.ISIS_PDUS[protocol]!.map((pdu) => isIpProtocol(link, 'isis', pdu)))
  }
  return fail(`'${protocol}' alone says nothing: it goes with host, proto or [offset]`)
}

/** What the network header says that it carries: of IPv6 it may be behind a fragment header, and behind no other. */
export function isIpProtocol(link: Link, protocol: 'ip' | 'ip6' | 'iso' | 'isis', number: number): Test {
  switch (protocol) {
    case 'ip':
      return all(isTypeOf(link, network.ETHERTYPE_IPV4), equals(link.inNetwork(9, 1), number))
    case 'ip6':
      return all(
        isTypeOf(link, network.ETHERTYPE_IPV6),
        any(
          equals(link.inNetwork(6, 1), number),
          all(equals(link.inNetwork(6, 1), IPV6_FRAGMENT), equals(link.inNetwork(40, 1), number)),
        ),
      )
    case 'iso':
      if (link.typeField === 'frame-relay') return equals(link.inHeader(2, 2), (0x03 << 8) | number)
      // Cisco puts a byte before it.
      return all(
        isTypeOf(link, network.SAP_ISO),
        equals(link.inNetworkWithoutSnap(link.typeField === 'cisco-hdlc' ? 1 : 0, 1), number),
      )
    case 'isis':
      return all(isIpProtocol(link, 'iso', network.NLPID_ISIS), equals(link.inNetworkWithoutSnap(4, 1), number))
  }
}
