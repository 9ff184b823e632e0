/** Layer → reader of its typed header: what registry.ts is for the walk. */
import * as layer from '../layers.ts'
import { type ArpHeader, readArpHeader } from './arp.ts'
import { type CiscoHdlcHeader, readCiscoHdlcHeader } from './cisco-hdlc.ts'
import { type EthernetHeader, readEthernetHeader } from './ethernet.ts'
import { type GeneveHeader, readGeneveHeader } from './geneve.ts'
import { type GreHeader, readGreHeader } from './gre.ts'
import { type GtpUHeader, readGtpUHeader } from './gtp-u.ts'
import { type IcmpHeader, readIcmpHeader } from './icmp.ts'
import { type Icmpv6Header, readIcmpv6Header } from './icmpv6.ts'
import { type Ieee80211Header, readIeee80211Header } from './ieee80211.ts'
import { type Ipv4Header, readIpv4Header } from './ipv4.ts'
import { type Ipv6Header, readIpv6Header } from './ipv6.ts'
import { type Ipv6ExtensionHeader, readIpv6ExtensionHeader } from './ipv6-extension.ts'
import { type LinuxSllHeader, readLinuxSllHeader } from './linux-sll.ts'
import { type LinuxSll2Header, readLinuxSll2Header } from './linux-sll2.ts'
import { type LlcHeader, readLlcHeader } from './llc.ts'
import { type MplsEntry, readMplsEntry } from './mpls.ts'
import { type LoopHeader, type NullHeader, readLoopHeader, readNullHeader } from './null-loopback.ts'
import {
  type DccpHeader,
  readDccpHeader,
  readSctpHeader,
  readUdpLiteHeader,
  type SctpHeader,
  type UdpLiteHeader,
} from './ports.ts'
import { type PppDirectionHeader, type PppHeader, readPppDirectionHeader, readPppHeader } from './ppp.ts'
import { type PppoeHeader, readPppoeHeader } from './pppoe.ts'
import { type RadiotapHeader, readRadiotapHeader } from './radiotap.ts'
import { readTcpHeader, type TcpHeader } from './tcp.ts'
import { readTeredoHeader, type TeredoHeader } from './teredo.ts'
import { readUdpHeader, type UdpHeader } from './udp.ts'
import { readVlanTag, type VlanTag } from './vlan.ts'
import { readVxlanHeader, type VxlanHeader } from './vxlan.ts'

/** One decoded header. `layer` says which. */
export type Layer =
  | ArpHeader
  | CiscoHdlcHeader
  | DccpHeader
  | EthernetHeader
  | GeneveHeader
  | GreHeader
  | GtpUHeader
  | IcmpHeader
  | Icmpv6Header
  | Ieee80211Header
  | Ipv4Header
  | Ipv6ExtensionHeader
  | Ipv6Header
  | LinuxSll2Header
  | LinuxSllHeader
  | LlcHeader
  | LoopHeader
  | MplsEntry
  | NullHeader
  | PppDirectionHeader
  | PppHeader
  | PppoeHeader
  | RadiotapHeader
  | SctpHeader
  | TcpHeader
  | TeredoHeader
  | UdpHeader
  | UdpLiteHeader
  | VlanTag
  | VxlanHeader

type HeaderReader = (at: number, end: number, extension: number) => Layer

/** Raw IP and the choice between PPP and Cisco HDLC are steps of the walk without bytes of their own: they have no header. */
const READERS: ReadonlyMap<number, HeaderReader> = new Map<number, HeaderReader>([
  [layer.LAYER_ETHERNET, readEthernetHeader],
  [layer.LAYER_VLAN, readVlanTag],
  [layer.LAYER_LLC, readLlcHeader],
  [layer.LAYER_LINUX_SLL, readLinuxSllHeader],
  [layer.LAYER_LINUX_SLL2, readLinuxSll2Header],
  [layer.LAYER_NULL, readNullHeader],
  [layer.LAYER_LOOP, readLoopHeader],
  [layer.LAYER_PPP, readPppHeader],
  [layer.LAYER_PPP_WITH_DIRECTION, readPppDirectionHeader],
  [layer.LAYER_PPPOE, readPppoeHeader],
  [layer.LAYER_CISCO_HDLC, readCiscoHdlcHeader],
  [layer.LAYER_MPLS, readMplsEntry],
  [layer.LAYER_RADIOTAP, readRadiotapHeader],
  [layer.LAYER_IEEE80211, readIeee80211Header],
  [layer.LAYER_ARP, readArpHeader],
  [layer.LAYER_IPV4, readIpv4Header],
  [layer.LAYER_IPV6, readIpv6Header],
  [layer.LAYER_IPV6_EXTENSION, readIpv6ExtensionHeader],
  [layer.LAYER_TCP, readTcpHeader],
  [layer.LAYER_UDP, readUdpHeader],
  [layer.LAYER_ICMP, readIcmpHeader],
  [layer.LAYER_ICMPV6, readIcmpv6Header],
  [layer.LAYER_SCTP, readSctpHeader],
  [layer.LAYER_DCCP, readDccpHeader],
  [layer.LAYER_UDP_LITE, readUdpLiteHeader],
  [layer.LAYER_GRE, readGreHeader],
  [layer.LAYER_VXLAN, readVxlanHeader],
  [layer.LAYER_GENEVE, readGeneveHeader],
  [layer.LAYER_GTP_U, readGtpUHeader],
  [layer.LAYER_TEREDO, readTeredoHeader],
])

/**
 * The typed header of `layer` at `at`, which the walk has found whole; null for a step without a header.
 * `end`: of the bytes that the header may use. `extension`: frame.extension as it was in front of this layer.
 */
export function readHeader(layer: number, at: number, end: number, extension: number): Layer | null {
  return READERS.get(layer)?.(at, end, extension) ?? null
}
