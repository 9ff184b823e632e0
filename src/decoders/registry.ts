/** Layer → decoder: the one place that knows them all. Each decodes the header at frame.at and answers what follows it. */
import { decodeArp } from './arp.ts'
import { decodeCiscoHdlc } from './cisco-hdlc.ts'
import { decodeEthernet } from './ethernet.ts'
import { decodeGeneve } from './geneve.ts'
import { decodeGre } from './gre.ts'
import { decodeGtpU } from './gtp-u.ts'
import { decodeIcmp } from './icmp.ts'
import { decodeIcmpv6 } from './icmpv6.ts'
import { decodeIeee80211 } from './ieee80211.ts'
import { decodeIpv4 } from './ipv4.ts'
import { decodeIpv6 } from './ipv6.ts'
import { decodeIpv6Extension } from './ipv6-extension.ts'
import * as layer from './layers.ts'
import { decodeLinuxSll } from './linux-sll.ts'
import { decodeLinuxSll2 } from './linux-sll2.ts'
import { decodeLlc } from './llc.ts'
import { decodeMpls } from './mpls.ts'
import { decodeLoop, decodeNull } from './null-loopback.ts'
import { decodeDccp, decodeSctp, decodeUdpLite } from './ports.ts'
import { decodePpp, decodePppHdlc, decodePppWithDirection } from './ppp.ts'
import { decodePppoe } from './pppoe.ts'
import { decodeRadiotap } from './radiotap.ts'
import { decodeRawIp } from './raw-ip.ts'
import { decodeTcp } from './tcp.ts'
import { decodeTeredo } from './teredo.ts'
import { decodeUdp } from './udp.ts'
import { decodeVlan } from './vlan.ts'
import { decodeVxlan } from './vxlan.ts'

/** Decodes the header of `next` at frame.at; returns the layer behind it, LAYER_NONE at the end. */
export function decodeLayer(next: i32): i32 {
  switch (next) {
    case layer.LAYER_ETHERNET:
      return decodeEthernet()
    case layer.LAYER_IPV4:
      return decodeIpv4()
    case layer.LAYER_TCP:
      return decodeTcp()
    case layer.LAYER_UDP:
      return decodeUdp()
    case layer.LAYER_IPV6:
      return decodeIpv6()
    case layer.LAYER_IPV6_EXTENSION:
      return decodeIpv6Extension()
    case layer.LAYER_VLAN:
      return decodeVlan()
    case layer.LAYER_LLC:
      return decodeLlc()
    case layer.LAYER_LINUX_SLL:
      return decodeLinuxSll()
    case layer.LAYER_LINUX_SLL2:
      return decodeLinuxSll2()
    case layer.LAYER_NULL:
      return decodeNull()
    case layer.LAYER_LOOP:
      return decodeLoop()
    case layer.LAYER_RAW_IP:
      return decodeRawIp()
    case layer.LAYER_PPP:
      return decodePpp()
    case layer.LAYER_PPP_HDLC:
      return decodePppHdlc()
    case layer.LAYER_PPP_WITH_DIRECTION:
      return decodePppWithDirection()
    case layer.LAYER_PPPOE:
      return decodePppoe()
    case layer.LAYER_CISCO_HDLC:
      return decodeCiscoHdlc()
    case layer.LAYER_MPLS:
      return decodeMpls()
    case layer.LAYER_RADIOTAP:
      return decodeRadiotap()
    case layer.LAYER_IEEE80211:
      return decodeIeee80211()
    case layer.LAYER_ARP:
      return decodeArp()
    case layer.LAYER_ICMP:
      return decodeIcmp()
    case layer.LAYER_ICMPV6:
      return decodeIcmpv6()
    case layer.LAYER_SCTP:
      return decodeSctp()
    case layer.LAYER_DCCP:
      return decodeDccp()
    case layer.LAYER_UDP_LITE:
      return decodeUdpLite()
    case layer.LAYER_GRE:
      return decodeGre()
    case layer.LAYER_VXLAN:
      return decodeVxlan()
    case layer.LAYER_GENEVE:
      return decodeGeneve()
    case layer.LAYER_GTP_U:
      return decodeGtpU()
    case layer.LAYER_TEREDO:
      return decodeTeredo()
    default:
      return layer.LAYER_NONE
  }
}
