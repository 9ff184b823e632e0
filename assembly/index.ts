/**
 * What the host may call. src/capture/module.ts has the same list as a TypeScript interface; ABI_VERSION changes whenever
 * a call, the layout (src/abi) or a meaning does.
 *
 * A reader is an address, opaque to the host. Per stream: createReader, then until the end: makeRoom, write bytes at
 * writeAddress (at most writeRoom of them), push, and parse until it returns 0; then finish.
 */
import {
  FAULT_CUT_FILE_HEADER,
  FAULT_NONE,
  FAULT_NOT_A_CAPTURE,
  FORMAT_PCAPNG,
  FORMAT_UNKNOWN,
} from '../src/abi/faults.ts'
import { findBoundary } from './boundary.ts'
import { countFrames, createCounter, noteFrames, protocolsOf, resetCounter } from './counter.ts'
import { endsRoom, filterRoom, refusedLinktype, setFilter } from './filter.ts'
import { flowCount, flowRow } from './flow-rows.ts'
import { clearFlowTable, configureFlowTable, findRows, flowExchange } from './flow-table.ts'
import { clearFlowTimes, createFlowTimes, flowTimesPage, noteFlowTimes } from './flow-times.ts'
import { interfaceCount, interfaceRow } from './interfaces.ts'
import { forgetNameFrames, markNames, nameBlocks, nameFrames, takeNameBlocks } from './name-frames.ts'
import { endPcap, MAGIC, MAGIC_MODIFIED, MAGIC_NANOSECOND, readPcapHeader, readPcapRecords } from './pcap.ts'
import { BLOCK_SECTION_HEADER, endPcapng, readPcapngBlocks } from './pcapng.ts'
import { frameField, probeBegin, probeStep, setTunnels } from './probe.ts'
import { protocolEntries, protocolPlaces } from './protocol-sums.ts'
import {
  createReader,
  endRangeAt,
  fail,
  findPendingFlows,
  has,
  isAtRangeEnd,
  isBetweenRecords,
  makeRoom,
  Reader,
  resetReader,
  seekReader,
  setLengthBasis,
  setTimeRange,
  useFilter,
} from './reader.ts'
import { beginSalvage, resync } from './salvage.ts'
import { addTallyRows, createTally, reserveTally, takeTally, tallyCount, tallyRows } from './tally.ts'
import { tcpConversationCount } from './tcp-conversations.ts'
import { reserveTcpFlows, tcpFlowRow } from './tcp-flows.ts'
import { configureTcp, trackTcp } from './tcp-health.ts'
import { readTcpConversations } from './tcp-rows.ts'

// asc resolves `export … from` differently from `import`, so what passes through is imported first.
export {
  addTallyRows,
  beginSalvage,
  clearFlowTable,
  clearFlowTimes,
  configureFlowTable,
  configureTcp,
  countFrames,
  createCounter,
  createFlowTimes,
  createReader,
  createTally,
  endRangeAt,
  endsRoom,
  filterRoom,
  findBoundary,
  findRows,
  flowCount,
  flowExchange,
  flowRow,
  flowTimesPage,
  forgetNameFrames,
  frameField,
  interfaceCount,
  interfaceRow,
  isAtRangeEnd,
  isBetweenRecords,
  makeRoom,
  markNames,
  nameBlocks,
  nameFrames,
  noteFlowTimes,
  noteFrames,
  probeBegin,
  probeStep,
  protocolEntries,
  protocolPlaces,
  protocolsOf,
  readTcpConversations,
  refusedLinktype,
  reserveTally,
  reserveTcpFlows,
  resetCounter,
  resetReader,
  resync,
  seekReader,
  setFilter,
  setLengthBasis,
  setTimeRange,
  setTunnels,
  takeNameBlocks,
  takeTally,
  tallyCount,
  tallyRows,
  tcpConversationCount,
  tcpFlowRow,
  trackTcp,
  useFilter,
}

export const ABI_VERSION: i32 = 4

const MAGIC_LENGTH: u32 = 4
/** A section header's type, total length and byte-order magic: enough to know pcapng, and to reject what only looks like it. */
const PCAPNG_START_LENGTH: u32 = 12

