/**
 * Ethernet II and IEEE 802.3.
 *
 *      0                   6                  12     14
 *     +-------------------+-------------------+------+---- - -
 *     |    destination    |      source       | type |
 *     +-------------------+-------------------+------+---- - -
 *
 * The last field is an EtherType from 0x0600 up and the length of an LLC frame up to 1500 (IEEE 802.3 §3.2.6).
 */

import { PROTOCOL_LLC } from '../abi/families.ts'
import { read16 } from './bytes.ts'
import { layerOfEtherType } from './ether-type.ts'
import { available, foundEtherType, foundMacs, frame, LIMIT_IEEE8023_LENGTH, narrow, stopShort } from './frame.ts'
import { LAYER_ETHERNET, LAYER_LLC } from './layers.ts'

export const DESTINATION = 0
export const SOURCE = 6
export const TYPE = 12
export const ETHERNET_HEADER_LEN = 14

export const MAX_LENGTH_FIELD = 1500

export function decodeEthernet(): i32 {
  if (available() < ETHERNET_HEADER_LEN) return stopShort(LAYER_ETHERNET, ETHERNET_HEADER_LEN)
  foundMacs(frame.at + SOURCE, frame.at + DESTINATION)
  const type = read16(frame.at + TYPE)
  frame.at += ETHERNET_HEADER_LEN
  return layerOfTypeOrLength(type)
}

/** What follows an Ethernet type field, which is also how a VLAN tag ends. */
export function layerOfTypeOrLength(type: i32): i32 {
  if (type <= MAX_LENGTH_FIELD) {
    foundEtherType(PROTOCOL_LLC)
    narrow(frame.at + type, LIMIT_IEEE8023_LENGTH)
    return LAYER_LLC
  }
  foundEtherType(type)
  return layerOfEtherType(type)
}
