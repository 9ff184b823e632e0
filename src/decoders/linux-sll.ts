/**
 * Linux "cooked" capture, LINKTYPE_LINUX_SLL (113): what the pseudo-device `any` gives. All fields big-endian.
 *
 *      0      2        4             6                14         16
 *     +------+--------+-------------+----------------+----------+
 *     | type | ARPHRD | addr length | sender address | protocol |
 *     +------+--------+-------------+----------------+----------+
 *
 * There is one address at most, so a frame without IP is a flow of the interface, not between addresses.
 */

import { PROTOCOL_LLC } from '../abi/families.ts'
import { read16 } from './bytes.ts'
import { ETHERTYPE_IPV4, isVlanEtherType, layerOfEtherType } from './ether-type.ts'
import { available, foundEtherType, frame, stopShort } from './frame.ts'
import { LAYER_LINUX_SLL, LAYER_LLC, LAYER_NONE } from './layers.ts'

export const PACKET_TYPE = 0
export const ARPHRD = 2
export const ADDRESS_LENGTH = 4
export const ADDRESS = 6
export const PROTOCOL = 14
export const SLL_HEADER_LEN = 16

/** Protocol value for 802.2 frames (linux/if_ether.h, ETH_P_802_2). */
const PROTOCOL_802_2 = 4
const SMALLEST_ETHERTYPE = 0x600

const ARPHRD_IPGRE = 778
const ARPHRD_NETLINK = 824

export function decodeLinuxSll(): i32 {
  if (available() < SLL_HEADER_LEN) return stopShort(LAYER_LINUX_SLL, SLL_HEADER_LEN)
  const arphrd = read16(frame.at + ARPHRD)
  const protocol = read16(frame.at + PROTOCOL)
  frame.at += SLL_HEADER_LEN
  return layerOfCookedProtocol(protocol, arphrd)
}

/** SLL and SLL2 agree on what the protocol field means. */
export function layerOfCookedProtocol(protocol: i32, arphrd: i32): i32 {
  if (protocol === PROTOCOL_802_2) {
    foundEtherType(PROTOCOL_LLC)
    return LAYER_LLC
  }
  foundEtherType(protocol)
  // On these devices the protocol field is not an EtherType (netlink family, GRE protocol), unless it plainly names IP.
  if (arphrd === ARPHRD_NETLINK || arphrd === ARPHRD_IPGRE) {
    if (protocol !== ETHERTYPE_IPV4 && protocol !== 0x86dd) return LAYER_NONE
  }
  if (protocol < SMALLEST_ETHERTYPE && !isVlanEtherType(protocol)) return LAYER_NONE
  return layerOfEtherType(protocol)
}
