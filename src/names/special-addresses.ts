/**
 * Blocks of IP addresses that mean something by themselves, and the label each gives.
 *
 * IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), both as updated on 2025-10-09, complete; plus what
 * other IANA registries hold and those leave out: multicast, the deprecated site-local block, and the unicast space.
 * Blocks nest. The longest prefix that holds an address is the one that counts, so the order of rows means nothing.
 */

/** Label of a public address: nothing is known of it until somebody names its host. */
export const NO_NAME = 'No-DNS'

/** What a row says: the block, and its label. */
export type SpecialBlock = readonly [cidr: string, label: string]

export const IPV4_SPECIAL_BLOCKS: readonly SpecialBlock[] = [
  ['0.0.0.0/8', 'This Network'], // RFC 791 §3.2
  ['0.0.0.0/32', 'Unspecified'], // RFC 1122 §3.2.1.3: this host on this network
  ['10.0.0.0/8', 'Private Network'], // RFC 1918
  ['100.64.0.0/10', 'Carrier NAT'], // RFC 6598: Shared Address Space
  ['127.0.0.0/8', 'Localhost'], // RFC 1122 §3.2.1.3
  ['169.254.0.0/16', 'Link-Local'], // RFC 3927
  ['172.16.0.0/12', 'Private Network'], // RFC 1918
  ['192.0.0.0/24', 'Reserved'], // RFC 6890 §2.1: IETF Protocol Assignments, usable only by the rows below
  ['192.0.0.0/29', 'DS-Lite'], // RFC 7335: IPv4 Service Continuity Prefix, first of RFC 6333
  ['192.0.0.8/32', 'Dummy'], // RFC 7600
  ['192.0.0.9/32', 'PCP Anycast'], // RFC 7723
  ['192.0.0.10/32', 'TURN Anycast'], // RFC 8155
  ['192.0.0.170/32', 'NAT64'], // RFC 8880, RFC 7050 §2.2: NAT64/DNS64 Discovery
  ['192.0.0.171/32', 'NAT64'],
  ['192.0.2.0/24', 'Documentation'], // RFC 5737: TEST-NET-1
  ['192.31.196.0/24', 'AS112'], // RFC 7535
  ['192.52.193.0/24', 'AMT'], // RFC 7450
  ['192.88.99.0/24', '6to4'], // RFC 7526: relay anycast, deprecated
  ['192.88.99.2/32', '6a44'], // RFC 6751
  ['192.168.0.0/16', 'Private Network'], // RFC 1918
  ['192.175.48.0/24', 'AS112'], // RFC 7534: direct delegation
  ['198.18.0.0/15', 'Benchmarking'], // RFC 2544
  ['198.51.100.0/24', 'Documentation'], // RFC 5737: TEST-NET-2
  ['203.0.113.0/24', 'Documentation'], // RFC 5737: TEST-NET-3
  ['224.0.0.0/4', 'Multicast'], // RFC 5771; IANA IPv4 Multicast Address Space Registry
  ['240.0.0.0/4', 'Reserved'], // RFC 1112 §4
  ['255.255.255.255/32', 'Broadcast'], // RFC 919 §7
]

export const IPV6_SPECIAL_BLOCKS: readonly SpecialBlock[] = [
  ['::1/128', 'Localhost'], // RFC 4291
  ['::/128', 'Unspecified'], // RFC 4291
  ['::ffff:0:0/96', 'IPv4-Mapped'], // RFC 4291; see labelAddress
  ['64:ff9b::/96', 'NAT64'], // RFC 6052
  ['64:ff9b:1::/48', 'NAT64'], // RFC 8215
  ['100::/64', 'Discard'], // RFC 6666
  ['100:0:0:1::/64', 'Dummy'], // RFC 9780
  ['2001::/23', 'Reserved'], // RFC 2928: IETF Protocol Assignments, usable only by the rows below
  ['2001::/32', 'Teredo'], // RFC 4380
  ['2001:1::1/128', 'PCP Anycast'], // RFC 7723
  ['2001:1::2/128', 'TURN Anycast'], // RFC 8155
  ['2001:1::3/128', 'DNS-SD Anycast'], // RFC 9665: Service Registration Protocol
  ['2001:2::/48', 'Benchmarking'], // RFC 5180, erratum 1752
  ['2001:3::/32', 'AMT'], // RFC 7450
  ['2001:4:112::/48', 'AS112'], // RFC 7535
  ['2001:10::/28', 'ORCHID'], // RFC 4843, deprecated
  ['2001:20::/28', 'ORCHID'], // RFC 7343: version 2
  ['2001:30::/28', 'Drone Remote ID'], // RFC 9374
  ['2001:db8::/32', 'Documentation'], // RFC 3849
  ['2002::/16', '6to4'], // RFC 3056
  ['2620:4f:8000::/48', 'AS112'], // RFC 7534: direct delegation
  ['3fff::/20', 'Documentation'], // RFC 9637
  ['5f00::/16', 'Segment Routing'], // RFC 9602: SRv6 SIDs
  ['fc00::/7', 'Private Network'], // RFC 4193: Unique-Local, the IPv6 counterpart of RFC 1918
  ['fe80::/10', 'Link-Local'], // RFC 4291
  ['fec0::/10', 'Private Network'], // RFC 3879: site-local; deprecated, but where it is still in use it is private
  ['ff00::/8', 'Multicast'], // RFC 4291 §2.7; IANA IPv6 Multicast Address Space Registry
  ['2000::/3', NO_NAME], // IANA IPv6 Address Space: Global Unicast
  ['::/0', 'Reserved'], // IANA IPv6 Address Space: everything else is Reserved by IETF
]
