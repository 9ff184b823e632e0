/** What kind of addresses a flow has, and so what its protocol number means. */

/** No address and no EtherType: a link type that is not decoded, or a frame too short to say. Protocol: LINKTYPE_ number. */
export const FAMILY_NONE = 0
/** An EtherType, but no addresses: the flow is one of the interface. Protocol: EtherType. */
export const FAMILY_INTERFACE = 1
/** No flow of a capture: what became of flows that there was no room for. Protocol: 0. */
export const FAMILY_EVICTED = 2
/** IPv4 addresses. Protocol: IANA protocol number. */
export const FAMILY_IPV4 = 4
/** IPv6 addresses. Protocol: IANA protocol number. */
export const FAMILY_IPV6 = 6
/** Link-layer addresses, no IP header. Protocol: EtherType, or one of the two below. */
export const FAMILY_MAC = 48

/** In place of an EtherType: an 802.3 frame with an LLC header. */
export const PROTOCOL_LLC = 0xffff
/** In place of an EtherType: an 802.11 frame that carries none. */
export const PROTOCOL_IEEE80211 = 0xfffe
