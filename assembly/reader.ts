/**
 * A reader: one stream of bytes, the framing state it is in, and the batch of frames it fills.
 *
 * The host writes bytes of any number at `writeAt`; framing takes whole records and leaves the rest for the next push. The
 * buffer grows only when one record needs it. Several readers share the flow table and the interfaces: a merged capture.
 */

import { FAULT_NONE, FORMAT_UNKNOWN } from '../src/abi/faults.ts'
import {
  BASIS_FRAME,
  BASIS_IP,
  BASIS_PAYLOAD,
  BATCH_FRAMES,
  COLUMN_CAPLEN,
  COLUMN_DATA,
  COLUMN_FLOW,
  COLUMN_INTERFACE,
  COLUMN_IP_LENGTH,
  COLUMN_LENGTH,
  COLUMN_ORIGLEN,
  COLUMN_PROTOCOL,
  COLUMN_STOP,
  COLUMN_TIME,
  COLUMNS_LENGTH,
  FLOWS_TOGETHER,
  INTERFACE_FILTERED_BYTES,
  INTERFACE_FILTERED_FRAMES,
  INTERFACE_FILTERED_LENGTH,
} from '../src/abi/layout.ts'
import { frame, STOP_NONE } from '../src/decoders/frame.ts'
import { walkFrame } from '../src/decoders/walk.ts'
import { passesFilter } from './filter.ts'
import { findFlows, KEY_STRIDE } from './flow-table.ts'
import { commonProtocol, writeCommonKey, writeWalkedKey } from './frame-key.ts'
import { addTo, interfaceRow } from './interfaces.ts'
import { KEY_NONE } from './key-shape.ts'
import { allocate } from './memory.ts'
import { createMarks, markCommon, marksNames, markWalked } from './name-frames.ts'
import { NO_TIME } from './time.ts'

@unmanaged
export class Reader {
  /** Unread bytes are [at, filled) of the buffer [buffer, bufferEnd). */
  buffer: usize
  bufferEnd: usize
  at: usize
  filled: usize
  /** Offset into the capture of the byte at `buffer`. */
  offset: u64
  /** No record that starts at or behind this offset is read. */
  rangeEnd: u64
  /** The same as an address; beyond the buffer while the buffer ends before it. */
  stopAt: usize
  /** Bytes of the record at `at`, once known to be more than there are: the buffer must hold them. */
  wanted: u32
  /** Bytes of an uninteresting block that are still to be passed over. */
  skip: u64
  /** Total length that must follow a skipped block; 0 when none is pending. */
  skipTrailer: u32

  format: u32
  swapped: bool
  fault: u32
  faultOffset: u64
  faultA: u64
  faultB: u64

  /** pcap: ids, record form and clock. */
  interfaceId: u32
  linktype: u32
  recordHeaderLength: u32
  maxCaplen: u32
  fractionMultiplier: u64
  /** pcap: original length first: 1 always, 2 where it is the smaller one. */
  lengthsSwapped: u32

  /** pcapng: ids of the section's interfaces (u32 each), how many there are, and how many there is room for. */
  sectionInterfaces: usize
  sectionInterfaceCount: u32
  sectionInterfaceRoom: u32
  /** Blocks that said how to read those behind them: sections and interfaces. */
  descriptions: u32

  /** Reading goes on behind damage (salvage.ts). What follows is kept for this alone. */
  salvages: bool
  /** No more bytes will come. */
  drained: bool
  /** Seconds of the last frame that had a time. */
  lastSeconds: i64
  /** pcap: what is odd about its records though they are sound, and up to which offset they have been looked at for it. */
  habits: u32
  believedTo: u64
  /** Up to which offsets bytes were searched for records hidden in others, and for better chains: never again. */
  searchedTo: u64
  comparedTo: u64

  /** Frames taken from the stream, in batches or filtered out. */
  frames: u64
  /** Offset of the first frame's record, and what was described before it, or before the first seek. */
  firstFrame: u64
  firstDescriptions: u32

  columns: usize
  /** Frames of the batch that can hold a name (name-frames.ts): their marks, and how many. 0 unless asked for. */
  named: usize
  namedCount: u32
  /** Those of them that do not count: they lie at the end of the columns, from the last place downwards. */
  namedRefused: u32
  count: u32
  batchLimit: u32
}

