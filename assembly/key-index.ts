/**
 * Keys to ids, for keys of any kind: an open-addressing table of eight-byte slots, hash and id, so that probing touches one
 * cache line as a rule, and a row only when the whole hash agrees.
 */
import { ROW_LENGTH } from '../src/abi/layout.ts'
import { addRow, flowRow, recycle } from './flow-rows.ts'
import { keyLength } from './key-shape.ts'
import { allocate } from './memory.ts'

const SLOT_LENGTH: usize = 8
const FIRST_SLOTS: u32 = 1 << 12

let seed: u64 = 0
let slots: usize = 0
let slotMask: u32 = 0
let count: u32 = 0
let growAt: u32 = 0

export function configureKeyIndex(hashSeed: u64): void {
  seed = hashSeed
  slots = allocate(<usize>FIRST_SLOTS * SLOT_LENGTH)
  slotMask = FIRST_SLOTS - 1
  growAt = FIRST_SLOTS / 2
}

export function clearKeyIndex(): void {
  count = 0
  memory.fill(slots, 0, (<usize>slotMask + 1) * SLOT_LENGTH)
}

/** Address of the slot where the search for a hash begins. */
export function keySlot(hash: u32): usize {
  return slots + <usize>(hash & slotMask) * SLOT_LENGTH
}

/** Address of the row that a slot leads to; of the first row for an empty one. */
export function rowInSlot(slot: usize): usize {
  const id = load<u32>(slot, 4)
  return flowRow(id - <u32>(id !== 0))
}

/** The id of a key; a new one on first sight. */
export function findKey(key: usize, hash: u32): u32 {
  let slot: u32 = hash & slotMask
  while (true) {
    const at = slots + <usize>slot * SLOT_LENGTH
    const entry = load<u64>(at)
    if (entry === 0) return addKey(key, at, hash)
    if (<u32>entry === hash) {
      const id = <u32>(entry >> 32) - 1
      if (equalsKey(key, flowRow(id))) return id
    }
    slot = (slot + 1) & slotMask
  }
}

/** Two independent lanes of multiply and fold, so that the multiplications overlap. */
export function hashKey(key: usize): u32 {
  let a = (seed ^ load<u64>(key)) * 0x9e3779b97f4a7c15
  let b = (seed + load<u64>(key, 8)) * 0xbf58476d1ce4e5b9
  a = (a ^ (a >> 32) ^ load<u64>(key, 16)) * 0x94d049bb133111eb
  b = (b ^ (b >> 32) ^ load<u64>(key, 24)) * 0xd6e8feb86659fd93
  a = (a ^ (a >> 32) ^ load<u64>(key, 32)) * 0x9e3779b97f4a7c15
  b = (b ^ (b >> 32) ^ load<u64>(key, 40)) * 0xbf58476d1ce4e5b9
  if (keyLength !== ROW_LENGTH) {
    a = (a ^ (a >> 32) ^ load<u64>(key, 48)) * 0x94d049bb133111eb
    b = (b ^ (b >> 32) ^ load<u64>(key, 56)) * 0xd6e8feb86659fd93
  }
  let h = (a ^ (a >> 32)) + (b ^ (b >> 29))
  h = (h ^ (h >> 32)) * 0x94d049bb133111eb
  return <u32>(h >> 32)
}

function equalsKey(key: usize, row: usize): bool {
  let difference = v128.xor(v128.load(row), v128.load(key))
  difference = v128.or(difference, v128.xor(v128.load(row, 16), v128.load(key, 16)))
  difference = v128.or(difference, v128.xor(v128.load(row, 32), v128.load(key, 32)))
  if (keyLength !== ROW_LENGTH) {
    difference = v128.or(difference, v128.xor(v128.load(row, 48), v128.load(key, 48)))
  }
  return !v128.any_true(difference)
}

function addKey(key: usize, slot: usize, hash: u32): u32 {
  const id = addRow()
  memory.copy(flowRow(id), key, keyLength)
  store<u32>(slot, hash)
  store<u32>(slot, id + 1, 4)
  if (++count === growAt) grow()
  return id
}

function grow(): void {
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
  recycle(oldSlots, oldLength)
}
