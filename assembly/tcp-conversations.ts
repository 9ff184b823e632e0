/**
 * TCP conversations by their endpoints: a hash index over records that never move (tcp-side.ts). Side 0 is what the endpoint
 * sends that comes first by address bytes, then by port.
 *
 * 384 bytes each and 32 to 64 of index, at most as many as the host says: a conversation is never forgotten, since nobody
 * knows that it has ended.
 */
import { FAMILY_IPV4 } from '../src/abi/families.ts'
import { ROW_DESTINATION, ROW_DESTINATION_PORT, ROW_FAMILY, ROW_SOURCE, ROW_SOURCE_PORT } from '../src/abi/layout.ts'
import { TCP_MAX_HISTORY } from '../src/abi/tcp-layout.ts'
import { allocate } from './memory.ts'
import { Conversation, Side } from './tcp-side.ts'
import { forgetUnacked } from './tcp-unacked.ts'

const HISTORY: usize = offsetof<Conversation>()
const SIDES: usize = (HISTORY + TCP_MAX_HISTORY + 7) & ~(<usize>7)
const SIDE_LENGTH: usize = (offsetof<Side>() + 7) & ~(<usize>7)
/** Both addresses, both ports, the family. */
const KEY: usize = SIDES + 2 * SIDE_LENGTH
const KEY_LENGTH: usize = 40
const LENGTH: usize = (KEY + KEY_LENGTH + 15) & ~(<usize>15)

const PER_PAGE_BITS: u32 = 10
const PER_PAGE: u32 = 1 << PER_PAGE_BITS
const MAX_PAGES: u32 = 1 << 13
const FIRST_SLOTS: u32 = 1 << 12
/** Hash, index + 1. */
const SLOT_LENGTH: usize = 8

const NO_WINDOW: u32 = 0xffffffff
const NOT_FOUND: u32 = 0xffffffff

let pages: usize = 0
let count: u32 = 0
let limit: u32 = 0
let seed: u64 = 0
let slots: usize = 0
let slotMask: u32 = 0
const key = memory.data(40, 8)

export function configureConversations(most: u32, hashSeed: u64): void {
  limit = min(most, MAX_PAGES << PER_PAGE_BITS)
  seed = hashSeed
  pages = allocate((<usize>MAX_PAGES) << 2)
  slots = allocate(<usize>FIRST_SLOTS * SLOT_LENGTH)
  slotMask = FIRST_SLOTS - 1
}

export function tcpConversationCount(): u32 {
  return count
}

export function conversation(index: u32): Conversation {
  return changetype<Conversation>(
    load<usize>(pages + ((<usize>(index >> PER_PAGE_BITS)) << 2)) + <usize>(index & (PER_PAGE - 1)) * LENGTH,
  )
}

export function sideOf(between: Conversation, side: u32): Side {
  return changetype<Side>(changetype<usize>(between) + SIDES + <usize>side * SIDE_LENGTH)
}

export function historyOf(between: Conversation): usize {
  return changetype<usize>(between) + HISTORY
}

/** Conversation and side of a flow: index << 1 | side; 0xffffffff when it is a new conversation and there is no room. */
export function findConversation(row: usize): u32 {
  const side = isReversed(row) ? 1 : 0
  writeKey(row, side === 1)
  const hash = hashKey()
  let slot: u32 = hash & slotMask
  while (true) {
    const at = slots + <usize>slot * SLOT_LENGTH
    const entry = load<u64>(at)
    if (entry === 0) {
      if (count === limit) return NOT_FOUND
      store<u32>(at, hash)
      store<u32>(at, count + 1, 4)
      add()
      return ((count - 1) << 1) | side
    }
    const index = <u32>(entry >> 32) - 1
    if (<u32>entry === hash && memory.compare(key, changetype<usize>(conversation(index)) + KEY, KEY_LENGTH) === 0) {
      return (index << 1) | side
    }
    slot = (slot + 1) & slotMask
  }
}

