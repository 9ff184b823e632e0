/** TCP counts by flow id (src/abi/tcp-layout.ts): rows in pages that never move, 64 bytes a flow. */
import { TCP_FLOW_WORDS, TCP_FLOWS_PER_PAGE_BITS } from '../src/abi/tcp-layout.ts'
import { allocate } from './memory.ts'

const FLOWS_PER_PAGE: u32 = 1 << TCP_FLOWS_PER_PAGE_BITS
const ROW_LENGTH: usize = TCP_FLOW_WORDS << 2
/** Room for 2^26 flows, as in the flow table. */
const MAX_PAGES: u32 = 1 << (26 - TCP_FLOWS_PER_PAGE_BITS)

let pages: usize = 0
let pageCount: u32 = 0

export function configureTcpFlows(): void {
  pages = allocate((<usize>MAX_PAGES) << 2)
}

/** Makes room for flows below `flows`. */
export function reserveTcpFlows(flows: u32): void {
  while ((<u64>pageCount) << TCP_FLOWS_PER_PAGE_BITS < <u64>flows) {
    store<usize>(pages + ((<usize>pageCount) << 2), allocate(<usize>FLOWS_PER_PAGE * ROW_LENGTH))
    pageCount++
  }
}

/** Address of the row of a flow, for which there is room. */
export function tcpFlowRow(flow: u32): usize {
  const page = load<usize>(pages + ((<usize>(flow >> TCP_FLOWS_PER_PAGE_BITS)) << 2))
  return page + <usize>(flow & (FLOWS_PER_PAGE - 1)) * ROW_LENGTH
}

/** Adds one to a number of a row. */
export function count(row: usize, number: usize): void {
  store<u32>(row + (number << 2), load<u32>(row + (number << 2)) + 1)
}
