/** EtherType → next layer. IEEE 802 Numbers, IANA registry of 2025-10. */
import {
  LAYER_ARP,
  LAYER_ETHERNET,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_MPLS,
  LAYER_NONE,
  LAYER_PPP,
  LAYER_PPPOE,
  LAYER_VLAN,
} from './layers.ts'

export const ETHERTYPE_IPV4 = 0x0800
export const ETHERTYPE_ARP = 0x0806
/** Transparent Ethernet Bridging: an Ethernet frame inside GRE or Geneve. */
const ETHERTYPE_BRIDGED_ETHERNET = 0x6558
const ETHERTYPE_IPV6 = 0x86dd
const ETHERTYPE_MPLS = 0x8847
const ETHERTYPE_MPLS_MULTICAST = 0x8848
const ETHERTYPE_PPPOE_SESSION = 0x8864
const ETHERTYPE_PPP = 0x880b

/** 802.1Q, 802.1ad, and three values that switches used for stacked tags before 802.1ad. */
export function isVlanEtherType(etherType: i32): boolean {
  return (
    etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100 || etherType === 0x9200 || etherType === 0x9300
  )
}

export function layerOfEtherType(etherType: i32): i32 {
  switch (etherType) {
    case ETHERTYPE_IPV4:
      return LAYER_IPV4
    case ETHERTYPE_IPV6:
      return LAYER_IPV6
    case ETHERTYPE_ARP:
      return LAYER_ARP
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
      return LAYER_MPLS
    case ETHERTYPE_PPPOE_SESSION:
      return LAYER_PPPOE
    default:
      return isVlanEtherType(etherType) ? LAYER_VLAN : LAYER_NONE
  }
}

/** The same for GRE and Geneve, whose protocol field also knows bridged Ethernet and PPP. */
export function layerOfTunnelledEtherType(etherType: i32): i32 {
  if (etherType === ETHERTYPE_BRIDGED_ETHERNET) return LAYER_ETHERNET
  if (etherType === ETHERTYPE_PPP) return LAYER_PPP
  return layerOfEtherType(etherType)
}
