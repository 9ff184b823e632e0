/**
 * The rows of flows (src/abi/layout.ts) by id: dense, in pages that never move.
 */
import { ROWS_PER_PAGE_BITS } from '../src/abi/layout.ts'
import { allocate } from './memory.ts'

const ROWS_PER_PAGE: u32 = 1 << ROWS_PER_PAGE_BITS
/** Room for 2^26 rows, which is more than four gigabytes hold. */
const MAX_PAGES: u32 = 1 << 12

let rowLength: usize = 0
let count: u32 = 0
let pageTable: usize = 0
/** What is left of an area that an index has outgrown, for pages. */
let spare: usize = 0
let spareEnd: usize = 0

/** Called once, before the first row. */
export function configureRows(length: usize): void {
  rowLength = length
  pageTable = allocate(MAX_PAGES * sizeof<usize>())
}

/** Forgets all rows: ids begin at 0 again. The memory is used anew. */
export function clearRows(): void {
  count = 0
}

export function flowCount(): u32 {
  return count
}

/** Address of the row of flow `id`, which must exist. */
export function flowRow(id: u32): usize {
  return (
    load<usize>(pageTable + <usize>(id >> ROWS_PER_PAGE_BITS) * sizeof<usize>()) +
    <usize>(id & (ROWS_PER_PAGE - 1)) * rowLength
  )
}

/** Makes a row, whose bytes the caller writes, and returns its id. */
export function addRow(): u32 {
  const id = count++
  if ((id & (ROWS_PER_PAGE - 1)) === 0) addPage(id >> ROWS_PER_PAGE_BITS)
  return id
}

/** Memory that nobody needs any more. */
export function recycle(start: usize, bytes: usize): void {
  spare = start
  spareEnd = start + bytes
}

function addPage(page: u32): void {
  if (page >= MAX_PAGES) unreachable()
  // There since before the rows were cleared.
  if (load<usize>(pageTable + <usize>page * sizeof<usize>()) !== 0) return
  const bytes = <usize>ROWS_PER_PAGE * rowLength
  let at = spare
  if (spareEnd - spare >= bytes) spare += bytes
  else at = allocate(bytes)
  store<usize>(pageTable + <usize>page * sizeof<usize>(), at)
}
