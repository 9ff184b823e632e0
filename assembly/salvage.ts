/**
 * Going on behind damage: from bytes that contradict themselves to the next place where several records in a row fit.
 *
 * A guess, and a stricter one than that of boundary.ts, which somebody holds against the truth: here nobody can. Records
 * must be plausible in themselves, and near in time to the last sound frame or many. A chain that breaks off loses against a
 * better one that begins inside it: a capture that was recorded while it was sent has records in its payload. What is decided
 * depends on the bytes of the capture alone, however they come in: on LOOKAHEAD of them, or fewer where it ends.
 *
 * Every byte is looked at a bounded number of times: a chain has at most ENOUGH_RECORDS headers, and where the search for a
 * better one ends, reading goes on.
 */
import { FAULT_NONE, FORMAT_PCAPNG } from '../src/abi/faults.ts'
import { RESYNC_FOUND, RESYNC_MORE, RESYNC_NONE } from '../src/abi/layout.ts'
import { interfaceClock } from './interfaces.ts'
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_HEADER_LENGTH,
  BLOCK_INTERFACE,
  BLOCK_INTERFACE_STATISTICS,
  BLOCK_OVERHEAD,
  BLOCK_PACKET,
  BLOCK_SECTION_HEADER,
  BLOCK_SIMPLE_PACKET,
  BYTE_ORDER_MAGIC,
  MAX_KEPT_BLOCK,
  SECTION_HEADER_MIN,
} from './pcapng.ts'
import { caplenAt, isWithin, MOST_SECONDS_APART, ODD_CUT, ODD_TIME, oddities } from './plausible.ts'
import { LOOKAHEAD, NO_SECONDS, offsetOf, Reader, sectionInterface, u16At, u32At } from './reader.ts'
import { NO_TIME, timeOfTicks } from './time.ts'

/** A longer chain is not followed. */
const ENOUGH_RECORDS: u32 = 64
/** Of a chain near the last sound frame. */
const FEWEST_NEAR: u32 = 2
/** Of one that is far from it in time: to the end of what can be seen, and breaking off before it. */
const FEWEST_FAR: u32 = 3
const FEWEST_FAR_AND_BROKEN: u32 = 8
/** How near the last sound frame is, in seconds: a day. */
const NEAR_SECONDS: i64 = 86400

/** The chain that was followed last: how many records fit, and where the one begins that does not (0: all do). */
let fits: u32 = 0
let broken: usize = 0
/** It ends where the capture does. */
let ends: bool = false
/** It begins near the last sound frame. */
let near: bool = false
/** Where the last record begins that fits. */
let reached: usize = 0
let isPcapng: bool = false

/** Lets go of the record at which reading ended, see {@link resync}. */
export function beginSalvage(reader: Reader): void {
  reader.at++
}

/** Passes over bytes up to the next record and goes on there. Returns RESYNC_, see src/abi/layout.ts. */
export function resync(reader: Reader): u32 {
  const least = reader.format === FORMAT_PCAPNG ? BLOCK_OVERHEAD : reader.recordHeaderLength
  for (let at = reader.at; ; at++) {
    if (!reader.drained && at + LOOKAHEAD > reader.filled) return needMore(reader, at)
    if (at + least > reader.filled) {
      reader.at = reader.filled
      return RESYNC_NONE
    }
    follow(reader, at)
    if (!isEnough()) continue
    return isUnbroken() ? goOn(reader, at, reached) : goOnAtBetter(reader, at)
  }
}

/** The chain from `start` breaks off: a better one may begin inside it. */
function goOnAtBetter(reader: Reader, start: usize): u32 {
  let best = start
  let most = fits
  let end = broken
  let last = reached
  for (let at = notBefore(reader, start + 1, reader.comparedTo); at < end; at++) {
    if (!reader.drained && at + LOOKAHEAD > reader.filled) return needMore(reader, best)
    reader.comparedTo = offsetOf(reader, at)
    follow(reader, at)
    if (!isEnough() || (!isUnbroken() && fits <= most)) continue
    best = at
    last = reached
    if (isUnbroken()) break
    most = fits
    end = broken
  }
  return goOn(reader, best, last)
}

