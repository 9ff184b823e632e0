/**
 * Frames of a batch → when each flow was first and last seen, and what its IP packets had in bytes. A pass of its own over the flow
 * and time columns, called only where somebody asked.
 *
 * Entries (src/abi/layout.ts) lie in pages that never move, where the flow's id says; room for 2^26 flows, as in the flow table.
 */
import {
  COLUMN_FLOW,
  COLUMN_IP_LENGTH,
  COLUMN_TIME,
  FLOW_TIME_FIRST,
  FLOW_TIME_IP_BYTES,
  FLOW_TIME_LAST,
  FLOW_TIME_LENGTH,
  FLOW_TIMES_PER_PAGE_BITS,
} from '../src/abi/layout.ts'
import { flowCount } from './flow-rows.ts'
import { allocate } from './memory.ts'
import { NO_TIME } from './time.ts'

const FLOWS_PER_PAGE: u32 = 1 << FLOW_TIMES_PER_PAGE_BITS
const MAX_PAGES: u32 = 1 << (26 - FLOW_TIMES_PER_PAGE_BITS)
const PAGE_LENGTH: usize = <usize>FLOWS_PER_PAGE * FLOW_TIME_LENGTH

@unmanaged
export class FlowTimes {
  /** Table of pages, and how many of them there are. */
  pages: usize
  pageCount: u32
}

export function createFlowTimes(): FlowTimes {
  const times = changetype<FlowTimes>(allocate(offsetof<FlowTimes>()))
  times.pages = allocate((<usize>MAX_PAGES) << 2)
  return times
}

/** Address of the entries of flows from page × 2^FLOW_TIMES_PER_PAGE_BITS on; the page is made when there is none. */
export function flowTimesPage(times: FlowTimes, page: u32): usize {
  while (times.pageCount <= page) {
    if (times.pageCount >= MAX_PAGES) unreachable()
    const at = allocate(PAGE_LENGTH)
    clearPage(at)
    store<usize>(times.pages + ((<usize>times.pageCount) << 2), at)
    times.pageCount++
  }
  return load<usize>(times.pages + ((<usize>page) << 2))
}

/** Forgets everything: flows have other ids now. */
export function clearFlowTimes(times: FlowTimes): void {
  for (let page: u32 = 0; page < times.pageCount; page++) clearPage(flowTimesPage(times, page))
}

/** Times that are later and earlier than any: the first frame needs no branch. */
function clearPage(page: usize): void {
  for (let at = page, end = page + PAGE_LENGTH; at < end; at += FLOW_TIME_LENGTH) {
    store<i64>(at, i64.MAX_VALUE, FLOW_TIME_FIRST)
    store<i64>(at, i64.MIN_VALUE, FLOW_TIME_LAST)
    store<u64>(at, 0, FLOW_TIME_IP_BYTES)
  }
}

/** Notes frames [from, to) of the batch at `columns`. Those without a time have none. */
export function noteFlowTimes(times: FlowTimes, columns: usize, from: u32, to: u32): void {
  const flows = flowCount()
  if (flows > 0) flowTimesPage(times, (flows - 1) >> FLOW_TIMES_PER_PAGE_BITS)
  for (let i = <usize>from, end = <usize>to; i < end; i++) {
    const flow = load<u32>(columns + (i << 2), COLUMN_FLOW)
    const page = load<usize>(times.pages + ((<usize>(flow >> FLOW_TIMES_PER_PAGE_BITS)) << 2))
    const at = page + <usize>(flow & (FLOWS_PER_PAGE - 1)) * FLOW_TIME_LENGTH
    const bytes = load<u64>(at, FLOW_TIME_IP_BYTES) + <u64>load<u32>(columns + (i << 2), COLUMN_IP_LENGTH)
    store<u64>(at, bytes, FLOW_TIME_IP_BYTES)
    const time = load<i64>(columns + (i << 3), COLUMN_TIME)
    if (time === NO_TIME) continue
    store<i64>(at, min(time, load<i64>(at, FLOW_TIME_FIRST)), FLOW_TIME_FIRST)
    store<i64>(at, max(time, load<i64>(at, FLOW_TIME_LAST)), FLOW_TIME_LAST)
  }
}
