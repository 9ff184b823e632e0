/**
 * Interfaces of everything that was read, in the order of their first description. pcapng describes them in blocks; a pcap
 * file is one. Link type, snaplen and clock belong to the interface, not to the file.
 */
import {
  HAS_DROPPED,
  HAS_FAR_TIMES,
  HAS_RECEIVED,
  INTERFACE_DROPPED,
  INTERFACE_FAR_HIGHEST,
  INTERFACE_FAR_LOWEST,
  INTERFACE_FLAGS,
  INTERFACE_LENGTH,
  INTERFACE_LINKTYPE,
  INTERFACE_NAME,
  INTERFACE_NAME_LENGTH,
  INTERFACE_RECEIVED,
  INTERFACE_SNAPLEN,
  INTERFACE_TSOFFSET,
  INTERFACE_TSRESOL,
} from '../src/abi/layout.ts'
import { allocate } from './memory.ts'
import { Clock, setResolution } from './time.ts'

const INTERFACES_PER_PAGE: u32 = 256
const MAX_PAGES: u32 = 256
/** A capture that describes more has been made to exhaust memory. */
export const MAX_INTERFACES: u32 = INTERFACES_PER_PAGE * MAX_PAGES
/** Longer names are cut: Windows device names, the longest in the field, have about 50 bytes. */
const MAX_NAME_LENGTH: u32 = 128

const ENTRY_LENGTH: usize = INTERFACE_LENGTH + offsetof<Clock>()

const pages = memory.data(256 * 4, 8)
let count: u32 = 0

export function interfaceCount(): u32 {
  return count
}

/** Address of an interface's row, see src/abi/layout.ts. */
export function interfaceRow(id: u32): usize {
  return (
    load<usize>(pages + <usize>(id / INTERFACES_PER_PAGE) * sizeof<usize>()) +
    <usize>(id % INTERFACES_PER_PAGE) * ENTRY_LENGTH
  )
}

export function interfaceClock(id: u32): Clock {
  return changetype<Clock>(interfaceRow(id) + INTERFACE_LENGTH)
}

/** Adds an interface and returns its id, which must be below MAX_INTERFACES. */
export function addInterface(linktype: u32, snaplen: u32): u32 {
  const id = count++
  if (id % INTERFACES_PER_PAGE === 0) {
    store<usize>(
      pages + <usize>(id / INTERFACES_PER_PAGE) * sizeof<usize>(),
      allocate(<usize>INTERFACES_PER_PAGE * ENTRY_LENGTH),
    )
  }
  const row = interfaceRow(id)
  store<u32>(row + INTERFACE_LINKTYPE, linktype)
  store<u32>(row + INTERFACE_SNAPLEN, snaplen)
  return id
}

export function nameInterface(id: u32, name: usize, length: u32): void {
  if (length > MAX_NAME_LENGTH) length = MAX_NAME_LENGTH
  const copy = allocate(length)
  memory.copy(copy, name, length)
  store<u32>(interfaceRow(id) + INTERFACE_NAME, <u32>copy)
  store<u32>(interfaceRow(id) + INTERFACE_NAME_LENGTH, length)
}

/** Counters of an Interface Statistics Block. They count from the start of the capture, so the last block holds. */
export function setReceived(id: u32, received: u64): void {
  const row = interfaceRow(id)
  store<u64>(row + INTERFACE_RECEIVED, received)
  store<u32>(row + INTERFACE_FLAGS, load<u32>(row + INTERFACE_FLAGS) | HAS_RECEIVED)
}

export function setDropped(id: u32, dropped: u64): void {
  const row = interfaceRow(id)
  store<u64>(row + INTERFACE_DROPPED, dropped)
  store<u32>(row + INTERFACE_FLAGS, load<u32>(row + INTERFACE_FLAGS) | HAS_DROPPED)
}

/** Keeps the extremes of the timestamps that do not fit in nanoseconds: the host computes them exactly, when asked. */
export function noteFarTime(id: u32, ticks: u64): void {
  const row = interfaceRow(id)
  const flags = load<u32>(row + INTERFACE_FLAGS)
  const first = (flags & HAS_FAR_TIMES) === 0
  if (first || ticks < load<u64>(row + INTERFACE_FAR_LOWEST)) store<u64>(row + INTERFACE_FAR_LOWEST, ticks)
  if (first || ticks > load<u64>(row + INTERFACE_FAR_HIGHEST)) store<u64>(row + INTERFACE_FAR_HIGHEST, ticks)
  store<u32>(row + INTERFACE_FLAGS, flags | HAS_FAR_TIMES)
}

/** Sets the clock of an interface and keeps what the file said of it. */
export function setClock(id: u32, tsresol: u32, tsoffset: i64): void {
  const row = interfaceRow(id)
  store<u32>(row + INTERFACE_TSRESOL, tsresol)
  store<i64>(row + INTERFACE_TSOFFSET, tsoffset)
  setResolution(interfaceClock(id), tsresol, tsoffset)
}

/** Adds to a u64. */
export function addTo(counter: usize, value: u64): void {
  store<u64>(counter, load<u64>(counter) + value)
}