/**
 * Whether the pcap record of [start, end), behind which there is none, has others in it: a chain that begins inside goes on
 * beyond `end`, by more than a header.
 */
export function hidesRecords(reader: Reader, start: usize, end: usize): bool {
  for (let at = notBefore(reader, start + 1, reader.searchedTo); at < end; at++) {
    reader.searchedTo = offsetOf(reader, at)
    follow(reader, at)
    if (isEnough() && (isUnbroken() || (broken > end && reached > end))) return true
  }
  return false
}

function notBefore(reader: Reader, at: usize, offset: u64): usize {
  const here = offsetOf(reader, at)
  return offset > here ? at + <usize>(offset - here) : at
}

/** `last`: the last record of the chain. Those before it have been looked at. */
function goOn(reader: Reader, at: usize, last: usize): u32 {
  reader.at = at
  reader.fault = FAULT_NONE
  reader.believedTo = offsetOf(reader, last) + 1
  return RESYNC_FOUND
}

/** Twice as much as is looked at from one place: a better start may be that far behind. */
function needMore(reader: Reader, at: usize): u32 {
  reader.at = at
  reader.wanted = 2 * LOOKAHEAD
  return RESYNC_MORE
}

function isUnbroken(): bool {
  return broken === 0 || fits === ENOUGH_RECORDS
}

function isEnough(): bool {
  if (fits === 0) return false
  // A block of a capture within a packet does not end where the file does: the packet's own block goes on.
  if (ends && isPcapng) return true
  if (near) return ends || fits >= FEWEST_NEAR
  return fits >= (isUnbroken() ? FEWEST_FAR : FEWEST_FAR_AND_BROKEN)
}

function follow(reader: Reader, start: usize): void {
  fits = 0
  broken = 0
  ends = false
  near = false
  reached = start
  const limit = min(reader.filled, start + LOOKAHEAD)
  isPcapng = reader.format === FORMAT_PCAPNG
  if (isPcapng) followBlocks(reader, start, limit)
  else followRecords(reader, start, limit)
}

/** What goes beyond `limit` breaks the chain only when the capture ends there. */
function reach(reader: Reader, at: usize, limit: usize): void {
  const isEnd = reader.drained && limit === reader.filled
  if (isEnd && at === limit) ends = true
  else if (isEnd) broken = at
}

function followRecords(reader: Reader, start: usize, limit: usize): void {
  let before = reader.lastSeconds
  for (let at = start; fits < ENOUGH_RECORDS; ) {
    if (at + reader.recordHeaderLength > limit) {
      reach(reader, at, limit)
      return
    }
    const odd = oddities(reader, at, before, fits === 0 ? NEAR_SECONDS : MOST_SECONDS_APART) & ~reader.habits & ~ODD_CUT
    if (fits === 0 ? (odd & ~ODD_TIME) !== 0 : odd !== 0) {
      broken = at
      return
    }
    if (fits === 0) near = before !== NO_SECONDS && odd === 0
    const end = at + reader.recordHeaderLength + caplenAt(reader, at)
    if (end > limit && reader.drained && limit === reader.filled) {
      broken = at
      return
    }
    const seconds = <i64>u32At(reader, at)
    if (fits === 1 && isOutlier(before, reader.lastSeconds, seconds)) {
      fits = 0
      broken = start
      return
    }
    before = seconds
    reached = at
    fits++
    at = end
  }
}

/**
 * The first of a chain is out of the order that the last sound frame and the second of the chain are in: garbage has taken
 * the place of the first bytes of a header, which are the lowest of its seconds.
 */
function isOutlier(first: i64, last: i64, second: i64): bool {
  if (last === NO_SECONDS || !isWithin(last, second, NEAR_SECONDS)) return false
  return first < min(last, second) - 1 || first > max(last, second) + 1
}