/** What a reader that salvages looks at before it takes something for a record, unless the capture ends before. */
export const LOOKAHEAD: u32 = 1 << 19
export const NO_SECONDS: i64 = i64.MIN_VALUE

let basis: u32 = 0
/** Keys of the last frames of the batch, whose flows are not yet looked up. */
let pendingKeys: usize = 0
let pendingKinds: usize = 0
let pending: u32 = 0
let since: i64 = i64.MIN_VALUE
let until: i64 = i64.MAX_VALUE
let timed: bool = false
let filters: bool = false
/** Either of them: one question for each frame. */
let selects: bool = false

/** What the `length` column holds, see src/abi/layout.ts. */
export function setLengthBasis(next: u32): void {
  basis = next
}

/** Only frames of [from, to) get into batches. Frames without a time are outside every range. */
export function setTimeRange(from: i64, to: i64): void {
  since = from
  until = to
  timed = true
  selects = true
}

/** Only frames that the filter takes (filter.ts) get into batches, or all again. */
export function useFilter(use: bool): void {
  filters = use
  selects = timed || filters
}

export function createReader(bufferLength: u32): Reader {
  const reader = changetype<Reader>(allocate(offsetof<Reader>()))
  reader.columns = allocate(COLUMNS_LENGTH)
  reader.named = createMarks()
  if (pendingKeys === 0) {
    pendingKeys = allocate(<usize>FLOWS_TOGETHER * KEY_STRIDE)
    pendingKinds = allocate(FLOWS_TOGETHER)
  }
  reader.buffer = allocate(bufferLength)
  reader.bufferEnd = reader.buffer + bufferLength
  resetReader(reader)
  return reader
}

/** Makes a reader ready for another stream; its memory is used again. */
export function resetReader(reader: Reader): void {
  reader.at = reader.buffer
  reader.filled = reader.buffer
  reader.offset = 0
  endRangeAt(reader, u64.MAX_VALUE)
  reader.wanted = 0
  reader.skip = 0
  reader.skipTrailer = 0
  reader.format = FORMAT_UNKNOWN
  reader.swapped = false
  reader.fault = FAULT_NONE
  reader.sectionInterfaceCount = 0
  reader.descriptions = 0
  reader.firstDescriptions = 0
  reader.salvages = false
  reader.drained = false
  reader.lastSeconds = NO_SECONDS
  reader.habits = 0
  reader.believedTo = 0
  reader.searchedTo = 0
  reader.comparedTo = 0
  reader.frames = 0
  reader.count = 0
  reader.namedCount = 0
  reader.namedRefused = 0
  reader.batchLimit = BATCH_FRAMES
}

/** Adds an interface to the section. Their ids need not follow each other: another reader may add one in between. */
export function addSectionInterface(reader: Reader, id: u32): void {
  const count = reader.sectionInterfaceCount
  if (count === reader.sectionInterfaceRoom) {
    const room: u32 = count === 0 ? 8 : count << 1
    const ids = allocate((<usize>room) << 2)
    memory.copy(ids, reader.sectionInterfaces, (<usize>count) << 2)
    reader.sectionInterfaces = ids
    reader.sectionInterfaceRoom = room
  }
  store<u32>(reader.sectionInterfaces + ((<usize>count) << 2), id)
  reader.sectionInterfaceCount = count + 1
}

/** The id of an interface of the section; `index` is below sectionInterfaceCount. */
export function sectionInterface(reader: Reader, index: u32): u32 {
  return load<u32>(reader.sectionInterfaces + ((<usize>index) << 2))
}

/** Moves unread bytes to the front and makes room for the record at hand; then [filled, bufferEnd) may be written. */
export function makeRoom(reader: Reader): void {
  const unread = reader.filled - reader.at
  let target = reader.buffer
  const size = reader.bufferEnd - reader.buffer
  // Who salvages gives up at one byte and waits for as many again at the next: with room for twice that, what is moved is
  // never more than what has come in.
  const wanted = reader.salvages ? (<usize>reader.wanted) << 1 : <usize>reader.wanted
  if (reader.salvages && wanted <= size && reader.bufferEnd - reader.filled >= size >> 2) {
    if (reader.at + reader.wanted <= reader.bufferEnd) return
  }
  if (wanted > size) {
    let length = size
    while (length < wanted) length <<= 1
    target = allocate(length)
    reader.bufferEnd = target + length
  }
  if (target !== reader.at) memory.copy(target, reader.at, unread)
  reader.offset += reader.at - reader.buffer
  reader.buffer = target
  reader.at = target
  reader.filled = target + unread
  endRangeAt(reader, reader.rangeEnd)
}

