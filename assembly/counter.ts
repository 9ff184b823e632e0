/**
 * Frames of a batch to a tally: the pass behind the lookup, and the only one that knows of spans of time.
 *
 * A counter keeps what does not depend on the tally: bytes, captured bytes, the range of times, why decoding stopped; and
 * frames and bytes of each interface in the interface's row.
 */
import {
  COLUMN_CAPLEN,
  COLUMN_FLOW,
  COLUMN_INTERFACE,
  COLUMN_LENGTH,
  COLUMN_ORIGLEN,
  COLUMN_PROTOCOL,
  COLUMN_STOP,
  COLUMN_TIME,
  COUNTER_BYTES,
  COUNTER_CAPTURED,
  COUNTER_CUT,
  COUNTER_FIRST_TIME,
  COUNTER_LAST_TIME,
  COUNTER_LENGTH,
  COUNTER_PROTOCOLS,
  COUNTER_STOPS,
  INTERFACE_BYTES,
  INTERFACE_FRAMES,
} from '../src/abi/layout.ts'
import { flowCount } from './flow-rows.ts'
import { addTo, interfaceRow } from './interfaces.ts'
import { allocate } from './memory.ts'
import { clearProtocolSums, createProtocolSums, noteProtocol, ProtocolSums } from './protocol-sums.ts'
import { addToTally, reserveTally, Tally, touchTally } from './tally.ts'
import { NO_TIME } from './time.ts'

/** Frames whose counts are asked for before the first of them is counted. */
const FRAMES_AHEAD: usize = 128

/** Address of a counter, see src/abi/layout.ts. */
export function createCounter(): usize {
  const counter = allocate(COUNTER_LENGTH)
  store<usize>(counter, changetype<usize>(createProtocolSums()), COUNTER_PROTOCOLS)
  resetCounter(counter)
  return counter
}

export function resetCounter(counter: usize): void {
  memory.fill(counter, 0, COUNTER_PROTOCOLS)
  clearProtocolSums(protocolsOf(counter))
  store<i64>(counter, i64.MAX_VALUE, COUNTER_FIRST_TIME)
  store<i64>(counter, i64.MIN_VALUE, COUNTER_LAST_TIME)
}

export function protocolsOf(counter: usize): ProtocolSums {
  return changetype<ProtocolSums>(load<usize>(counter, COUNTER_PROTOCOLS))
}

/** Notes frames [from, to) of the batch at `columns`, whatever tallies they go into. */
export function noteFrames(counter: usize, columns: usize, from: u32, to: u32): void {
  const protocols = protocolsOf(counter)
  let bytes: u64 = 0
  let captured: u64 = 0
  let cut: u64 = 0
  let id: u32 = 0
  let idFrames: u32 = 0
  let idBytes: u64 = 0
  for (let i = <usize>from, end = <usize>to; i < end; i++) {
    const words = columns + (i << 2)
    const length = load<u32>(words, COLUMN_LENGTH)
    bytes += length
    noteProtocol(protocols, load<u32>(words, COLUMN_PROTOCOL), length)
    const caplen = load<u32>(words, COLUMN_CAPLEN)
    const origlen = load<u32>(words, COLUMN_ORIGLEN)
    captured += caplen
    cut += <u64>(caplen < origlen)
    const interfaceId = load<u32>(words, COLUMN_INTERFACE)
    if (interfaceId !== id) {
      noteInterface(id, idFrames, idBytes)
      id = interfaceId
      idFrames = 0
      idBytes = 0
    }
    idFrames++
    idBytes += origlen
    addTo(counter + COUNTER_STOPS + ((<usize>load<u8>(columns + i, COLUMN_STOP)) << 3), 1)
  }
  noteInterface(id, idFrames, idBytes)
  addTo(counter + COUNTER_BYTES, bytes)
  addTo(counter + COUNTER_CAPTURED, captured)
  addTo(counter + COUNTER_CUT, cut)
}

function noteInterface(id: u32, frames: u32, bytes: u64): void {
  if (frames === 0) return
  const row = interfaceRow(id)
  addTo(row + INTERFACE_FRAMES, frames)
  addTo(row + INTERFACE_BYTES, bytes)
}

/**
 * Counts frames [from, to) in `tally` as long as their time is in [first, last], and those without a time in `untimed`.
 * Returns the index of the first frame that is outside, or `to`.
 */
export function countFrames(
  counter: usize,
  columns: usize,
  from: u32,
  to: u32,
  tally: Tally,
  untimed: Tally,
  first: i64,
  last: i64,
): u32 {
  reserveTally(tally, flowCount() + 1)
  const span = <u64>(last - first)
  let lowest = i64.MAX_VALUE
  let highest = i64.MIN_VALUE
  let i = <usize>from
  let touched = i
  for (const end = <usize>to; i < end; i++) {
    if (i === touched) {
      const next = min(end, i + FRAMES_AHEAD)
      touchTally(tally, columns + COLUMN_FLOW + (i << 2), next - i)
      touched = next
    }
    const time = load<i64>(columns + (i << 3), COLUMN_TIME)
    const words = columns + (i << 2)
    if (<u64>(time - first) > span || time === NO_TIME) {
      if (time !== NO_TIME) break
      reserveTally(untimed, flowCount() + 1)
      addToTally(untimed, load<u32>(words, COLUMN_FLOW), load<u32>(words, COLUMN_LENGTH))
      continue
    }
    lowest = min(lowest, time)
    highest = max(highest, time)
    addToTally(tally, load<u32>(words, COLUMN_FLOW), load<u32>(words, COLUMN_LENGTH))
  }
  store<i64>(counter, min(lowest, load<i64>(counter, COUNTER_FIRST_TIME)), COUNTER_FIRST_TIME)
  store<i64>(counter, max(highest, load<i64>(counter, COUNTER_LAST_TIME)), COUNTER_LAST_TIME)
  return <u32>i
}
