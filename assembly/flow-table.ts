/**
 * The flow table: key → dense id, in the order of first sight.
 *
 * Rows (src/abi/layout.ts) are dense and never move: they lie in pages of 16384. The index is an open-addressing table of
 * eight-byte slots, hash and id, so that probing touches one cache line as a rule and a row only when the whole hash agrees.
 * A slot area that is outgrown becomes row pages.
 *
 * The hash is seeded by the host: with a known seed, a hostile capture could choose addresses that all collide.
 * Ids do not depend on it.
 */

import { FAMILY_INTERFACE, FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_NONE } from '../src/abi/families.ts'
import {
  KEY_DESTINATION,
  KEY_DESTINATION_PORT,
  KEY_INTERFACE,
  KEY_MAC,
  KEY_SOURCE,
  KEY_SOURCE_PORT,
  KEY_VLAN,
} from '../src/abi/key-fields.ts'
import {
  ROW_DESTINATION,
  ROW_DESTINATION_MAC,
  ROW_DESTINATION_PORT,
  ROW_FAMILY,
  ROW_INTERFACE,
  ROW_LENGTH,
  ROW_LENGTH_WITH_MACS,
  ROW_PROTOCOL,
  ROW_SOURCE,
  ROW_SOURCE_MAC,
  ROW_SOURCE_PORT,
  ROW_VLAN,
} from '../src/abi/layout.ts'
import { frame } from '../src/decoders/frame.ts'
import { allocate } from './memory.ts'

const SLOT_LENGTH: usize = 8
const FIRST_SLOTS: u32 = 1 << 15
const ROWS_PER_PAGE_BITS: u32 = 14
const ROWS_PER_PAGE: u32 = 1 << ROWS_PER_PAGE_BITS
/** Room for 2^26 rows, which is more than four gigabytes hold. */
const MAX_PAGES: u32 = 1 << 12

let keyFields: u32 = 0
let rowLength: usize = ROW_LENGTH
let seed: u64 = 0

let slots: usize = 0
let slotMask: u32 = 0
let count: u32 = 0
let growAt: u32 = 0
let pageTable: usize = 0
/** What is left of an outgrown slot area, for pages. */
let spare: usize = 0
let spareEnd: usize = 0

/** The key of the frame at hand, laid out as a row. */
let key: usize = 0

/** Chooses the key and empties the table. Called once, before the first frame. */
export function configureFlowTable(fields: u32, hashSeed: u64): void {
  keyFields = fields
  rowLength = (fields & KEY_MAC) !== 0 ? ROW_LENGTH_WITH_MACS : ROW_LENGTH
  seed = hashSeed
  count = 0
  pageTable = allocate(MAX_PAGES * sizeof<usize>())
  key = allocate(ROW_LENGTH_WITH_MACS)
  slots = allocate(<usize>FIRST_SLOTS * SLOT_LENGTH)
  slotMask = FIRST_SLOTS - 1
  growAt = FIRST_SLOTS / 2
}