/** Ends the range of records to read at `offset`, which is not before what is in the buffer. */
export function endRangeAt(reader: Reader, offset: u64): void {
  reader.rangeEnd = offset
  const most = <u64>(reader.bufferEnd - reader.buffer) + 1
  const ahead = offset > reader.offset ? offset - reader.offset : 0
  reader.stopAt = reader.buffer + <usize>min(ahead, most)
}

/** All records of the range have been read. */
export function isAtRangeEnd(reader: Reader): bool {
  return reader.at >= reader.stopAt && reader.skipTrailer === 0
}

/** The next unread byte begins a record, or the capture ends there: nothing is wrong, and no block is being passed over. */
export function isBetweenRecords(reader: Reader): bool {
  return reader.fault === FAULT_NONE && reader.skipTrailer === 0
}

/** Goes on with the bytes from `offset` on, which the host writes next, as if all before them had been read. */
export function seekReader(reader: Reader, offset: u64): void {
  reader.at = reader.buffer
  reader.filled = reader.buffer
  reader.offset = offset
  // Whoever seeks before the first frame knows what was described so far, and nothing of what comes.
  if (reader.firstDescriptions === 0) reader.firstDescriptions = reader.descriptions
  reader.wanted = 0
  reader.skip = 0
  reader.skipTrailer = 0
  reader.fault = FAULT_NONE
  endRangeAt(reader, u64.MAX_VALUE)
}

/** Offset into the capture of address `at`. */
export function offsetOf(reader: Reader, at: usize): u64 {
  return reader.offset + <u64>(at - reader.buffer)
}

/** Ends reading at the record that starts at `at`. Returns false, for framing loops to return. */
export function fail(reader: Reader, fault: u32, at: usize, a: u64, b: u64): bool {
  reader.fault = fault
  reader.faultOffset = offsetOf(reader, at)
  reader.faultA = a
  reader.faultB = b
  return false
}

/** Notes how many bytes the record at `at` has, all of which must be there. False: more bytes are needed first. */
export function has(reader: Reader, length: u32): bool {
  if (reader.filled - reader.at >= length) return true
  reader.wanted = length
  return false
}

export function u16At(reader: Reader, at: usize): u32 {
  const value = load<u16>(at)
  return reader.swapped ? <u32>bswap<u16>(value) : <u32>value
}

export function u32At(reader: Reader, at: usize): u32 {
  const value = load<u32>(at)
  return reader.swapped ? bswap<u32>(value) : value
}

export function u64At(reader: Reader, at: usize): u64 {
  const value = load<u64>(at)
  return reader.swapped ? bswap<u64>(value) : value
}

