/**
 * Frames and bytes by family and protocol number: a small open-addressing table that grows when a capture has hundreds of
 * EtherTypes. Entries (src/abi/layout.ts) are 24 bytes: family and protocol + 1, so that 0 is an empty one, then two u64.
 */
import { PROTOCOL_BYTES, PROTOCOL_ENTRY_LENGTH, PROTOCOL_PACKETS } from '../src/abi/layout.ts'
import { allocate } from './memory.ts'

const FIRST_ENTRIES: u32 = 256

@unmanaged
export class ProtocolSums {
  entries: usize
  /** Entries there is room for, a power of two, less one. */
  mask: u32
  count: u32
  /** Most frames are of the protocol of the frame before. */
  lastKey: u32
  last: usize
}

export function createProtocolSums(): ProtocolSums {
  const sums = changetype<ProtocolSums>(allocate(offsetof<ProtocolSums>()))
  sums.entries = allocate(<usize>FIRST_ENTRIES * PROTOCOL_ENTRY_LENGTH)
  sums.mask = FIRST_ENTRIES - 1
  return sums
}

export function clearProtocolSums(sums: ProtocolSums): void {
  memory.fill(sums.entries, 0, (<usize>sums.mask + 1) * PROTOCOL_ENTRY_LENGTH)
  sums.count = 0
  sums.lastKey = 0
}

export function protocolEntries(sums: ProtocolSums): usize {
  return sums.entries
}

/** Places for entries, empty or not. */
export function protocolPlaces(sums: ProtocolSums): u32 {
  return sums.mask + 1
}

/** Counts one frame of `family << 16 | protocol`. */
export function noteProtocol(sums: ProtocolSums, protocol: u32, bytes: u32): void {
  const key = protocol + 1
  if (key !== sums.lastKey) {
    sums.last = entryOf(sums, key)
    sums.lastKey = key
  }
  const entry = sums.last
  store<u64>(entry, load<u64>(entry, PROTOCOL_PACKETS) + 1, PROTOCOL_PACKETS)
  store<u64>(entry, load<u64>(entry, PROTOCOL_BYTES) + bytes, PROTOCOL_BYTES)
}

function entryOf(sums: ProtocolSums, key: u32): usize {
  const entry = placeOf(sums, key)
  if (load<u32>(entry) === key) return entry
  store<u32>(entry, key)
  if (++sums.count <= sums.mask >>> 1) return entry
  grow(sums)
  return placeOf(sums, key)
}

/** The entry of a key, or the empty one where it belongs. */
function placeOf(sums: ProtocolSums, key: u32): usize {
  let index: u32 = (key * 0x9e3779b1) >>> 8
  while (true) {
    const entry = sums.entries + <usize>(index & sums.mask) * PROTOCOL_ENTRY_LENGTH
    const there = load<u32>(entry)
    if (there === key || there === 0) return entry
    index++
  }
}

function grow(sums: ProtocolSums): void {
  const old = sums.entries
  const end = old + (<usize>sums.mask + 1) * PROTOCOL_ENTRY_LENGTH
  sums.mask = (sums.mask << 1) | 1
  sums.entries = allocate((<usize>sums.mask + 1) * PROTOCOL_ENTRY_LENGTH)
  for (let entry = old; entry < end; entry += PROTOCOL_ENTRY_LENGTH) {
    const key = load<u32>(entry)
    if (key !== 0) memory.copy(placeOf(sums, key), entry, PROTOCOL_ENTRY_LENGTH)
  }
}
