/** Protocols of the link layer's type fields: EtherType, LLC SAP (below 1501), and PPP's numbers for the same. */

export const ETHERTYPE_IPV4 = 0x0800
export const ETHERTYPE_ARP = 0x0806
export const ETHERTYPE_RARP = 0x8035
export const ETHERTYPE_IPV6 = 0x86dd
export const ETHERTYPE_DECNET = 0x6003
export const ETHERTYPE_ATALK = 0x809b
export const ETHERTYPE_AARP = 0x80f3
export const ETHERTYPE_IPX = 0x8137
export const ETHERTYPE_NS = 0x0600
export const ETHERTYPE_MPLS = 0x8847
export const ETHERTYPE_PPPOE_DISCOVERY = 0x8863
export const ETHERTYPE_PPPOE_SESSION = 0x8864
/** 802.1Q, 802.1ad, and what came before it. */
export const ETHERTYPES_VLAN = [0x8100, 0x88a8, 0x9100] as const

/** A larger value of Ethernet's type field is an EtherType, any other a length. */
export const ETHERNET_MTU = 1500

export const SAP_IP = 0x06
export const SAP_STP = 0x42
export const SAP_SNAP = 0xaa
export const SAP_IPX = 0xe0
export const SAP_NETBEUI = 0xf0
export const SAP_ISO = 0xfe

export const PPP_IPV4 = 0x21
export const PPP_IPV6 = 0x57
export const PPP_MPLS = 0x281
/** Van Jacobson's compressed and uncompressed TCP/IP. */
export const PPP_VJ = [0x2d, 0x2f] as const

const PPP_TYPES: ReadonlyMap<number, number> = new Map([
  [ETHERTYPE_IPV4, PPP_IPV4],
  [ETHERTYPE_IPV6, PPP_IPV6],
  [ETHERTYPE_DECNET, 0x27],
  [ETHERTYPE_ATALK, 0x29],
  [ETHERTYPE_NS, 0x25],
  [SAP_ISO, 0x23],
  [SAP_STP, 0x31],
  [SAP_IPX, 0x2b],
])

export function pppType(type: number): number {
  return PPP_TYPES.get(type) ?? type
}

/** Names that `ether proto` knows (libpcap, nametoaddr.c). */
export const LINK_PROTOCOLS: Readonly<Record<string, number>> = {
  ...{ aarp: ETHERTYPE_AARP, arp: ETHERTYPE_ARP, atalk: ETHERTYPE_ATALK, decnet: ETHERTYPE_DECNET },
  ...{ ip: ETHERTYPE_IPV4, ip6: ETHERTYPE_IPV6, lat: 0x6004, loopback: 0x9000, mopdl: 0x6001, moprc: 0x6002 },
  ...{ rarp: ETHERTYPE_RARP, sca: 0x6007, iso: SAP_ISO, stp: SAP_STP, ipx: SAP_IPX, netbeui: SAP_NETBEUI },
}

/** ISO/IEC TR 9577 network layer protocol identifiers. */
export const NLPID_CLNP = 0x81
export const NLPID_ESIS = 0x82
export const NLPID_ISIS = 0x83
export const ISO_PROTOCOLS: Readonly<Record<string, number>> = { esis: NLPID_ESIS, isis: NLPID_ISIS, clnp: NLPID_CLNP }

/** PDU types of IS-IS, ISO 10589 §9: hellos of a LAN 15 and 16, between two systems 17; LSP 18 and 20; CSNP 24, 25; PSNP 26, 27. */
export const ISIS_PDUS: Readonly<Record<string, readonly number[]>> = {
  l1: [26, 24, 18, 15, 17],
  l2: [27, 25, 20, 16, 17],
  iih: [17, 15, 16],
  lsp: [18, 20],
  snp: [27, 26, 24, 25],
  csnp: [24, 25],
  psnp: [26, 27],
}
