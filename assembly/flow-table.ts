/**
 * The flow table: key → dense id, in the order of first sight. Rows by id (flow-rows.ts), and two indexes over them, each for
 * the keys that are its own: compact-index.ts, and key-index.ts for all others.
 *
 * Hashes are seeded by the host: with a known seed, a hostile capture could choose addresses that all collide. Ids do not
 * depend on it.
 */
import { FLOWS_TOGETHER, ROW_LENGTH, ROW_LENGTH_WITH_MACS } from '../src/abi/layout.ts'
import {
  clearCompactIndex,
  compactKey,
  compactSlot,
  configureCompactIndex,
  findCompactKey,
  hashCompactKey,
} from './compact-index.ts'
import { clearRows, configureRows } from './flow-rows.ts'
import { clearKeyIndex, configureKeyIndex, findKey, hashKey, keySlot, rowInSlot } from './key-index.ts'
import { configureKey, KEY_COMPACT, KEY_OTHER, keyLength } from './key-shape.ts'
import { allocate, SINK } from './memory.ts'

/** Bytes from one key to the next where they wait. */
export const KEY_STRIDE: usize = ROW_LENGTH_WITH_MACS

/** For each key its hash and the address of its slot, u32 both; and addresses of rows. */
let places: usize = 0
const PLACE_LENGTH: usize = 8
let touches: usize = 0
/** Rows that the host brings, their keys and kinds, and the ids that it takes: see flowExchange. */
let exchange: usize = 0
let exchangeKeys: usize = 0
let exchangeIds: usize = 0
let exchangeKinds: usize = 0

/** Chooses the key and empties the table. Called once, before the first frame. */
export function configureFlowTable(fields: u32, hashSeed: u64): void {
  configureKey(fields)
  configureRows(keyLength)
  configureKeyIndex(hashSeed)
  configureCompactIndex(hashSeed)
  places = allocate(<usize>FLOWS_TOGETHER * PLACE_LENGTH)
  touches = allocate((<usize>FLOWS_TOGETHER) << 2)
  exchange = allocate(<usize>FLOWS_TOGETHER * KEY_STRIDE)
  exchangeKeys = allocate(<usize>FLOWS_TOGETHER * KEY_STRIDE)
  exchangeIds = allocate((<usize>FLOWS_TOGETHER) << 2)
  exchangeKinds = allocate(FLOWS_TOGETHER)
}

/** Forgets all flows: ids begin at 0 again. The memory is used anew. */
export function clearFlowTable(): void {
  clearRows()
  clearKeyIndex()
  clearCompactIndex()
}

/**
 * Writes the ids of `count` keys, of the kinds (a byte each) at `kinds`, to the u32s at `ids`. New keys get new ids, in their
 * order. At most FLOWS_TOGETHER.
 *
 * In a table larger than the cache a lookup waits for memory. Here all that will be looked at is asked for first, in loops so
 * short that the processor has dozens of these loads under way at once.
 */
export function findFlows(keys: usize, kinds: usize, count: u32, ids: usize): void {
  for (let i: u32 = 0, key = keys, at = places; i < count; i++, key += KEY_STRIDE, at += PLACE_LENGTH) {
    if (<u32>load<u8>(kinds + i) === KEY_COMPACT) {
      const hash = hashCompactKey(key)
      store<u32>(at, hash)
      store<u32>(at, <u32>compactSlot(hash), 4)
    } else {
      const hash = hashKey(key)
      store<u32>(at, hash)
      store<u32>(at, <u32>keySlot(hash), 4)
    }
  }
  touchPlaces(count)
  let others: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    if (<u32>load<u8>(kinds + i) === KEY_COMPACT) continue
    const place = places + <usize>i * PLACE_LENGTH
    // Where the slot is empty or another key's, a row is loaded for nothing.
    store<u32>(touches + ((<usize>others) << 2), <u32>rowInSlot(load<u32>(place, 4)))
    others++
  }
  touchRows(others)
  for (let i: u32 = 0, key = keys, at = places; i < count; i++, key += KEY_STRIDE, at += PLACE_LENGTH) {
    const hash = load<u32>(at)
    const id = <u32>load<u8>(kinds + i) === KEY_COMPACT ? findCompactKey(key, hash) : findKey(key, hash)
    store<u32>(ids + ((<usize>i) << 2), id)
  }
}

function touchPlaces(count: u32): void {
  let sum: u32 = 0
  for (let at = places + 4, end = at + <usize>count * PLACE_LENGTH; at < end; at += PLACE_LENGTH) {
    sum += load<u32>(load<u32>(at))
  }
  store<u32>(SINK, sum)
}

/** A row may lie over two cache lines. */
function touchRows(count: u32): void {
  let sum: u32 = 0
  for (let at = touches, end = at + ((<usize>count) << 2); at < end; at += 4) {
    const row = <usize>load<u32>(at)
    sum += load<u32>(row) + load<u32>(row, ROW_LENGTH - 4)
  }
  store<u32>(SINK, sum)
}

/** Where the host writes rows of flows, one behind the other, for findRows. */
export function flowExchange(): usize {
  return exchange
}

/** Finds the flows of up to FLOWS_TOGETHER rows at flowExchange. Returns the address of their ids. */
export function findRows(count: u32): usize {
  for (let i: u32 = 0; i < count; i++) {
    const key = exchangeKeys + <usize>i * KEY_STRIDE
    memory.copy(key, exchange + <usize>i * keyLength, keyLength)
    store<u8>(exchangeKinds + i, <u8>(compactKey(key) ? KEY_COMPACT : KEY_OTHER))
  }
  findFlows(exchangeKeys, exchangeKinds, count, exchangeIds)
  return exchangeIds
}