export function writeAddress(reader: Reader): usize {
  return reader.filled
}

export function writeRoom(reader: Reader): u32 {
  return <u32>(reader.bufferEnd - reader.filled)
}

/** `bytes` more bytes were written at writeAddress. */
export function push(reader: Reader, bytes: u32): void {
  reader.filled += bytes
}

/** Fills the batch with up to `limit` frames and returns how many; 0: more bytes are needed, or reading ended (readerFault). */
export function parse(reader: Reader, limit: u32): u32 {
  reader.count = 0
  reader.namedCount = 0
  reader.namedRefused = 0
  reader.batchLimit = limit
  if (reader.fault !== FAULT_NONE) return 0
  if (reader.format === FORMAT_UNKNOWN && !detectFormat(reader)) return 0
  if (reader.format === FORMAT_PCAPNG) readPcapngBlocks(reader)
  else readPcapRecords(reader)
  findPendingFlows(reader)
  return reader.count
}

function detectFormat(reader: Reader): bool {
  if (!has(reader, MAGIC_LENGTH)) return false
  const first = load<u32>(reader.at)
  if (first === BLOCK_SECTION_HEADER) {
    if (!has(reader, PCAPNG_START_LENGTH)) return false
    reader.format = FORMAT_PCAPNG
    return true
  }
  const isPcap = first === MAGIC || first === MAGIC_NANOSECOND || first === MAGIC_MODIFIED
  const other = bswap<u32>(first)
  const isSwapped = other === MAGIC || other === MAGIC_NANOSECOND || other === MAGIC_MODIFIED
  if (!isPcap && !isSwapped) return fail(reader, FAULT_NOT_A_CAPTURE, reader.at, other, reader.filled - reader.at)
  reader.swapped = isSwapped
  return readPcapHeader(reader)
}

/** Reading may go on behind damage: after a fault beginSalvage, then resync until it has found a record or there is none. */
export function allowSalvage(reader: Reader): void {
  reader.salvages = true
}

/** No more bytes will come. To be said before the last calls of parse, when salvaging. */
export function drain(reader: Reader): void {
  reader.drained = true
}

/** The stream ended. A record that is not whole is a fault. */
export function finish(reader: Reader): void {
  if (reader.fault !== FAULT_NONE) return
  const there = <u32>(reader.filled - reader.at)
  if (reader.format === FORMAT_PCAPNG) endPcapng(reader)
  else if (reader.format !== FORMAT_UNKNOWN) endPcap(reader)
  else if (there < MAGIC_LENGTH) fail(reader, FAULT_NOT_A_CAPTURE, reader.at, 0, there)
  else fail(reader, FAULT_CUT_FILE_HEADER, reader.at, there, reader.wanted)
}

/** Marks of the frames of the batch that can hold a name, and how many there are. */
export function readerNamed(reader: Reader): usize {
  return reader.named
}

export function readerNamedCount(reader: Reader): u32 {
  return reader.namedCount
}

export function readerColumns(reader: Reader): usize {
  return reader.columns
}

/** Bytes [unreadAddress, writeAddress) are read from the stream and not yet parsed. */
export function unreadAddress(reader: Reader): usize {
  return reader.at
}

export function readerFrames(reader: Reader): u64 {
  return reader.frames
}

/** Offset of the first frame's record: all that was described before it is enough to read what follows. */
export function readerFirstFrame(reader: Reader): u64 {
  return reader.firstFrame
}

/** Nothing was described behind the first frame. */
export function isDescribedAtStart(reader: Reader): bool {
  return reader.descriptions === reader.firstDescriptions
}

/** Offset into the capture of the next unread record. */
export function readerOffset(reader: Reader): u64 {
  return reader.offset + <u64>(reader.at - reader.buffer)
}

export function readerFormat(reader: Reader): u32 {
  return reader.format
}

export function readerFault(reader: Reader): u32 {
  return reader.fault
}

export function readerFaultOffset(reader: Reader): u64 {
  return reader.faultOffset
}

export function readerFaultA(reader: Reader): u64 {
  return reader.faultA
}

export function readerFaultB(reader: Reader): u64 {
  return reader.faultB
}
