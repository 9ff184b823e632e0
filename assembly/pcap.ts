/**
 * pcap framing, draft-ietf-opsawg-pcap: a file header of 24 bytes, then records.
 *
 *      file:    magic 4 | major 2 | minor 2 | reserved 8 | snaplen 4 | link type 4 (low 16 bits; above: FCS length)
 *      record:  seconds 4 | fraction 4 | captured length 4 | original length 4 [ | 8 more in the modified form ]
 *
 * The magic tells byte order and fraction: a1b2c3d4 microseconds, a1b23c4d nanoseconds, a1b2cd34 the modified form of
 * Alexey Kuznetzov's patches. Files older than version 2.3, and of 543.0 (DG/UX), have the lengths in the other order;
 * version 2.3 files have them in either, and the captured length is the smaller one (libpcap, savefile.c).
 */
import {
  FAULT_CUT_PACKET,
  FAULT_CUT_RECORD_HEADER,
  FAULT_PCAP_VERSION,
  FAULT_RECORD_TOO_LONG,
  FAULT_TOO_MANY_INTERFACES,
  FORMAT_PCAP,
  FORMAT_PCAP_MODIFIED,
  FORMAT_PCAP_NANOSECOND,
} from '../src/abi/faults.ts'
import { isBelieved } from './belief.ts'
import { addInterface, interfaceCount, MAX_INTERFACES } from './interfaces.ts'
import { addFrame, batchIsFull, fail, has, Reader, u16At, u32At } from './reader.ts'

export const MAGIC: u32 = 0xa1b2c3d4
export const MAGIC_NANOSECOND: u32 = 0xa1b23c4d
export const MAGIC_MODIFIED: u32 = 0xa1b2cd34

const FILE_HEADER_LENGTH: u32 = 24
const RECORD_HEADER_LENGTH: u32 = 16
const MODIFIED_RECORD_HEADER_LENGTH: u32 = 24

/** libpcap's and Wireshark's own limit for a packet, whatever the file says of its snaplen. */
const USUAL_MAX_CAPLEN: u32 = 262144
/** A file with a larger snaplen may have larger records, up to what is still plausible and bounded. */
const LARGEST_MAX_CAPLEN: u32 = 16 << 20
const IMPLAUSIBLE_SNAPLEN: u32 = 1 << 28

export function readPcapHeader(reader: Reader): bool {
  if (!has(reader, FILE_HEADER_LENGTH)) return false
  const at = reader.at
  const magic = u32At(reader, at)
  const major = u16At(reader, at + 4)
  const minor = u16At(reader, at + 6)
  const dgux = major === 543 && minor === 0
  if (major !== 2 && !dgux) return fail(reader, FAULT_PCAP_VERSION, at, major, minor)
  if (interfaceCount() >= MAX_INTERFACES) return fail(reader, FAULT_TOO_MANY_INTERFACES, at, MAX_INTERFACES, 0)

  const snaplen = u32At(reader, at + 16)
  reader.linktype = u32At(reader, at + 20) & 0xffff
  reader.format =
    magic === MAGIC_NANOSECOND ? FORMAT_PCAP_NANOSECOND : magic === MAGIC_MODIFIED ? FORMAT_PCAP_MODIFIED : FORMAT_PCAP
  reader.fractionMultiplier = magic === MAGIC_NANOSECOND ? 1 : 1000
  reader.recordHeaderLength = magic === MAGIC_MODIFIED ? MODIFIED_RECORD_HEADER_LENGTH : RECORD_HEADER_LENGTH
  reader.lengthsSwapped = dgux || minor < 3 ? 1 : minor === 3 ? 2 : 0
  reader.maxCaplen = USUAL_MAX_CAPLEN
  if (snaplen > USUAL_MAX_CAPLEN && snaplen < IMPLAUSIBLE_SNAPLEN) reader.maxCaplen = min(snaplen, LARGEST_MAX_CAPLEN)
  reader.interfaceId = addInterface(reader.linktype, snaplen)
  reader.at = at + FILE_HEADER_LENGTH
  return true
}

/** Takes whole records until the batch is full (true) or more bytes are needed or damage is met (false). */
export function readPcapRecords(reader: Reader): bool {
  const headerLength = reader.recordHeaderLength
  while (!batchIsFull(reader)) {
    const at = reader.at
    if (at >= reader.stopAt || !has(reader, headerLength)) return false
    let caplen = u32At(reader, at + 8)
    let origlen = u32At(reader, at + 12)
    if (reader.lengthsSwapped === 1 || (reader.lengthsSwapped === 2 && caplen > origlen)) {
      const first = caplen
      caplen = origlen
      origlen = first
    }
    if (caplen > reader.maxCaplen) return fail(reader, FAULT_RECORD_TOO_LONG, at, caplen, reader.maxCaplen)
    if (reader.salvages && !isBelieved(reader, at)) return false
    if (!has(reader, headerLength + caplen)) return false
    const seconds = <i64>u32At(reader, at)
    const fraction = <i64>u32At(reader, at + 4)
    const time = seconds * 1000000000 + fraction * <i64>reader.fractionMultiplier
    addFrame(reader, reader.interfaceId, reader.linktype, time, origlen, at + headerLength, caplen)
    reader.at = at + headerLength + caplen
  }
  return true
}

/** The input ended: says what was cut, if something was. */
export function endPcap(reader: Reader): void {
  const left = <u32>(reader.filled - reader.at)
  if (left === 0) return
  if (left < reader.recordHeaderLength) {
    fail(reader, FAULT_CUT_RECORD_HEADER, reader.at, left, reader.recordHeaderLength)
  } else {
    fail(
      reader,
      FAULT_CUT_PACKET,
      reader.at,
      left - reader.recordHeaderLength,
      reader.wanted - reader.recordHeaderLength,
    )
  }
}
