/**
 * pcapng framing, draft-ietf-opsawg-pcapng: blocks of a type, a total length (a multiple of 4, stated again at the end) and
 * a body. A Section Header sets the byte order and forgets the interfaces of the section before.
 *
 * Packets are in Enhanced, Simple and the obsolete Packet Blocks. Blocks that hold none are passed over by their length,
 * without being kept in memory. One bad option costs the options behind it, never a packet.
 */
import {
  FAULT_BLOCK_LENGTH,
  FAULT_BLOCK_TOO_LONG,
  FAULT_BLOCK_TOO_SHORT,
  FAULT_BLOCK_TRAILER,
  FAULT_BYTE_ORDER_MAGIC,
  FAULT_CUT_BLOCK,
  FAULT_CUT_RECORD_HEADER,
  FAULT_INTERFACE,
  FAULT_PACKET_IN_BLOCK,
  FAULT_PCAPNG_VERSION,
  FAULT_TOO_MANY_INTERFACES,
  FORMAT_PCAPNG,
} from '../src/abi/faults.ts'
import { INTERFACE_LINKTYPE, INTERFACE_SNAPLEN } from '../src/abi/layout.ts'
import {
  addInterface,
  interfaceClock,
  interfaceCount,
  interfaceRow,
  MAX_INTERFACES,
  nameInterface,
  noteFarTime,
  setClock,
  setDropped,
  setReceived,
} from './interfaces.ts'
import { keepNameBlock, MAX_NAME_BLOCK, marksNames } from './name-frames.ts'
import {
  addFrame,
  addSectionInterface,
  batchIsFull,
  fail,
  has,
  Reader,
  sectionInterface,
  u16At,
  u32At,
  u64At,
} from './reader.ts'
import { NO_TIME, timeOfTicks } from './time.ts'

/** Reads the same in both byte orders. */
export const BLOCK_SECTION_HEADER: u32 = 0x0a0d0d0a
export const BLOCK_INTERFACE: u32 = 1
export const BLOCK_PACKET: u32 = 2
export const BLOCK_SIMPLE_PACKET: u32 = 3
const BLOCK_NAME_RESOLUTION: u32 = 4
export const BLOCK_INTERFACE_STATISTICS: u32 = 5
export const BLOCK_ENHANCED_PACKET: u32 = 6

export const BYTE_ORDER_MAGIC: u32 = 0x1a2b3c4d
export const BLOCK_HEADER_LENGTH: u32 = 8
export const BLOCK_OVERHEAD: u32 = 12
export const SECTION_HEADER_MIN: u32 = 28
/** A block that is kept whole while it is read: an interface, statistics, a packet. */
export const MAX_KEPT_BLOCK: u32 = 16 << 20
/** Wireshark's limit for any block: above it a length is damage. */
const MAX_BLOCK: u32 = 134348832

const OPTION_END: u32 = 0
const OPTION_IF_NAME: u32 = 2
const OPTION_IF_TSRESOL: u32 = 9
const OPTION_IF_TSOFFSET: u32 = 14
const OPTION_ISB_IFRECV: u32 = 4
const OPTION_ISB_IFDROP: u32 = 5
const MICROSECONDS: u32 = 6

/** Takes whole blocks until the batch is full (true) or more bytes are needed or damage is met (false). */
export function readPcapngBlocks(reader: Reader): bool {
  while (!batchIsFull(reader)) {
    if (reader.skipTrailer !== 0 && !skipBlock(reader)) return false
    if (reader.at >= reader.stopAt || !has(reader, BLOCK_OVERHEAD)) return false
    if (load<u32>(reader.at) === BLOCK_SECTION_HEADER && !chooseByteOrder(reader)) return false
    const at = reader.at
    const type = u32At(reader, at)
    const length = u32At(reader, at + 4)
    if (length < BLOCK_OVERHEAD || (length & 3) !== 0) return fail(reader, FAULT_BLOCK_LENGTH, at, length, 0)
    const hasNames = marksNames && type === BLOCK_NAME_RESOLUTION && length <= MAX_NAME_BLOCK
    const kept = isKept(type) || hasNames
    // There is no way back from a wrong length: who salvages passes over no block without having seen its end.
    const whole = kept || reader.salvages
    const longest = whole ? MAX_KEPT_BLOCK : MAX_BLOCK
    if (length > longest) return fail(reader, FAULT_BLOCK_TOO_LONG, at, length, longest)
    if (!whole) {
      reader.skip = length - 4
      reader.skipTrailer = length
      continue
    }
    if (!has(reader, length)) return false
    const trailer = u32At(reader, at + length - 4)
    if (trailer !== length) return fail(reader, FAULT_BLOCK_TRAILER, at, length, trailer)
    if (kept && !readBlock(reader, type, at, length)) return false
    reader.at = at + length
  }
  return true
}

