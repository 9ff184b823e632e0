/**
 * What the next header is: the answer of every decoder, and the question to the registry.
 * The numbers are our own and mean nothing outside; `layer-names.ts` has the names.
 */

/** Nothing more to decode: the rest is payload, or decoding stopped (see Frame.stopReason). */
export const LAYER_NONE = 0

export const LAYER_ETHERNET = 1
export const LAYER_VLAN = 2
export const LAYER_LLC = 3
export const LAYER_LINUX_SLL = 4
export const LAYER_LINUX_SLL2 = 5
export const LAYER_NULL = 6
export const LAYER_LOOP = 7
export const LAYER_RAW_IP = 8
export const LAYER_PPP = 9
export const LAYER_PPP_HDLC = 10
export const LAYER_PPP_WITH_DIRECTION = 11
export const LAYER_PPPOE = 12
export const LAYER_CISCO_HDLC = 13
export const LAYER_MPLS = 14
export const LAYER_RADIOTAP = 15
export const LAYER_IEEE80211 = 16

export const LAYER_ARP = 20
export const LAYER_IPV4 = 21
export const LAYER_IPV6 = 22
export const LAYER_IPV6_EXTENSION = 23

export const LAYER_TCP = 30
export const LAYER_UDP = 31
export const LAYER_ICMP = 32
export const LAYER_ICMPV6 = 33
/** SCTP, DCCP and UDP-Lite: read for their ports only. */
export const LAYER_SCTP = 34
export const LAYER_DCCP = 35
export const LAYER_UDP_LITE = 36

export const LAYER_GRE = 40
export const LAYER_VXLAN = 41
export const LAYER_GENEVE = 42
export const LAYER_GTP_U = 43
export const LAYER_TEREDO = 44
