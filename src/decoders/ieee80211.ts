/**
 * IEEE 802.11 frames, LINKTYPE_IEEE802_11 (105). Little-endian. Only plain data frames lead further, to LLC.
 * Control frames are shorter (§9.3.1): CTS and ACK end behind address 1, the others have address 2. Extension frames
 * (§9.3.4) and protocol version 1 (§9.8) have other headers, which are not read.
 *
 *      0               2          4           10          16          22         24          30
 *     +---------------+----------+-----------+-----------+-----------+----------+-----------+----
 *     | frame control | duration | address 1 | address 2 | address 3 | sequence | address 4 | QoS
 *     +---------------+----------+-----------+-----------+-----------+----------+-----------+----
 *
 * Address 4 is there when ToDS and FromDS are both set, QoS control in QoS subtypes, HT control when the Order bit is set in
 * a QoS frame (IEEE 802.11-2020 §9.3.2.1). Which address is the source depends on the DS bits (§9.3.2.1, table 9-30).
 */

import { PROTOCOL_IEEE80211 } from '../abi/families.ts'
import { read8, readLittle16 } from './bytes.ts'
import { available, foundEtherType, foundMacs, frame, STOP_UNSUPPORTED, stop, stopShort } from './frame.ts'
import { LAYER_IEEE80211, LAYER_LLC, LAYER_NONE } from './layers.ts'

export const FRAME_CONTROL = 0
export const DURATION = 2
export const ADDRESS_1 = 4
export const ADDRESS_2 = 10
export const ADDRESS_3 = 16
export const SEQUENCE_CONTROL = 22
export const ADDRESS_4 = 24
export const IEEE80211_MIN_DATA_HEADER_LEN = 24
export const ONE_ADDRESS_HEADER_LEN = 10
export const TWO_ADDRESSES_HEADER_LEN = 16
export const ADDRESS_4_LEN = 6
export const QOS_CONTROL_LEN = 2
export const HT_CONTROL_LEN = 4
/** Destination, source and length in front of each frame of an aggregate (A-MSDU). */
const AGGREGATE_SUBHEADER_LEN = 14
export const AGGREGATE_PRESENT = 0x80

const VERSION_MASK = 3
export const TYPE_CONTROL = 1
export const TYPE_DATA = 2
const TYPE_EXTENSION = 3
export const SUBTYPE_CTS = 12
export const SUBTYPE_ACK = 13
const SUBTYPE_NO_DATA = 4
export const SUBTYPE_QOS = 8
export const TO_DS = 0x0100
export const FROM_DS = 0x0200
export const PROTECTED = 0x4000
export const ORDER = 0x8000

export function decodeIeee80211(): i32 {
  if (available() < ONE_ADDRESS_HEADER_LEN) return stopShort(LAYER_IEEE80211, ONE_ADDRESS_HEADER_LEN)
  const at = frame.at
  const control = readLittle16(at + FRAME_CONTROL)
  const type = (control >> 2) & 3
  const subtype = (control >> 4) & 15
  if ((control & VERSION_MASK) !== 0 || type === TYPE_EXTENSION) {
    foundEtherType(PROTOCOL_IEEE80211)
    return stop(STOP_UNSUPPORTED, LAYER_IEEE80211, ONE_ADDRESS_HEADER_LEN)
  }
  if (type === TYPE_CONTROL) return decodeControlFrame(subtype)
  if (available() < IEEE80211_MIN_DATA_HEADER_LEN) return stopShort(LAYER_IEEE80211, IEEE80211_MIN_DATA_HEADER_LEN)
  const toDs = (control & TO_DS) !== 0
  const fromDs = (control & FROM_DS) !== 0
  const fourAddresses = toDs && fromDs && type === TYPE_DATA

  let length: i32 = IEEE80211_MIN_DATA_HEADER_LEN
  if (fourAddresses) length += ADDRESS_4_LEN
  if (available() < length) return stopShort(LAYER_IEEE80211, length)
  if (type === TYPE_DATA) {
    const source: i32 = fourAddresses ? ADDRESS_4 : fromDs ? ADDRESS_3 : ADDRESS_2
    foundMacs(at + source, at + (toDs ? ADDRESS_3 : ADDRESS_1))
  } else {
    foundMacs(at + ADDRESS_2, at + ADDRESS_1)
  }
  foundEtherType(PROTOCOL_IEEE80211)
  if (type !== TYPE_DATA || (subtype & SUBTYPE_NO_DATA) !== 0 || (control & PROTECTED) !== 0) return LAYER_NONE

  if ((subtype & SUBTYPE_QOS) !== 0) {
    const qos = length
    length += QOS_CONTROL_LEN
    if ((control & ORDER) !== 0) length += HT_CONTROL_LEN
    if (available() < length) return stopShort(LAYER_IEEE80211, length)
    if ((read8(at + qos) & AGGREGATE_PRESENT) !== 0) length += AGGREGATE_SUBHEADER_LEN
  }
  if (available() < length) return stopShort(LAYER_IEEE80211, length)
  frame.at = at + length
  return LAYER_LLC
}

function decodeControlFrame(subtype: i32): i32 {
  if (subtype !== SUBTYPE_CTS && subtype !== SUBTYPE_ACK) {
    if (available() < TWO_ADDRESSES_HEADER_LEN) return stopShort(LAYER_IEEE80211, TWO_ADDRESSES_HEADER_LEN)
    foundMacs(frame.at + ADDRESS_2, frame.at + ADDRESS_1)
  }
  foundEtherType(PROTOCOL_IEEE80211)
  return LAYER_NONE
}