/** The input ended: says what was cut, if something was. */
export function endPcapng(reader: Reader): void {
  if (reader.skipTrailer !== 0) {
    const passed = reader.skipTrailer - 4 - reader.skip
    const there = passed + <u64>(reader.filled - reader.at)
    fail(reader, FAULT_CUT_BLOCK, reader.at, there, reader.skipTrailer)
    // The block's start has left the buffer; its offset is what is reported.
    reader.faultOffset -= passed
    return
  }
  const left = <u32>(reader.filled - reader.at)
  if (left === 0) return
  if (left < BLOCK_OVERHEAD) fail(reader, FAULT_CUT_RECORD_HEADER, reader.at, left, BLOCK_OVERHEAD)
  else fail(reader, FAULT_CUT_BLOCK, reader.at, left, reader.wanted)
}

/** Blocks that are read, and so kept whole while they are; all others are passed over. */
export function isKept(type: u32): bool {
  return (
    type === BLOCK_ENHANCED_PACKET ||
    type === BLOCK_SIMPLE_PACKET ||
    type === BLOCK_PACKET ||
    type === BLOCK_INTERFACE ||
    type === BLOCK_INTERFACE_STATISTICS ||
    type === BLOCK_SECTION_HEADER
  )
}

/** Passes over the rest of a block that is not kept. False: more bytes are needed, or its trailing length is wrong. */
function skipBlock(reader: Reader): bool {
  const there = <u64>(reader.filled - reader.at)
  const step = min(there, reader.skip)
  reader.at += <usize>step
  reader.skip -= step
  if (reader.skip > 0 || !has(reader, 4)) {
    reader.wanted = 4
    return false
  }
  const trailer = u32At(reader, reader.at)
  const length = reader.skipTrailer
  // The block's start has left the buffer; its offset is what is reported.
  if (trailer !== length) {
    fail(reader, FAULT_BLOCK_TRAILER, reader.at, length, trailer)
    reader.faultOffset -= <u64>(length - 4)
    return false
  }
  reader.at += 4
  reader.skipTrailer = 0
  return true
}

function chooseByteOrder(reader: Reader): bool {
  const magic = load<u32>(reader.at + BLOCK_HEADER_LENGTH)
  if (magic === BYTE_ORDER_MAGIC) reader.swapped = false
  else if (magic === bswap<u32>(BYTE_ORDER_MAGIC)) reader.swapped = true
  else return fail(reader, FAULT_BYTE_ORDER_MAGIC, reader.at, bswap<u32>(magic), 0)
  return true
}

function readBlock(reader: Reader, type: u32, at: usize, length: u32): bool {
  const body = at + BLOCK_HEADER_LENGTH
  const bodyLength = length - BLOCK_OVERHEAD
  switch (type) {
    case BLOCK_NAME_RESOLUTION: {
      keepNameBlock(body, bodyLength, reader.swapped)
      return true
    }
    case BLOCK_ENHANCED_PACKET: {
      if (bodyLength < 20) return fail(reader, FAULT_BLOCK_TOO_SHORT, at, type, length)
      return readPacket(reader, at, u32At(reader, body), body, bodyLength)
    }
    case BLOCK_PACKET: {
      if (bodyLength < 20) return fail(reader, FAULT_BLOCK_TOO_SHORT, at, type, length)
      // Interface id of 16 bits and a drop count where the Enhanced Packet Block has an id of 32 bits.
      return readPacket(reader, at, u16At(reader, body), body, bodyLength)
    }
    case BLOCK_SIMPLE_PACKET: {
      if (bodyLength < 4) return fail(reader, FAULT_BLOCK_TOO_SHORT, at, type, length)
      return readSimplePacket(reader, at, body, bodyLength)
    }
    case BLOCK_INTERFACE: {
      if (bodyLength < 8) return fail(reader, FAULT_BLOCK_TOO_SHORT, at, type, length)
      return readInterface(reader, at, body, bodyLength)
    }
    case BLOCK_INTERFACE_STATISTICS: {
      if (bodyLength < 12) return fail(reader, FAULT_BLOCK_TOO_SHORT, at, type, length)
      readStatistics(reader, body, bodyLength)
      return true
    }
    default:
      return readSectionHeader(reader, at, body, length)
  }
}

