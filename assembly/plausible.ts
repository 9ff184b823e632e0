/** How believable a pcap record header is. Nothing in the format confirms one: its lengths and its time must do. */
import { INTERFACE_SNAPLEN } from '../src/abi/layout.ts'
import { interfaceRow } from './interfaces.ts'
import { NO_SECONDS, Reader, u32At } from './reader.ts'

/** Far in time from the record before it. */
export const ODD_TIME: u32 = 1
/** Of a second, and a second or more. */
const ODD_FRACTION: u32 = 2
/** More captured than there was. */
const ODD_CAPLEN: u32 = 4
/** More than a record may hold, which no interface hands out. */
const ODD_ORIGLEN: u32 = 8
/** More captured than the file says of itself. */
const ODD_SNAPLEN: u32 = 16
/** Less captured than there was, and not because of the snaplen. */
export const ODD_CUT: u32 = 32
/** Zeros only: a hole in the file, or records of nothing at the end of one that was made longer in advance. */
export const ODD_ZEROS: u32 = 64
/** A captured length that ends reading. Never a record. */
export const ODD_TOO_LONG: u32 = 128
/** Sound neighbours are this many seconds apart at most: ten days. */
export const MOST_SECONDS_APART: i64 = 864000

/** Captured length of the record at `at`, in whichever order the file has the lengths. */
export function caplenAt(reader: Reader, at: usize): u32 {
  const first = u32At(reader, at + 8)
  if (reader.lengthsSwapped === 0) return first
  const second = u32At(reader, at + 12)
  return reader.lengthsSwapped === 1 ? second : min(first, second)
}

/** What is odd about the record header at `at`. `before`: seconds of the record before it; it may be `apart` from that. */
export function oddities(reader: Reader, at: usize, before: i64, apart: i64): u32 {
  const seconds = u32At(reader, at)
  const fraction = u32At(reader, at + 4)
  const caplen = caplenAt(reader, at)
  if (caplen > reader.maxCaplen) return ODD_TOO_LONG
  const first = u32At(reader, at + 8)
  const second = u32At(reader, at + 12)
  const origlen = first === caplen ? second : first
  if ((seconds | fraction | caplen | origlen) === 0) return ODD_ZEROS
  let odd: u32 = 0
  if (before !== NO_SECONDS && !isWithin(<i64>seconds, before, apart)) odd |= ODD_TIME
  if (fraction >= <u32>(reader.fractionMultiplier === 1 ? 1000000000 : 1000000)) odd |= ODD_FRACTION
  if (caplen > origlen) odd |= ODD_CAPLEN
  if (origlen > reader.maxCaplen) odd |= ODD_ORIGLEN
  const snaplen = load<u32>(interfaceRow(reader.interfaceId) + INTERFACE_SNAPLEN)
  if (snaplen !== 0 && caplen > snaplen) odd |= ODD_SNAPLEN
  if (caplen < origlen && caplen !== snaplen) odd |= ODD_CUT
  return odd
}

export function isWithin(a: i64, b: i64, apart: i64): bool {
  return a > b ? a - b <= apart : b - a <= apart
}
