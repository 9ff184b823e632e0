/** Headers below and between IP: which of their bytes are addresses, and which others say who sent them. */
import * as arp from '../decoders/arp.ts'
import * as ethernet from '../decoders/ethernet.ts'
import * as geneve from '../decoders/geneve.ts'
import * as gtp from '../decoders/gtp-u.ts'
import * as wlan from '../decoders/ieee80211.ts'
import * as llc from '../decoders/llc.ts'
import * as radiotap from '../decoders/radiotap.ts'
import * as teredo from '../decoders/teredo.ts'
import { type FrameBytes, IPV4_LENGTH, MAC_LENGTH } from './frame-bytes.ts'

export function rewriteEthernet(frame: FrameBytes, at: number): void {
  frame.hide(at + ethernet.DESTINATION, MAC_LENGTH)
  frame.hide(at + ethernet.SOURCE, MAC_LENGTH)
}

const COOKED_ADDRESS_LENGTH = 8

/** Linux cooked captures, both versions: eight bytes for an address of a length that is told. */
export function rewriteCookedAddress(frame: FrameBytes, address: number, length: number): void {
  const known = length === MAC_LENGTH || length === IPV4_LENGTH ? length : 0
  if (known > 0) frame.hide(address, known)
  frame.zero(address + known, address + COOKED_ADDRESS_LENGTH)
}

export function rewriteArp(frame: FrameBytes, at: number): void {
  const { bytes } = frame
  let address = at + arp.ADDRESSES
  for (let i = 0; i < 4; i++) {
    const length = bytes[at + (i % 2 === 0 ? arp.HARDWARE_LENGTH : arp.PROTOCOL_LENGTH)]!
    frame.hide(address, length)
    address += length
  }
}

/** All that is in it is of the receiver: how strong, where, when. */
export function rewriteRadiotap(frame: FrameBytes, at: number, end: number): void {
  frame.zero(at + radiotap.PRESENT, end)
}

/** Returns where the header ends. `next`: where the walk goes on, at the same place where it does not. */
export function rewriteIeee80211(frame: FrameBytes, at: number, next: number, end: number): number {
  const control = frame.view.getUint16(at + wlan.FRAME_CONTROL, true)
  const type = (control >> 2) & 3
  const subtype = (control >> 4) & 15
  frame.hide(at + wlan.ADDRESS_1, MAC_LENGTH)
  if (type === wlan.TYPE_CONTROL && (subtype === wlan.SUBTYPE_CTS || subtype === wlan.SUBTYPE_ACK)) {
    return at + wlan.ONE_ADDRESS_HEADER_LEN
  }
  frame.hide(at + wlan.ADDRESS_2, MAC_LENGTH)
  if (type === wlan.TYPE_CONTROL) return at + wlan.TWO_ADDRESSES_HEADER_LEN
  frame.hide(at + wlan.ADDRESS_3, MAC_LENGTH)
  let length = wlan.IEEE80211_MIN_DATA_HEADER_LEN
  if (type === wlan.TYPE_DATA && (control & wlan.TO_DS) !== 0 && (control & wlan.FROM_DS) !== 0) {
    frame.hide(at + wlan.ADDRESS_4, MAC_LENGTH)
    length += wlan.ADDRESS_4_LEN
  }
  if (next === at) {
    const isQos = type === wlan.TYPE_DATA && (subtype & wlan.SUBTYPE_QOS) !== 0
    return Math.min(end, at + length + (isQos ? wlan.QOS_CONTROL_LEN : 0))
  }
  const isAggregate = (subtype & wlan.SUBTYPE_QOS) !== 0 && (frame.bytes[at + length]! & wlan.AGGREGATE_PRESENT) !== 0
  if (isAggregate) {
    // Destination, source and length in front of the first frame of it.
    frame.hide(next - 2 * MAC_LENGTH - 2, MAC_LENGTH)
    frame.hide(next - MAC_LENGTH - 2, MAC_LENGTH)
  }
  return next
}

/** Returns where the header ends: where the walk does not go on, the bytes that say what would follow. */
export function endOfLlc(frame: FrameBytes, at: number, next: number, end: number): number {
  if (next > at) return next
  const { bytes } = frame
  const isSnap = bytes[at + llc.DSAP] === llc.SAP_SNAP && bytes[at + llc.CONTROL] === llc.UNNUMBERED_INFORMATION
  return Math.min(end, at + (isSnap ? llc.SNAP_HEADER_LEN : llc.LLC_HEADER_LEN))
}

export function rewriteGeneve(frame: FrameBytes, at: number, next: number): void {
  frame.zero(at + geneve.GENEVE_MIN_HEADER_LEN, next)
}

/** Of extension headers the length and what follows it stay: their first and their last byte. */
export function rewriteGtp(frame: FrameBytes, at: number, next: number): void {
  const { bytes } = frame
  for (let extension = at + gtp.LONG_HEADER_LEN; extension < next; ) {
    const length = Math.max(1, bytes[extension]!) << 2
    frame.zero(extension + 1, Math.min(next, extension + length - 1))
    extension += length
  }
}

/** The origin is written with all its bits inverted (RFC 4380 §5.1.1). */
export function rewriteTeredo(frame: FrameBytes, at: number, next: number): void {
  const { bytes, view } = frame
  let from = at
  if (next - from >= teredo.AUTHENTICATION_MIN_LEN && view.getUint16(from) === teredo.AUTHENTICATION) {
    const values = bytes[from + teredo.CLIENT_ID_LENGTH]! + bytes[from + teredo.VALUE_LENGTH]!
    const end = from + teredo.AUTHENTICATION_MIN_LEN + values
    frame.zero(from + 4, end)
    from = end
  }
  if (next - from < teredo.ORIGIN_LEN) return
  const address = from + teredo.ORIGIN_ADDRESS
  const invert = () => {
    for (let i = address; i < address + IPV4_LENGTH; i++) bytes[i]! ^= 0xff
  }
  invert()
  frame.hide(address, IPV4_LENGTH)
  invert()
}