function readSectionHeader(reader: Reader, at: usize, body: usize, length: u32): bool {
  if (length < SECTION_HEADER_MIN) return fail(reader, FAULT_BLOCK_TOO_SHORT, at, BLOCK_SECTION_HEADER, length)
  const major = u16At(reader, body + 4)
  const minor = u16At(reader, body + 6)
  if (major !== 1) return fail(reader, FAULT_PCAPNG_VERSION, at, major, minor)
  reader.format = FORMAT_PCAPNG
  reader.sectionInterfaceCount = 0
  reader.descriptions++
  return true
}

function readInterface(reader: Reader, at: usize, body: usize, bodyLength: u32): bool {
  if (interfaceCount() >= MAX_INTERFACES) return fail(reader, FAULT_TOO_MANY_INTERFACES, at, MAX_INTERFACES, 0)
  const id = addInterface(u16At(reader, body), u32At(reader, body + 4))
  addSectionInterface(reader, id)
  reader.descriptions++

  let tsresol = MICROSECONDS
  let tsoffset: i64 = 0
  let name: usize = 0
  let nameLength: u32 = 0
  const end = body + bodyLength
  for (let option = body + 8; option + 4 <= end; ) {
    const code = u16At(reader, option)
    const length = u16At(reader, option + 2)
    const value = option + 4
    if (code === OPTION_END || value + length > end) break
    if (code === OPTION_IF_NAME) {
      name = value
      nameLength = length
    } else if (code === OPTION_IF_TSRESOL && length >= 1) tsresol = load<u8>(value)
    else if (code === OPTION_IF_TSOFFSET && length >= 8) tsoffset = <i64>u64At(reader, value)
    option = value + ((length + 3) & ~3)
  }
  setClock(id, tsresol, tsoffset)
  nameInterface(id, name, nameLength)
  return true
}

function readStatistics(reader: Reader, body: usize, bodyLength: u32): void {
  const index = u32At(reader, body)
  if (index >= reader.sectionInterfaceCount) return
  const id = sectionInterface(reader, index)
  const end = body + bodyLength
  for (let option = body + 12; option + 4 <= end; ) {
    const code = u16At(reader, option)
    const length = u16At(reader, option + 2)
    const value = option + 4
    if (code === OPTION_END || value + length > end) break
    if (code === OPTION_ISB_IFRECV && length === 8) setReceived(id, u64At(reader, value))
    else if (code === OPTION_ISB_IFDROP && length === 8) setDropped(id, u64At(reader, value))
    option = value + ((length + 3) & ~3)
  }
}

function readPacket(reader: Reader, at: usize, index: u32, body: usize, bodyLength: u32): bool {
  if (index >= reader.sectionInterfaceCount)
    return fail(reader, FAULT_INTERFACE, at, index, reader.sectionInterfaceCount)
  const caplen = u32At(reader, body + 12)
  if (caplen > bodyLength - 20) return fail(reader, FAULT_PACKET_IN_BLOCK, at, caplen, bodyLength - 20)
  const id = sectionInterface(reader, index)
  const ticks = ((<u64>u32At(reader, body + 4)) << 32) | <u64>u32At(reader, body + 8)
  const time = timeOfTicks(interfaceClock(id), ticks)
  if (time === NO_TIME) noteFarTime(id, ticks)
  else if (reader.salvages) reader.lastSeconds = time / 1000000000
  addFrame(
    reader,
    id,
    load<u32>(interfaceRow(id) + INTERFACE_LINKTYPE),
    time,
    u32At(reader, body + 16),
    body + 20,
    caplen,
  )
  return true
}

/** A Simple Packet Block has no interface id (it is 0), no timestamp, and no captured length but the interface's snaplen. */
function readSimplePacket(reader: Reader, at: usize, body: usize, bodyLength: u32): bool {
  if (reader.sectionInterfaceCount === 0) return fail(reader, FAULT_INTERFACE, at, 0, 0)
  const id = sectionInterface(reader, 0)
  const row = interfaceRow(id)
  const snaplen = load<u32>(row + INTERFACE_SNAPLEN)
  const origlen = u32At(reader, body)
  const caplen = snaplen !== 0 ? min(origlen, snaplen) : origlen
  if (caplen > bodyLength - 4) return fail(reader, FAULT_PACKET_IN_BLOCK, at, caplen, bodyLength - 4)
  addFrame(reader, id, load<u32>(row + INTERFACE_LINKTYPE), NO_TIME, origlen, body + 4, caplen)
  return true
}