/** Decodes one frame and adds it to the batch, which must have room; its flow comes with findPendingFlows. */
export function addFrame(
  reader: Reader,
  interfaceId: u32,
  linktype: u32,
  time: i64,
  origlen: u32,
  data: usize,
  caplen: u32,
): void {
  if (reader.frames === 0) {
    reader.firstFrame = offsetOf(reader, reader.at)
    if (reader.firstDescriptions === 0) reader.firstDescriptions = reader.descriptions
  }
  reader.frames++
  if (selects && !isSelected(time, linktype, data, caplen, origlen)) {
    noteFiltered(interfaceId, linktype, origlen, data, caplen)
    if (marksNames) markRefused(reader, interfaceId, linktype, time, origlen, data, caplen)
    return
  }
  const key = pendingKeys + <usize>pending * KEY_STRIDE
  let length = origlen
  let stopReason: u32 = STOP_NONE
  // Other bases than the frame's length, and tunnels, are what only the walk knows of.
  const plain = basis === BASIS_FRAME && frame.tunnels === 0
  let kind = plain ? writeCommonKey(key, data, caplen, linktype, interfaceId) : KEY_NONE
  let protocol = commonProtocol
  if (kind === KEY_NONE) {
    walkFrame(linktype, <i32>data, <i32>caplen, <i32>origlen)
    kind = writeWalkedKey(key, interfaceId)
    protocol = ((<u32>frame.family) << 16) | (<u32>frame.protocol & 0xffff)
    length = countedLength(origlen)
    stopReason = frame.stopReason
    store<u32>(reader.columns + ((<usize>reader.count) << 2) + COLUMN_IP_LENGTH, frame.ipLength)
    if (marksNames) reader.namedCount += markWalked(reader.named, reader.namedCount, reader.count, data, time)
  } else if (marksNames) {
    reader.namedCount += markCommon(reader.named, reader.namedCount, reader.count, data, caplen, time)
  }
  store<u8>(pendingKinds + pending, <u8>kind)

  const index = <usize>reader.count
  reader.count++
  const words = reader.columns + (index << 2)
  store<i64>(reader.columns + (index << 3) + COLUMN_TIME, time)
  store<u32>(words + COLUMN_LENGTH, length)
  store<u32>(words + COLUMN_ORIGLEN, origlen)
  store<u32>(words + COLUMN_CAPLEN, caplen)
  store<u32>(words + COLUMN_INTERFACE, interfaceId)
  store<u32>(words + COLUMN_PROTOCOL, protocol)
  store<u32>(words + COLUMN_DATA, <u32>data)
  store<u8>(reader.columns + index + COLUMN_STOP, <u8>stopReason)
  if (++pending === FLOWS_TOGETHER) findPendingFlows(reader)
}

/** Fills the flow column of the frames that were added last. To be called before a batch is handed out. */
export function findPendingFlows(reader: Reader): void {
  findFlows(pendingKeys, pendingKinds, pending, reader.columns + COLUMN_FLOW + ((<usize>(reader.count - pending)) << 2))
  pending = 0
}

/** What the frame that was just walked counts for. */
function countedLength(origlen: u32): u32 {
  if (basis === BASIS_IP) return frame.ipLength
  return basis === BASIS_PAYLOAD ? frame.payloadLength : origlen
}

function isSelected(time: i64, linktype: u32, data: usize, caplen: u32, origlen: u32): bool {
  if (timed && (time < since || time >= until || time === NO_TIME)) return false
  return !filters || passesFilter(linktype, data, caplen, origlen)
}

function noteFiltered(interfaceId: u32, linktype: u32, origlen: u32, data: usize, caplen: u32): void {
  if (basis !== BASIS_FRAME) walkFrame(linktype, <i32>data, <i32>caplen, <i32>origlen)
  const row = interfaceRow(interfaceId)
  addTo(row + INTERFACE_FILTERED_FRAMES, 1)
  addTo(row + INTERFACE_FILTERED_BYTES, origlen)
  addTo(row + INTERFACE_FILTERED_LENGTH, countedLength(origlen))
}

/** A frame that does not count may tell a name all the same. Its place at the end of the columns is one less for the batch. */
function markRefused(
  reader: Reader,
  interfaceId: u32,
  linktype: u32,
  time: i64,
  origlen: u32,
  data: usize,
  caplen: u32,
): void {
  const index = BATCH_FRAMES - 1 - reader.namedRefused
  // The key is written over by the next frame that counts.
  const key = pendingKeys + <usize>pending * KEY_STRIDE
  const isCommon = frame.tunnels === 0 && writeCommonKey(key, data, caplen, linktype, interfaceId) !== KEY_NONE
  if (!isCommon) walkFrame(linktype, <i32>data, <i32>caplen, <i32>origlen)
  const isMarked = isCommon
    ? markCommon(reader.named, reader.namedCount, index, data, caplen, time)
    : markWalked(reader.named, reader.namedCount, index, data, time)
  if (isMarked === 0) return
  reader.namedCount++
  reader.namedRefused++
  reader.batchLimit = min(reader.batchLimit, index)
  const words = reader.columns + ((<usize>index) << 2)
  store<i64>(reader.columns + ((<usize>index) << 3) + COLUMN_TIME, time)
  store<u32>(words + COLUMN_ORIGLEN, origlen)
  store<u32>(words + COLUMN_CAPLEN, caplen)
  store<u32>(words + COLUMN_INTERFACE, interfaceId)
  store<u32>(words + COLUMN_DATA, <u32>data)
}

export function batchIsFull(reader: Reader): bool {
  return reader.count >= reader.batchLimit
}