/** Forgets all flows: ids begin at 0 again. The memory is used anew. */
export function clearFlowTable(): void {
  count = 0
  memory.fill(slots, 0, (<usize>slotMask + 1) * SLOT_LENGTH)
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

/** The id of the flow of `frame`, as the walk left it; a new one on first sight. */
export function flowOfFrame(interfaceId: u32): u32 {
  writeKey(interfaceId)
  const hash = hashKey()
  let slot: u32 = hash & slotMask
  while (true) {
    const at = slots + <usize>slot * SLOT_LENGTH
    const entry = load<u64>(at)
    if (entry === 0) return addFlow(at, hash)
    if (<u32>entry === hash) {
      const id = <u32>(entry >> 32) - 1
      if (equalsKey(flowRow(id))) return id
    }
    slot = (slot + 1) & slotMask
  }
}

function writeKey(interfaceId: u32): void {
  const fields = keyFields
  const family = frame.family
  let interfaceKey: u32 = (fields & KEY_INTERFACE) !== 0 ? interfaceId + 1 : 0
  v128.store(key + ROW_SOURCE, i64x2.splat(0))
  v128.store(key + ROW_DESTINATION, i64x2.splat(0))
  if (family === FAMILY_IPV4) {
    if ((fields & KEY_SOURCE) !== 0) store<u32>(key + ROW_SOURCE, load<u32>(frame.source))
    if ((fields & KEY_DESTINATION) !== 0) store<u32>(key + ROW_DESTINATION, load<u32>(frame.destination))
  } else if (family === FAMILY_IPV6) {
    if ((fields & KEY_SOURCE) !== 0) v128.store(key + ROW_SOURCE, v128.load(frame.source))
    if ((fields & KEY_DESTINATION) !== 0) v128.store(key + ROW_DESTINATION, v128.load(frame.destination))
  } else if (family === FAMILY_MAC) {
    if ((fields & KEY_SOURCE) !== 0) copyMac(key + ROW_SOURCE, frame.source)
    if ((fields & KEY_DESTINATION) !== 0) copyMac(key + ROW_DESTINATION, frame.destination)
  } else if ((family === FAMILY_INTERFACE || family === FAMILY_NONE) && (fields & KEY_SOURCE) !== 0) {
    // Without addresses the interface stands for the source.
    interfaceKey = interfaceId + 1
  }
  store<u16>(key + ROW_SOURCE_PORT, (fields & KEY_SOURCE_PORT) !== 0 ? <u16>frame.sourcePort : 0)
  store<u16>(key + ROW_DESTINATION_PORT, (fields & KEY_DESTINATION_PORT) !== 0 ? <u16>frame.destinationPort : 0)
  store<u32>(key + ROW_VLAN, (fields & KEY_VLAN) !== 0 ? frame.vlan : 0)
  store<u16>(key + ROW_PROTOCOL, <u16>frame.protocol)
  store<u16>(key + ROW_FAMILY, <u16>family)
  store<u32>(key + ROW_INTERFACE, interfaceKey)
  if ((fields & KEY_MAC) !== 0) {
    v128.store(key + ROW_SOURCE_MAC, i64x2.splat(0))
    if (frame.sourceMac >= 0) {
      copyMac(key + ROW_SOURCE_MAC, frame.sourceMac)
      copyMac(key + ROW_DESTINATION_MAC, frame.destinationMac)
    }
  }
}

function copyMac(to: usize, from: usize): void {
  store<u32>(to, load<u32>(from))
  store<u16>(to + 4, load<u16>(from + 4))
}

/** Two independent lanes of multiply and fold, so that the multiplications overlap. */
function hashKey(): u32 {
  let a = (seed ^ load<u64>(key)) * 0x9e3779b97f4a7c15
  let b = (seed + load<u64>(key, 8)) * 0xbf58476d1ce4e5b9
  a = (a ^ (a >> 32) ^ load<u64>(key, 16)) * 0x94d049bb133111eb
  b = (b ^ (b >> 32) ^ load<u64>(key, 24)) * 0xd6e8feb86659fd93
  a = (a ^ (a >> 32) ^ load<u64>(key, 32)) * 0x9e3779b97f4a7c15
  b = (b ^ (b >> 32) ^ load<u64>(key, 40)) * 0xbf58476d1ce4e5b9
  if (rowLength === ROW_LENGTH_WITH_MACS) {
    a = (a ^ (a >> 32) ^ load<u64>(key, 48)) * 0x94d049bb133111eb
    b = (b ^ (b >> 32) ^ load<u64>(key, 56)) * 0xd6e8feb86659fd93
  }
  let h = (a ^ (a >> 32)) + (b ^ (b >> 29))
  h = (h ^ (h >> 32)) * 0x94d049bb133111eb
  return <u32>(h >> 32)
}

function equalsKey(row: usize): bool {
  let difference = v128.xor(v128.load(row), v128.load(key))
  difference = v128.or(difference, v128.xor(v128.load(row, 16), v128.load(key, 16)))
  difference = v128.or(difference, v128.xor(v128.load(row, 32), v128.load(key, 32)))
  if (rowLength === ROW_LENGTH_WITH_MACS) {
    difference = v128.or(difference, v128.xor(v128.load(row, 48), v128.load(key, 48)))
  }
  return !v128.any_true(difference)
}

function addFlow(slot: usize, hash: u32): u32 {
  const id = count++
  if ((id & (ROWS_PER_PAGE - 1)) === 0) addPage(id >> ROWS_PER_PAGE_BITS)
  memory.copy(flowRow(id), key, rowLength)
  store<u32>(slot, hash)
  store<u32>(slot, id + 1, 4)
  if (count === growAt) growSlots()
  return id
}

function addPage(page: u32): void {
  if (page >= MAX_PAGES) unreachable()
  // There since before the table was cleared.
  if (load<usize>(pageTable + <usize>page * sizeof<usize>()) !== 0) return
  const bytes = <usize>ROWS_PER_PAGE * rowLength
  let at = spare
  if (spareEnd - spare >= bytes) spare += bytes
  else at = allocate(bytes)
  store<usize>(pageTable + <usize>page * sizeof<usize>(), at)
}

function growSlots(): void {
  const oldSlots = slots
  const oldLength = (<usize>slotMask + 1) * SLOT_LENGTH
  const length = oldLength << 1
  slots = allocate(length)
  slotMask = <u32>(length / SLOT_LENGTH) - 1
  growAt = (slotMask + 1) >>> 1
  for (let at = oldSlots, end = oldSlots + oldLength; at < end; at += SLOT_LENGTH) {
    const entry = load<u64>(at)
    if (entry === 0) continue
    let slot: u32 = <u32>entry & slotMask
    while (load<u64>(slots + <usize>slot * SLOT_LENGTH) !== 0) slot = (slot + 1) & slotMask
    store<u64>(slots + <usize>slot * SLOT_LENGTH, entry)
  }
  spare = oldSlots
  spareEnd = oldSlots + oldLength
}
