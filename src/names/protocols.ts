/**
 * The protocol of a flow to its name. What the number counts in depends on the flow's address family.
 */
import {
  FAMILY_EVICTED,
  FAMILY_INTERFACE,
  FAMILY_IPV4,
  FAMILY_IPV6,
  FAMILY_MAC,
  PROTOCOL_IEEE80211,
  PROTOCOL_LLC,
} from '../abi/families.ts'
import { ethertypeName } from './ethertypes.ts'
import { ipProtocolName } from './ip-protocols.ts'
import { linktypeName } from './linktypes.ts'

/** Stands for the addresses, ports and protocols of flows that there was no room for. */
export const EVICTED_TEXT = '(evicted)'

/**
 * The name of `protocol` in `family` (as a flow row holds them): `TCP`, `ARP`, `LLC`, `802.11`, or a link type such as
 * `USB_LINUX` for frames that have neither addresses nor an EtherType. Numbers without a name come out as `Proto-253`,
 * `0x88b5`, `LINKTYPE 9999`.
 *
 * IPv4 and IPv6 share one registry, so ICMPv6 in IPv4 is still `ICMPv6`: the name says what the header says.
 */
export function protocolName(family: number, protocol: number): string {
  switch (family) {
    case FAMILY_IPV4:
    case FAMILY_IPV6:
      return ipProtocolName(protocol)
    case FAMILY_MAC:
    case FAMILY_INTERFACE:
      if (protocol === PROTOCOL_LLC) return 'LLC'
      if (protocol === PROTOCOL_IEEE80211) return '802.11'
      return ethertypeName(protocol)
    case FAMILY_EVICTED:
      return EVICTED_TEXT
    default:
      return linktypeName(protocol)
  }
}
