/**
 * Where a record may begin, in bytes that start in the middle of a capture: the first place from which the records that are
 * there follow each other, to the end of the buffer or for long enough.
 *
 * A guess. Payload may hold whole captures, so whoever starts here holds the guess against where the records before it end.
 */
import { FORMAT_PCAPNG } from '../src/abi/faults.ts'
import { BLOCK_HEADER_LENGTH, BLOCK_OVERHEAD, isKept, MAX_KEPT_BLOCK } from './pcapng.ts'
import { offsetOf, Reader, u32At } from './reader.ts'

/** A chain of so many records is taken for one. A segment of a TCP stream that carries a capture holds fewer. */
const ENOUGH_RECORDS: u32 = 64
/** A shorter one ends with the file, or is none. */
const FEWEST_RECORDS: u32 = 2
/** Neighbours in a chain are at most this many seconds apart: ten days. */
const MOST_SECONDS_APART: u32 = 864000

/**
 * Passes over the bytes before the first place in the buffer where a record may begin. False when there is none. `isLast`:
 * the capture ends with the buffer.
 */
export function findBoundary(reader: Reader, isLast: bool): bool {
  const isPcapng = reader.format === FORMAT_PCAPNG
  const step: usize = isPcapng ? 4 : 1
  let at = reader.at
  // Blocks are padded to a multiple of four, from the start of the file on.
  while ((offsetOf(reader, at) & <u64>(step - 1)) !== 0) at++
  for (; at + BLOCK_OVERHEAD <= reader.filled; at += step) {
    const records = isPcapng ? blocksFrom(reader, at, isLast) : recordsFrom(reader, at, isLast)
    if (records < FEWEST_RECORDS) continue
    reader.at = at
    return true
  }
  return false
}

/** How many pcap records follow each other from `at` on; 0 when one of them cannot be. */
function recordsFrom(reader: Reader, at: usize, isLast: bool): u32 {
  const fractions: u32 = reader.fractionMultiplier === 1 ? 1000000000 : 1000000
  let count: u32 = 0
  let lastSeconds: u32 = 0
  while (count < ENOUGH_RECORDS) {
    if (at + reader.recordHeaderLength > reader.filled) break
    const seconds = u32At(reader, at)
    const caplen = u32At(reader, at + 8)
    const origlen = u32At(reader, at + 12)
    if (
      u32At(reader, at + 4) >= fractions ||
      caplen > reader.maxCaplen ||
      caplen > origlen ||
      origlen > reader.maxCaplen
    ) {
      return 0
    }
    if (count > 0) {
      const apart = seconds > lastSeconds ? seconds - lastSeconds : lastSeconds - seconds
      if (apart > MOST_SECONDS_APART) return 0
    }
    lastSeconds = seconds
    count++
    at += reader.recordHeaderLength + caplen
  }
  return isLast && at === reader.filled ? max(count, FEWEST_RECORDS) : count
}

/** How many pcapng blocks follow each other from `at` on; 0 when one of them cannot be. */
function blocksFrom(reader: Reader, at: usize, isLast: bool): u32 {
  let count: u32 = 0
  while (count < ENOUGH_RECORDS) {
    if (at + BLOCK_HEADER_LENGTH > reader.filled) break
    const type = u32At(reader, at)
    const length = u32At(reader, at + 4)
    if (length < BLOCK_OVERHEAD || (length & 3) !== 0 || length > MAX_KEPT_BLOCK || !isCommon(type)) return 0
    if (at + length > reader.filled) break
    if (u32At(reader, at + length - 4) !== length) return 0
    count++
    at += length
  }
  return isLast && at === reader.filled ? max(count, FEWEST_RECORDS) : count
}

/** Types that a capture may have between packets; a boundary may be missed at others, never taken wrongly. */
function isCommon(type: u32): bool {
  return isKept(type) || (type >= 4 && type <= 10)
}
