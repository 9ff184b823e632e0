/**
 * Radiotap, LINKTYPE_IEEE802_11_RADIOTAP (127): little-endian, of a length that it states, then the 802.11 frame
 * (radiotap.org, "Base format").
 */
import { readLittle16 } from './bytes.ts'
import { available, frame, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { LAYER_IEEE80211, LAYER_RADIOTAP } from './layers.ts'

export const VERSION = 0
export const LENGTH = 2
export const PRESENT = 4
export const RADIOTAP_MIN_HEADER_LEN = 8
/** Enough to read the length; older writers made headers shorter than the standard's eight bytes. */
const LENGTH_END = 4

export function decodeRadiotap(): i32 {
  if (available() < LENGTH_END) return stopShort(LAYER_RADIOTAP, RADIOTAP_MIN_HEADER_LEN)
  const length = readLittle16(frame.at + LENGTH)
  if (length < LENGTH_END) return stop(STOP_MALFORMED, LAYER_RADIOTAP, RADIOTAP_MIN_HEADER_LEN)
  if (available() < length) return stopShort(LAYER_RADIOTAP, length)
  frame.at += length
  return LAYER_IEEE80211
}