function isReversed(row: usize): bool {
  const length: usize = load<u16>(row, ROW_FAMILY) === FAMILY_IPV4 ? 4 : 16
  const order = memory.compare(row + ROW_SOURCE, row + ROW_DESTINATION, length)
  return order !== 0 ? order > 0 : load<u16>(row, ROW_SOURCE_PORT) > load<u16>(row, ROW_DESTINATION_PORT)
}

function writeKey(row: usize, reversed: bool): void {
  const first: usize = reversed ? ROW_DESTINATION : ROW_SOURCE
  const second: usize = reversed ? ROW_SOURCE : ROW_DESTINATION
  v128.store(key, v128.load(row + first))
  v128.store(key, v128.load(row + second), 16)
  store<u16>(key, load<u16>(row + (reversed ? ROW_DESTINATION_PORT : ROW_SOURCE_PORT)), 32)
  store<u16>(key, load<u16>(row + (reversed ? ROW_SOURCE_PORT : ROW_DESTINATION_PORT)), 34)
  store<u32>(key, <u32>load<u16>(row, ROW_FAMILY), 36)
}

function hashKey(): u32 {
  let a = (seed ^ load<u64>(key)) * 0x9e3779b97f4a7c15
  let b = (seed + load<u64>(key, 8)) * 0xbf58476d1ce4e5b9
  a = (a ^ (a >> 32) ^ load<u64>(key, 16)) * 0x94d049bb133111eb
  b = (b ^ (b >> 32) ^ load<u64>(key, 24)) * 0xd6e8feb86659fd93
  a = (a ^ (a >> 32) ^ load<u64>(key, 32)) * 0x9e3779b97f4a7c15
  const h = ((a ^ (a >> 32)) + (b ^ (b >> 29))) * 0x94d049bb133111eb
  return <u32>(h >> 32)
}

function add(): void {
  const index = count++
  if ((index & (PER_PAGE - 1)) === 0) {
    store<usize>(pages + ((<usize>(index >> PER_PAGE_BITS)) << 2), allocate(<usize>PER_PAGE * LENGTH))
  }
  const added = conversation(index)
  memory.copy(changetype<usize>(added) + KEY, key, KEY_LENGTH)
  restart(added)
  // Half full: what it outgrows is as much as it has, in all.
  if (count << 1 > slotMask) grow()
}

function grow(): void {
  const old = slots
  const end = old + (<usize>slotMask + 1) * SLOT_LENGTH
  slotMask = (slotMask << 1) | 1
  slots = allocate((<usize>slotMask + 1) * SLOT_LENGTH)
  for (let at = old; at < end; at += SLOT_LENGTH) {
    const entry = load<u64>(at)
    if (entry === 0) continue
    let slot: u32 = <u32>entry & slotMask
    while (load<u64>(slots + <usize>slot * SLOT_LENGTH) !== 0) slot = (slot + 1) & slotMask
    store<u64>(slots + <usize>slot * SLOT_LENGTH, entry)
  }
}

/** Another connection begins between the same ports: what adds up stays, everything else is as if nothing had been seen. */
export function restart(again: Conversation): void {
  again.synTime = 0
  again.firstRtt = 0
  again.begun = false
  again.originator = 0
  again.historyLength = 0
  for (let side: u32 = 0; side < 2; side++) {
    const own = sideOf(again, side)
    forgetUnacked(own)
    own.nextTime = 0
    own.lastAckTime = 0
    own.base = 0
    own.next = 0
    own.ackable = 0
    own.lastAck = 0
    own.window = NO_WINDOW
    own.duplicates = 0
    own.found = 0
    own.scale = -1
    own.hasBase = false
    own.beforeFirstAck = false
    own.state = 0
    own.stateBefore = 0
    own.hasData = false
    own.letters = 0
    own.retransmitted = 0
    own.zeroWindows = 0
    own.gaps = 0
  }
}
