/**
 * The words of the filter language, as libpcap 1.10 has them (scanner.l, and pcap-filter(7)), and the constants that have
 * names in it.
 */
import type { Direction, Kind, Protocol } from './ast.ts'

export const PROTOCOL_WORDS: Readonly<Record<string, Protocol>> = {
  ...{ link: 'link', ether: 'link', ppp: 'link', slip: 'link', fddi: 'link', tr: 'link', wlan: 'link' },
  ...same('arp', 'rarp', 'ip', 'sctp', 'tcp', 'udp', 'icmp', 'igmp', 'igrp', 'pim', 'vrrp', 'carp', 'radio'),
  ...same('ip6', 'icmp6', 'ah', 'esp', 'atalk', 'aarp', 'decnet', 'lat', 'sca', 'moprc', 'mopdl'),
  ...same('iso', 'esis', 'isis', 'l1', 'l2', 'iih', 'lsp', 'snp', 'csnp', 'psnp', 'clnp', 'stp', 'ipx', 'netbeui'),
  ...{ 'es-is': 'esis', 'is-is': 'isis' },
}

export const KIND_WORDS: Readonly<Record<string, Kind>> = {
  ...same('host', 'net', 'port', 'portrange', 'proto', 'protochain', 'gateway'),
}

export const DIRECTION_WORDS: Readonly<Record<string, Direction>> = {
  ...same('src', 'dst', 'addr1', 'addr2', 'addr3', 'addr4', 'ra', 'ta'),
  ...{ address1: 'addr1', address2: 'addr2', address3: 'addr3', address4: 'addr4' },
}

/** Words that are said in two ways. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  '&&': 'and',
  '||': 'or',
  '!': 'not',
  '==': '=',
  length: 'len',
  direction: 'dir',
}

/** Words that libpcap reserves for link types that this compiler does not know, or for things that it does not do. */
export const OTHER_WORDS: readonly string[] = [
  ...['geneve', 'lane', 'metac', 'bcc', 'oam', 'oamf4', 'oamf4ec', 'oamf4sc', 'sc', 'ilmic', 'vpi', 'vci'],
  ...['connectmsg', 'metaconnect', 'on', 'ifname', 'rset', 'ruleset', 'rulenum', 'srnr', 'subrulenum'],
  ...['reason', 'action', 'fisu', 'lssu', 'lsu', 'msu', 'hfisu', 'hlssu', 'hmsu', 'sio', 'opc', 'dpc', 'sls'],
  ...['hsio', 'hopc', 'hdpc', 'hsls'],
]

/** All others: none of them is a name. */
export const PLAIN_WORDS: readonly string[] = [
  ...['and', 'or', 'not', 'mask', 'type', 'subtype', 'dir', 'direction', 'less', 'greater', 'byte', 'broadcast'],
  ...['multicast', 'len', 'length', 'inbound', 'outbound', 'ifindex', 'vlan', 'mpls', 'pppoed', 'pppoes', 'llc', 'rnr'],
]

/** Numbers by name: offsets of fields, types of ICMP (RFC 792, 950, 1256) and ICMPv6 (IANA, 2023), flags of TCP. */
export const NUMBERS: Readonly<Record<string, number>> = {
  ...{ icmptype: 0, icmpcode: 1, icmp6type: 0, icmp6code: 1, tcpflags: 13 },
  ...{ 'icmp-echoreply': 0, 'icmp-unreach': 3, 'icmp-sourcequench': 4, 'icmp-redirect': 5, 'icmp-echo': 8 },
  ...{ 'icmp-routeradvert': 9, 'icmp-routersolicit': 10, 'icmp-timxceed': 11, 'icmp-paramprob': 12 },
  ...{ 'icmp-tstamp': 13, 'icmp-tstampreply': 14, 'icmp-ireq': 15, 'icmp-ireqreply': 16, 'icmp-maskreq': 17 },
  ...{ 'icmp-maskreply': 18, 'icmp6-destinationunreach': 1, 'icmp6-packettoobig': 2, 'icmp6-timeexceeded': 3 },
  ...{ 'icmp6-parameterproblem': 4, 'icmp6-echo': 128, 'icmp6-echoreply': 129 },
  ...{ 'icmp6-multicastlistenerquery': 130, 'icmp6-multicastlistenerreportv1': 131 },
  ...{ 'icmp6-multicastlistenerdone': 132, 'icmp6-routersolicit': 133, 'icmp6-routeradvert': 134 },
  ...{ 'icmp6-neighborsolicit': 135, 'icmp6-neighboradvert': 136, 'icmp6-redirect': 137 },
  ...{ 'icmp6-routerrenum': 138, 'icmp6-nodeinformationquery': 139, 'icmp6-nodeinformationresponse': 140 },
  ...{ 'icmp6-ineighbordiscoverysolicit': 141, 'icmp6-ineighbordiscoveryadvert': 142 },
  ...{ 'icmp6-multicastlistenerreportv2': 143, 'icmp6-homeagentdiscoveryrequest': 144 },
  ...{ 'icmp6-homeagentdiscoveryreply': 145, 'icmp6-mobileprefixsolicit': 146, 'icmp6-mobileprefixadvert': 147 },
  ...{ 'icmp6-certpathsolicit': 148, 'icmp6-certpathadvert': 149, 'icmp6-multicastrouteradvert': 151 },
  ...{ 'icmp6-multicastroutersolicit': 152, 'icmp6-multicastrouterterm': 153 },
  ...{ 'tcp-fin': 1, 'tcp-syn': 2, 'tcp-rst': 4, 'tcp-push': 8, 'tcp-ack': 16, 'tcp-urg': 32 },
  ...{ 'tcp-ece': 64, 'tcp-cwr': 128 },
}

function same<Word extends string>(...words: Word[]): Readonly<Record<Word, Word>> {
  return Object.fromEntries(words.map((word) => [word, word])) as Record<Word, Word>
}
