/** The numbers of layers, limits and stops to the words that the public API and messages use. */
import {
  LIMIT_CAPTURE,
  LIMIT_FRAME,
  LIMIT_GTP_LENGTH,
  LIMIT_IEEE8023_LENGTH,
  LIMIT_IPV4_TOTAL_LENGTH,
  LIMIT_IPV6_PAYLOAD_LENGTH,
  LIMIT_PPPOE_LENGTH,
  LIMIT_UDP_LENGTH,
  STOP_MALFORMED,
  STOP_TRUNCATED,
  STOP_UNSUPPORTED,
} from './frame.ts'
import * as layer from './layers.ts'

const LAYER_NAMES = {
  [layer.LAYER_ETHERNET]: 'ethernet',
  [layer.LAYER_VLAN]: 'vlan',
  [layer.LAYER_LLC]: 'llc',
  [layer.LAYER_LINUX_SLL]: 'linux-sll',
  [layer.LAYER_LINUX_SLL2]: 'linux-sll2',
  [layer.LAYER_NULL]: 'null',
  [layer.LAYER_LOOP]: 'loop',
  [layer.LAYER_RAW_IP]: 'raw-ip',
  [layer.LAYER_PPP]: 'ppp',
  [layer.LAYER_PPP_HDLC]: 'ppp',
  [layer.LAYER_PPP_WITH_DIRECTION]: 'ppp-with-direction',
  [layer.LAYER_PPPOE]: 'pppoe',
  [layer.LAYER_CISCO_HDLC]: 'cisco-hdlc',
  [layer.LAYER_MPLS]: 'mpls',
  [layer.LAYER_RADIOTAP]: 'radiotap',
  [layer.LAYER_IEEE80211]: 'ieee80211',
  [layer.LAYER_ARP]: 'arp',
  [layer.LAYER_IPV4]: 'ipv4',
  [layer.LAYER_IPV6]: 'ipv6',
  [layer.LAYER_IPV6_EXTENSION]: 'ipv6-extension',
  [layer.LAYER_TCP]: 'tcp',
  [layer.LAYER_UDP]: 'udp',
  [layer.LAYER_ICMP]: 'icmp',
  [layer.LAYER_ICMPV6]: 'icmpv6',
  [layer.LAYER_SCTP]: 'sctp',
  [layer.LAYER_DCCP]: 'dccp',
  [layer.LAYER_UDP_LITE]: 'udp-lite',
  [layer.LAYER_GRE]: 'gre',
  [layer.LAYER_VXLAN]: 'vxlan',
  [layer.LAYER_GENEVE]: 'geneve',
  [layer.LAYER_GTP_U]: 'gtp-u',
  [layer.LAYER_TEREDO]: 'teredo',
} as const satisfies Readonly<Record<number, LayerName>>

const LIMIT_NAMES = {
  [LIMIT_FRAME]: 'frame length',
  [LIMIT_CAPTURE]: 'captured length',
  [LIMIT_IEEE8023_LENGTH]: 'IEEE 802.3 length',
  [LIMIT_PPPOE_LENGTH]: 'PPPoE length',
  [LIMIT_IPV4_TOTAL_LENGTH]: 'IPv4 total length',
  [LIMIT_IPV6_PAYLOAD_LENGTH]: 'IPv6 payload length',
  [LIMIT_UDP_LENGTH]: 'UDP length',
  [LIMIT_GTP_LENGTH]: 'GTP-U length',
} as const satisfies Readonly<Record<number, LimitName>>

const STOP_NAMES = {
  [STOP_TRUNCATED]: 'truncated',
  [STOP_MALFORMED]: 'malformed',
  [STOP_UNSUPPORTED]: 'unsupported',
} as const satisfies Readonly<Record<number, StopName>>

/** Layers by name: a protocol, or a step such as `raw-ip`. */
export type LayerName =
  | 'ethernet'
  | 'vlan'
  | 'llc'
  | 'linux-sll'
  | 'linux-sll2'
  | 'null'
  | 'loop'
  | 'raw-ip'
  | 'ppp'
  | 'ppp-with-direction'
  | 'pppoe'
  | 'cisco-hdlc'
  | 'mpls'
  | 'radiotap'
  | 'ieee80211'
  | 'arp'
  | 'ipv4'
  | 'ipv6'
  | 'ipv6-extension'
  | 'tcp'
  | 'udp'
  | 'icmp'
  | 'icmpv6'
  | 'sctp'
  | 'dccp'
  | 'udp-lite'
  | 'gre'
  | 'vxlan'
  | 'geneve'
  | 'gtp-u'
  | 'teredo'

/** What ended the bytes that a header may use. */
export type LimitName =
  | 'frame length'
  | 'captured length'
  | 'IEEE 802.3 length'
  | 'PPPoE length'
  | 'IPv4 total length'
  | 'IPv6 payload length'
  | 'UDP length'
  | 'GTP-U length'

/**
 * `truncated`: the capture was cut, the bytes were on the wire. `malformed`: the bytes contradict themselves.
 * `unsupported`: netkit does not decode this.
 */
export type StopName = 'truncated' | 'malformed' | 'unsupported'

/** The name of a LAYER_ constant other than LAYER_NONE. */
export function layerName(layer: number): LayerName {
  return LAYER_NAMES[layer as keyof typeof LAYER_NAMES]
}

/** The name of a LIMIT_ constant. */
export function limitName(limit: number): LimitName {
  return LIMIT_NAMES[limit as keyof typeof LIMIT_NAMES]
}

/** The name of a STOP_ constant other than STOP_NONE. */
export function stopName(reason: number): StopName {
  return STOP_NAMES[reason as keyof typeof STOP_NAMES]
}
