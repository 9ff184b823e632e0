/** LINKTYPE_ number → first layer. Numbers: tcpdump.org, "Link-layer header types", 2025-10. */
import {
  LAYER_CISCO_HDLC,
  LAYER_ETHERNET,
  LAYER_IEEE80211,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_LINUX_SLL,
  LAYER_LINUX_SLL2,
  LAYER_LOOP,
  LAYER_MPLS,
  LAYER_NONE,
  LAYER_NULL,
  LAYER_PPP,
  LAYER_PPP_HDLC,
  LAYER_PPP_WITH_DIRECTION,
  LAYER_PPPOE,
  LAYER_RADIOTAP,
  LAYER_RAW_IP,
} from './layers.ts'

export const LINKTYPE_NULL = 0
export const LINKTYPE_ETHERNET = 1
export const LINKTYPE_PPP = 9
/** 12 and 14: LINKTYPE_RAW as BSD/OS and OpenBSD wrote it (DLT_RAW), before it had a number of its own. */
export const LINKTYPE_RAW_BSD = 12
export const LINKTYPE_RAW_OPENBSD = 14
export const LINKTYPE_PPP_HDLC = 50
export const LINKTYPE_PPP_ETHER = 51
export const LINKTYPE_RAW = 101
export const LINKTYPE_C_HDLC = 104
export const LINKTYPE_IEEE802_11 = 105
export const LINKTYPE_LOOP = 108
export const LINKTYPE_LINUX_SLL = 113
export const LINKTYPE_IEEE802_11_RADIOTAP = 127
export const LINKTYPE_PPP_WITH_DIR = 204
export const LINKTYPE_MPLS = 219
export const LINKTYPE_IPV4 = 228
export const LINKTYPE_IPV6 = 229
export const LINKTYPE_LINUX_SLL2 = 276

/** LAYER_NONE for a link type that netkit does not decode. */
export function layerOfLinktype(linktype: i32): i32 {
  switch (linktype) {
    case LINKTYPE_ETHERNET:
      return LAYER_ETHERNET
    case LINKTYPE_RAW:
    case LINKTYPE_RAW_BSD:
    case LINKTYPE_RAW_OPENBSD:
      return LAYER_RAW_IP
    case LINKTYPE_IPV4:
      return LAYER_IPV4
    case LINKTYPE_IPV6:
      return LAYER_IPV6
    case LINKTYPE_LINUX_SLL:
      return LAYER_LINUX_SLL
    case LINKTYPE_LINUX_SLL2:
      return LAYER_LINUX_SLL2
    case LINKTYPE_NULL:
      return LAYER_NULL
    case LINKTYPE_LOOP:
      return LAYER_LOOP
    case LINKTYPE_PPP:
      return LAYER_PPP
    case LINKTYPE_PPP_HDLC:
      return LAYER_PPP_HDLC
    case LINKTYPE_PPP_WITH_DIR:
      return LAYER_PPP_WITH_DIRECTION
    case LINKTYPE_PPP_ETHER:
      return LAYER_PPPOE
    case LINKTYPE_C_HDLC:
      return LAYER_CISCO_HDLC
    case LINKTYPE_MPLS:
      return LAYER_MPLS
    case LINKTYPE_IEEE802_11:
      return LAYER_IEEE80211
    case LINKTYPE_IEEE802_11_RADIOTAP:
      return LAYER_RADIOTAP
    default:
      return LAYER_NONE
  }
}
