/**
 * Tallies: packets and bytes per flow, for the flows that one bucket of time has seen.
 *
 * Two doubles for every flow, in pages that never move, and the list of the flows whose packets are not 0. Where a flow is
 * counted depends on its id alone: the processor knows the addresses of the next frames while it waits for the memory of
 * this one. (Cells in the order of first sight, found through an index, take less room and three times as long.)
 */
import { TALLY_ROW_LENGTH, TALLY_ROWS } from '../src/abi/layout.ts'
import { allocate, SINK } from './memory.ts'

const FLOWS_PER_PAGE_BITS: u32 = 14
const FLOWS_PER_PAGE: u32 = 1 << FLOWS_PER_PAGE_BITS
/** Room for 2^26 flows, as in the flow table. */
const MAX_PAGES: u32 = 1 << (26 - FLOWS_PER_PAGE_BITS)

const PACKETS: usize = 0
const BYTES: usize = 8
const COUNTS_LENGTH: usize = 16
/** Behind the counts of a page: as many entries of the list of flows seen. */
const SEEN: usize = <usize>FLOWS_PER_PAGE * COUNTS_LENGTH
const PAGE_LENGTH: usize = SEEN + ((<usize>FLOWS_PER_PAGE) << 2)

@unmanaged
export class Tally {
  /** Flows seen. */
  count: u32
  /** Table of pages, and how many of them there are. */
  pages: usize
  pageCount: u32
  /** Flows that were handed out since the first call of takeTally. */
  taken: u32
}

/** Rows on their way to the host. */
let rows: usize = 0

export function createTally(): Tally {
  if (rows === 0) rows = allocate(<usize>TALLY_ROWS * TALLY_ROW_LENGTH)
  const tally = changetype<Tally>(allocate(offsetof<Tally>()))
  tally.pages = allocate((<usize>MAX_PAGES) << 2)
  return tally
}

/** Flows in the tally. */
export function tallyCount(tally: Tally): u32 {
  return tally.count
}

/** Makes room for flows below `flows`. */
export function reserveTally(tally: Tally, flows: u32): void {
  while ((<u64>tally.pageCount) << FLOWS_PER_PAGE_BITS < <u64>flows) {
    store<usize>(tally.pages + ((<usize>tally.pageCount) << 2), allocate(PAGE_LENGTH))
    tally.pageCount++
  }
}

function pageOf(tally: Tally, index: u32): usize {
  return load<usize>(tally.pages + ((<usize>(index >> FLOWS_PER_PAGE_BITS)) << 2))
}

/** Counts one packet of `bytes`; there is room. Without a branch: half of the flows of a bucket are seen once or twice. */
export function addToTally(tally: Tally, flow: u32, bytes: u32): void {
  const at = pageOf(tally, flow) + <usize>(flow & (FLOWS_PER_PAGE - 1)) * COUNTS_LENGTH
  const packets = load<f64>(at, PACKETS)
  const count = tally.count
  // Written every time, and kept when it is the first.
  store<u32>(pageOf(tally, count) + ((<usize>(count & (FLOWS_PER_PAGE - 1))) << 2), flow, SEEN)
  tally.count = count + <u32>(packets === 0)
  store<f64>(at, packets + 1, PACKETS)
  store<f64>(at, load<f64>(at, BYTES) + <f64>bytes, BYTES)
}

/** Asks the memory for the counts of `count` flows, whose ids are the u32s at `flows`: see findFlows. */
export function touchTally(tally: Tally, flows: usize, count: usize): void {
  let sum: u32 = 0
  for (let at = flows, end = flows + (count << 2); at < end; at += 4) {
    const flow = load<u32>(at)
    sum += load<u32>(pageOf(tally, flow) + <usize>(flow & (FLOWS_PER_PAGE - 1)) * COUNTS_LENGTH)
  }
  store<u32>(SINK, sum)
}

/** Adds `count` rows at tallyRows, laid out as {@link takeTally} gives them; there is room for their flows. */
export function addTallyRows(tally: Tally, count: u32): void {
  let sum: u32 = 0
  for (let at = rows, end = rows + <usize>count * TALLY_ROW_LENGTH; at < end; at += TALLY_ROW_LENGTH) {
    const flow = <u32>load<f64>(at)
    sum += load<u32>(pageOf(tally, flow) + <usize>(flow & (FLOWS_PER_PAGE - 1)) * COUNTS_LENGTH)
  }
  store<u32>(SINK, sum)
  for (let at = rows, end = rows + <usize>count * TALLY_ROW_LENGTH; at < end; at += TALLY_ROW_LENGTH) {
    const flow = <u32>load<f64>(at)
    const counts = pageOf(tally, flow) + <usize>(flow & (FLOWS_PER_PAGE - 1)) * COUNTS_LENGTH
    const packets = load<f64>(counts, PACKETS)
    if (packets === 0) see(tally, flow)
    store<f64>(counts, packets + load<f64>(at, 8), PACKETS)
    store<f64>(counts, load<f64>(counts, BYTES) + load<f64>(at, 16), BYTES)
  }
}

function see(tally: Tally, flow: u32): void {
  const count = tally.count++
  store<u32>(pageOf(tally, count) + ((<usize>(count & (FLOWS_PER_PAGE - 1))) << 2), flow, SEEN)
}

/**
 * Moves the counts of up to TALLY_ROWS flows, in the order of their first frames, to the rows at tallyRows, as three doubles
 * each: flow, packets, bytes. Returns how many; 0 when the tally is empty, which it then is for good.
 */
export function takeTally(tally: Tally): u32 {
  const left = min(tally.count - tally.taken, <u32>TALLY_ROWS)
  for (let i: u32 = 0, to = rows; i < left; i++, to += TALLY_ROW_LENGTH) {
    const index = tally.taken + i
    const flow = load<u32>(pageOf(tally, index) + ((<usize>(index & (FLOWS_PER_PAGE - 1))) << 2), SEEN)
    const at = pageOf(tally, flow) + <usize>(flow & (FLOWS_PER_PAGE - 1)) * COUNTS_LENGTH
    store<f64>(to, <f64>flow)
    v128.store(to, v128.load(at), 8)
    v128.store(at, i64x2.splat(0))
  }
  tally.taken += left
  if (tally.taken === tally.count) {
    tally.taken = 0
    tally.count = 0
  }
  return left
}

export function tallyRows(): usize {
  return rows
}
