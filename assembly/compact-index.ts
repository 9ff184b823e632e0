/**
 * Keys to ids, for what most frames are: TCP or UDP over IPv4, told apart by nothing but addresses and ports. Such a key has
 * 97 bits and lies in its slot, whole:
 *
 *      0        4             8               12       14            16 bytes
 *     +--------+-------------+---------------+--------+-------------+
 *     | source | destination | source port, destination port | (id + 1) × 2 + (1 for UDP) |
 *     +--------+-------------+---------------+--------+-------------+
 *
 * So looking a frame up touches one cache line, where an index of hashes touches two and a half. Fields that were not asked
 * for are 0, as in a row.
 */
import { FAMILY_IPV4 } from '../src/abi/families.ts'
import {
  ROW_DESTINATION,
  ROW_FAMILY,
  ROW_INTERFACE,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_SOURCE,
  ROW_SOURCE_PORT,
  ROW_VLAN,
} from '../src/abi/layout.ts'
import { addRow, flowRow, recycle } from './flow-rows.ts'
import { keyLength } from './key-shape.ts'
import { allocate } from './memory.ts'

const SLOT_LENGTH: usize = 16
const FIRST_SLOTS: u32 = 1 << 12
export const PROTOCOL_TCP: u32 = 6
export const PROTOCOL_UDP: u32 = 17
/** Ports, and which protocol: what of a slot's second half belongs to the key. */
const KEY_HALF: u64 = 0x1ffffffff

let seed: u64 = 0
let slots: usize = 0
let slotMask: u32 = 0
let count: u32 = 0
let growAt: u32 = 0

export function configureCompactIndex(hashSeed: u64): void {
  seed = hashSeed
  slots = allocate(<usize>FIRST_SLOTS * SLOT_LENGTH)
  slotMask = FIRST_SLOTS - 1
  growAt = roomIn(FIRST_SLOTS)
}

export function clearCompactIndex(): void {
  count = 0
  memory.fill(slots, 0, (<usize>slotMask + 1) * SLOT_LENGTH)
}

/** Writes a key: addresses as the frame has them, ports as numbers, the source's in the low half. */
export function writeCompactKey(to: usize, source: u32, destination: u32, ports: u32, isUdp: bool): void {
  store<u64>(to, <u64>source | ((<u64>destination) << 32))
  store<u64>(to, <u64>ports | ((<u64>isUdp) << 32), 8)
}

/** Turns a key that is laid out as a row into a compact one, in place. False when it is none. */
export function compactKey(key: usize): bool {
  const protocol = <u32>load<u16>(key, ROW_PROTOCOL)
  if (load<u16>(key, ROW_FAMILY) !== FAMILY_IPV4 || (protocol !== PROTOCOL_TCP && protocol !== PROTOCOL_UDP))
    return false
  if (keyLength !== ROW_LENGTH || load<u32>(key, ROW_VLAN) !== 0 || load<u32>(key, ROW_INTERFACE) !== 0) return false
  const ports = load<u32>(key, ROW_SOURCE_PORT)
  writeCompactKey(key, load<u32>(key, ROW_SOURCE), load<u32>(key, ROW_DESTINATION), ports, protocol === PROTOCOL_UDP)
  return true
}

export function hashCompactKey(key: usize): u32 {
  const a = (seed ^ load<u64>(key)) * 0x9e3779b97f4a7c15
  const b = (seed + load<u64>(key, 8)) * 0xbf58476d1ce4e5b9
  const h = (a ^ (a >> 32) ^ b ^ (b >> 29)) * 0x94d049bb133111eb
  return <u32>(h >> 32)
}

/** Address of the slot where the search for a hash begins. */
export function compactSlot(hash: u32): usize {
  return slots + <usize>(hash & slotMask) * SLOT_LENGTH
}

/** The id of a key; a new one on first sight. */
export function findCompactKey(key: usize, hash: u32): u32 {
  const first = load<u64>(key)
  const second = load<u64>(key, 8)
  let slot: u32 = hash & slotMask
  while (true) {
    const at = slots + <usize>slot * SLOT_LENGTH
    const entry = load<u64>(at, 8)
    if (load<u64>(at) === first && ((entry ^ second) & KEY_HALF) === 0 && entry >> 32 !== 0)
      return <u32>(entry >> 33) - 1
    if (entry >> 32 === 0) return addCompactKey(key, at)
    slot = (slot + 1) & slotMask
  }
}

function addCompactKey(key: usize, slot: usize): u32 {
  const id = addRow()
  const isUdp = load<u32>(key, 12)
  const row = flowRow(id)
  memory.fill(row, 0, ROW_LENGTH)
  store<u32>(row, load<u32>(key), ROW_SOURCE)
  store<u32>(row, load<u32>(key, 4), ROW_DESTINATION)
  store<u32>(row, load<u32>(key, 8), ROW_SOURCE_PORT)
  store<u16>(row, <u16>(isUdp !== 0 ? PROTOCOL_UDP : PROTOCOL_TCP), ROW_PROTOCOL)
  store<u16>(row, FAMILY_IPV4, ROW_FAMILY)
  store<u64>(slot, load<u64>(key))
  store<u64>(slot, load<u64>(key, 8) | ((<u64>(id + 1)) << 33), 8)
  if (++count === growAt) grow()
  return id
}

/** Five of eight: a slot is sixteen bytes, and four of them, where probing goes on, are one cache line. */
function roomIn(slotCount: u32): u32 {
  return (slotCount >>> 3) * 5
}

function grow(): void {
  const oldSlots = slots
  const oldLength = (<usize>slotMask + 1) * SLOT_LENGTH
  const length = oldLength << 1
  slots = allocate(length)
  slotMask = <u32>(length / SLOT_LENGTH) - 1
  growAt = roomIn(slotMask + 1)
  const key = memory.data(16, 8)
  for (let at = oldSlots, end = oldSlots + oldLength; at < end; at += SLOT_LENGTH) {
    const entry = load<u64>(at, 8)
    if (entry >> 32 === 0) continue
    store<u64>(key, load<u64>(at))
    store<u64>(key, entry & KEY_HALF, 8)
    let slot: u32 = hashCompactKey(key) & slotMask
    while (load<u32>(slots + <usize>slot * SLOT_LENGTH, 12) !== 0) slot = (slot + 1) & slotMask
    v128.store(slots + <usize>slot * SLOT_LENGTH, v128.load(at))
  }
  recycle(oldSlots, oldLength)
}