function followBlocks(reader: Reader, start: usize, limit: usize): void {
  const swapped = reader.swapped
  let interfaces = reader.sectionInterfaceCount
  /** Packets of the interfaces that the reader knows. */
  let isOurs = true
  let isTimed = false
  for (let at = start, blocks: u32 = 0; blocks < ENOUGH_RECORDS; blocks++) {
    if (at + BLOCK_OVERHEAD > limit) {
      reach(reader, at, limit)
      break
    }
    if (load<u32>(at) === BLOCK_SECTION_HEADER) {
      const magic = load<u32>(at + BLOCK_HEADER_LENGTH)
      reader.swapped = magic !== BYTE_ORDER_MAGIC
      if (magic !== BYTE_ORDER_MAGIC && magic !== bswap<u32>(BYTE_ORDER_MAGIC)) {
        broken = at
        break
      }
    }
    const type = u32At(reader, at)
    const length = u32At(reader, at + 4)
    // What is not known may lie between blocks, and begins no chain.
    if (length < BLOCK_OVERHEAD || (length & 3) !== 0 || length > MAX_KEPT_BLOCK || (fits === 0 && !isKnown(type))) {
      broken = at
      break
    }
    if (at + length > limit) {
      reach(reader, at, limit)
      break
    }
    const body = at + BLOCK_HEADER_LENGTH
    if (u32At(reader, at + length - 4) !== length || !isPlausible(reader, type, body, length, interfaces)) {
      broken = at
      break
    }
    if (type === BLOCK_SECTION_HEADER) {
      interfaces = 0
      isOurs = false
      near = true
    } else if (type === BLOCK_INTERFACE) interfaces++
    else if ((type === BLOCK_ENHANCED_PACKET || type === BLOCK_PACKET) && isOurs && !isTimed) {
      isTimed = true
      near = isNear(reader, type === BLOCK_PACKET ? u16At(reader, body) : u32At(reader, body), body)
    }
    if (isKnown(type)) fits++
    at += length
  }
  // Without a time to compare, what the blocks say twice must do.
  if (isOurs && !isTimed) near = true
  reader.swapped = swapped
}

/** The body of a block holds what its type asks for. */
function isPlausible(reader: Reader, type: u32, body: usize, length: u32, interfaces: u32): bool {
  const bodyLength = length - BLOCK_OVERHEAD
  switch (type) {
    case BLOCK_SECTION_HEADER:
      return length >= SECTION_HEADER_MIN && u16At(reader, body + 4) === 1
    case BLOCK_INTERFACE:
      return bodyLength >= 8
    case BLOCK_INTERFACE_STATISTICS:
      return bodyLength >= 12 && u32At(reader, body) < interfaces
    case BLOCK_ENHANCED_PACKET:
      return bodyLength >= 20 && u32At(reader, body) < interfaces && u32At(reader, body + 12) <= bodyLength - 20
    case BLOCK_PACKET:
      return bodyLength >= 20 && u16At(reader, body) < interfaces && u32At(reader, body + 12) <= bodyLength - 20
    case BLOCK_SIMPLE_PACKET:
      return bodyLength >= 4 && interfaces > 0
    default:
      return true
  }
}

function isNear(reader: Reader, index: u32, body: usize): bool {
  if (reader.lastSeconds === NO_SECONDS) return false
  if (index >= reader.sectionInterfaceCount) return true
  const ticks = ((<u64>u32At(reader, body + 4)) << 32) | <u64>u32At(reader, body + 8)
  const time = timeOfTicks(interfaceClock(sectionInterface(reader, index)), ticks)
  return time !== NO_TIME && isWithin(time / 1000000000, reader.lastSeconds, NEAR_SECONDS)
}

/** Types with a form that can be checked, and those that are registered and without. */
function isKnown(type: u32): bool {
  return type === BLOCK_SECTION_HEADER || (type >= 1 && type <= 10)
}
