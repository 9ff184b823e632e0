/**
 * Where the parts of a frame are, by link type: as libpcap 1.10 (gencode.c, init_linktype) has it. `vlan`, `mpls` and `pppoes`
 * in a filter move them for all that follows in its text.
 */
/** What says which protocol is inside. */
export type TypeField =
  | 'ethernet'
  | 'sll'
  | 'llc'
  | 'wlan'
  | 'ppp'
  | 'ppp-bsdos'
  | 'ethertype'
  | 'cisco-hdlc'
  | 'version'
  | 'ipv4'
  | 'ipv6'
  | 'family-host'
  | 'family-network'
  | 'frame-relay'
  | 'localtalk'
  | 'none'

/** Where MAC addresses are: destination and source, from the link header; `wlan`: it depends on the frame. */
export type MacFields = { readonly destination: number; readonly source: number } | 'wlan' | null

export interface LinkLayout {
  readonly name: string
  readonly typeField: TypeField
  readonly macs: MacFields
  /** Of the link header, of the type field, of the payload; the last of these in 802.11 depends on the frame. */
  readonly header: number
  readonly type: number
  readonly payload: number
  /** From the payload to the network header, with SNAP where there is LLC, and without. */
  readonly network: number
  readonly networkWithoutSnap: number
  /** Radio headers before the link header. */
  readonly radio?: 'radiotap' | 'prism' | 'avs' | 'ppi'
}

const ETHERNET_MACS = { destination: 0, source: 6 }

function simple(name: string, typeField: TypeField, type: number, payload: number): LinkLayout {
  return { name, typeField, macs: null, header: 0, type, payload, network: 0, networkWithoutSnap: 0 }
}

function llc(name: string, type: number, destination: number, source: number): LinkLayout {
  const macs = { destination, source }
  return { name, typeField: 'llc', macs, header: 0, type, payload: type, network: 8, networkWithoutSnap: 3 }
}

function ethernet(header: number): LinkLayout {
  return {
    ...{
      name: 'Ethernet',
      typeField: 'ethernet',
      macs: ETHERNET_MACS,
      header,
      type: header + 12,
      payload: header + 14,
    },
    ...{ network: 0, networkWithoutSnap: 3 },
  } as const
}

function wlan(radio?: 'radiotap' | 'prism' | 'avs' | 'ppi'): LinkLayout {
  const layout = { name: '802.11', typeField: 'wlan', macs: 'wlan', header: 0, type: 24, payload: 0 } as const
  return { ...layout, network: 8, networkWithoutSnap: 3, ...(radio !== undefined && { radio }) }
}

/** By LINKTYPE_ number. */
export const LAYOUTS: ReadonlyMap<number, LinkLayout> = new Map<number, LinkLayout>([
  [0, simple('BSD loopback', 'family-host', 0, 4)], // NULL
  [1, ethernet(0)],
  [6, llc('Token Ring', 14, 2, 8)], // IEEE802_5
  [8, simple('SLIP', 'version', 0, 16)], // SLIP
  [9, simple('PPP', 'ppp', 2, 4)],
  [10, llc('FDDI', 13, 1, 7)], // FDDI
  [12, simple('raw IP', 'version', 0, 0)], // RAW of most systems
  [14, simple('raw IP', 'version', 0, 0)], // RAW of OpenBSD
  [50, simple('PPP over serial', 'ppp', 2, 4)], // PPP_HDLC
  [51, simple('PPPoE', 'ppp', 6, 8)], // PPP_ETHER
  [100, { ...llc('ATM', 0, 0, 0), macs: null }], // ATM_RFC1483
  [101, simple('raw IP', 'version', 0, 0)], // RAW
  [103, simple('PPP of BSD/OS', 'ppp-bsdos', 5, 24)],
  [104, simple('Cisco HDLC', 'cisco-hdlc', 2, 4)],
  [105, wlan()],
  [106, { ...llc('ATM', 0, 0, 0), macs: null }], // ATM_CLIP
  [107, simple('Frame Relay', 'frame-relay', 0, 0)],
  [108, simple('OpenBSD loopback', 'family-network', 0, 4)], // LOOP
  [109, simple('OpenBSD encapsulated IP', 'family-host', 0, 12)], // ENC
  [113, simple('Linux cooked', 'sll', 14, 16)],
  [114, simple('LocalTalk', 'localtalk', 0, 0)],
  [119, wlan('prism')],
  [122, llc('Fibre Channel', 16, 2, 10)], // IP_OVER_FC
  [127, wlan('radiotap')],
  [138, simple('IEEE 1394', 'ethertype', 16, 18)], // APPLE_IP_OVER_IEEE1394
  [163, wlan('avs')],
  [166, simple('PPP of pppd', 'ppp', 2, 4)], // PPP_PPPD
  [192, wlan('ppi')],
  [228, simple('raw IPv4', 'ipv4', 0, 0)],
  [229, simple('raw IPv6', 'ipv6', 0, 0)],
  [240, ethernet(4)], // NETANALYZER
  [241, ethernet(12)], // NETANALYZER_TRANSPARENT
  [276, simple('Linux cooked v2', 'ethertype', 0, 20)], // LINUX_SLL2
])

/** Of all others libpcap knows no more than the bytes: `link[0]`, `len`, `less`, `greater`. */
export const OTHER_LAYOUT: LinkLayout = simple('this link type', 'none', 0, 0)

export const LINKTYPE_SLL = 113
export const LINKTYPE_SLL2 = 276
export const LINKTYPE_PPPD = 166
export const LINKTYPE_SLIP = 8
