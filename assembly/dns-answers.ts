/**
 * Is an answer of DNS one that was given within the last second, but for its id, lifetimes and what is no name? Then whoever reads
 * names has nothing to learn of it. Most are: a server's clients ask the same, and again.
 *
 * RFC 1035 §4.1: a header of 12 bytes with four counts, a question (name, type, class), records (name, type, class, lifetime of 4
 * bytes, length, data).
 */
const QUESTIONS: usize = 4
const RECORDS: usize = 6
const HEADER_LENGTH: usize = 12
const QUESTION_TAIL: usize = 4
/** Type, class, lifetime and length. */
const RECORD_TAIL: usize = 10
const TYPE_A: u32 = 1
const TYPE_CNAME: u32 = 5
const TYPE_PTR: u32 = 12
const TYPE_AAAA: u32 = 28
/** A name's label has up to 63 bytes; above is a pointer of two. */
const POINTER: u32 = 0xc0
/** With more the answer is news, whatever it says. */
const MOST_RECORDS: u32 = 64
const MOST_BYTES: usize = 1500

const SAME_NS: i64 = 1000000000

/** By some bits of the hash of an answer: that hash and the time. */
const PLACES: u32 = 1024
const PLACE_LENGTH: usize = 16
const places = memory.data(1024 * 16, 16)

const PRIME: u64 = 0x9e3779b97f4a7c15

let hash: u64 = 0
let cursor: usize = 0

/** `payload`: a message, whose header is there. `port` tells the protocols apart that have such. */
export function isNews(payload: usize, end: usize, port: u32, time: i64): bool {
  const records = u16At(payload + RECORDS) + u16At(payload + RECORDS + 2) + u16At(payload + RECORDS + 4)
  const questions = u16At(payload + QUESTIONS)
  if (records === 0) return false
  if (questions > 1 || records > MOST_RECORDS || end - payload > MOST_BYTES) return true
  hash = <u64>port | ((<u64>load<u32>(payload, RECORDS)) << 32)
  cursor = payload + HEADER_LENGTH
  if (questions === 1) {
    // Without its question nobody reads on.
    if (!addName(end) || cursor + QUESTION_TAIL > end) return false
    add(<u64>load<u32>(cursor))
    cursor += QUESTION_TAIL
  }
  for (let i: u32 = 0; i < records; i++) if (!addRecord(end)) return true
  hash ^= hash >> 29
  const place = places + <usize>(<u32>(hash >> 32) & (PLACES - 1)) * PLACE_LENGTH
  const since = time - load<i64>(place, 8)
  if (load<u64>(place) === hash && since >= 0 && since < SAME_NS) return false
  store<u64>(place, hash)
  store<i64>(place, time, 8)
  return true
}

export function forgetAnswers(): void {
  memory.fill(places, 0, <usize>PLACES * PLACE_LENGTH)
}

function add(value: u64): void {
  hash = rotl<u64>((hash ^ value) * PRIME, 31)
}

function u16At(at: usize): u32 {
  return <u32>bswap<u16>(load<u16>(at))
}

function addBytes(end: usize): void {
  for (; cursor + 8 <= end; cursor += 8) add(load<u64>(cursor))
  for (; cursor < end; cursor++) add(<u64>load<u8>(cursor))
}

/** The name at the cursor, as it is written. */
function addName(end: usize): bool {
  const start = cursor
  let at = cursor
  while (at < end) {
    const length = <u32>load<u8>(at)
    const isPointer = length >= POINTER
    at += isPointer ? 2 : <usize>length + 1
    if (at > end) return false
    if (length !== 0 && !isPointer) continue
    cursor = start
    addBytes(at)
    return true
  }
  return false
}

/** The record at the cursor. The data of most types hold no name, but cookies and signatures that never are the same. */
function addRecord(end: usize): bool {
  if (!addName(end) || cursor + RECORD_TAIL > end) return false
  const type = u16At(cursor)
  const data = cursor + RECORD_TAIL
  const next = data + <usize>u16At(cursor + 8)
  if (next > end) return false
  add(<u64>load<u32>(cursor))
  cursor = data
  if (type === TYPE_A || type === TYPE_AAAA || type === TYPE_CNAME || type === TYPE_PTR) addBytes(next)
  cursor = next
  return true
}
