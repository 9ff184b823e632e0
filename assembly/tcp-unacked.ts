/**
 * Segments of a side that the other one has not acknowledged, oldest first: their ends and times, so that an ACK says how long
 * its segment was under way. Like tshark, a segment that was sent again counts from its first sending.
 *
 * 16 bytes each, from one pool. Bounds: 4096 for a side, 4 million in all (64 MiB); what is sent beyond has no round-trip time.
 */
import { allocate } from './memory.ts'
import { Side } from './tcp-side.ts'

const MAX_OF_SIDE: u32 = 4096
const MAX_SEGMENTS: u32 = 1 << 22
const PER_PAGE: u32 = 1 << 12

const TIME: usize = 0
/** Sequence number behind its last byte. */
const END: usize = 8
/** Address of the next younger one; of the next free one. */
const LINK: usize = 12
const LENGTH: usize = 16

let free: u32 = 0
let made: u32 = 0

/** The side sent a segment that ends before `end`. */
export function addUnacked(side: Side, end: u32, time: i64): void {
  if (side.unackedCount >= MAX_OF_SIDE) return
  const segment = take()
  if (segment === 0) return
  store<i64>(segment, time, TIME)
  store<u32>(segment, end, END)
  store<u32>(segment, 0, LINK)
  if (side.unackedCount === 0) {
    side.unackedHead = segment
    side.unackedMixed = false
  } else {
    const tail = side.unackedTail
    store<u32>(tail, segment, LINK)
    if (<i32>(end - load<u32>(tail, END)) <= 0) side.unackedMixed = true
  }
  side.unackedTail = segment
  side.unackedCount++
}

/** The other side acknowledged everything before `ack`: forgets what that covers, and notes how long the segment took. */
export function acknowledge(side: Side, ack: u32, time: i64): void {
  let before: u32 = 0
  let segment = side.unackedHead
  let isTimed = false
  let isMixed = false
  while (segment !== 0) {
    const end = load<u32>(segment, END)
    const next = load<u32>(segment, LINK)
    if (<i32>(end - ack) > 0) {
      // In order, all that follow end later still.
      if (!side.unackedMixed) return
      if (before !== 0 && <i32>(end - load<u32>(before, END)) <= 0) isMixed = true
      before = segment
      segment = next
      continue
    }
    if (end === ack && !isTimed) {
      noteRtt(side, time - load<i64>(segment, TIME))
      isTimed = true
    }
    if (before === 0) side.unackedHead = next
    else store<u32>(before, next, LINK)
    if (next === 0) side.unackedTail = before
    give(segment)
    side.unackedCount--
    segment = next
  }
  side.unackedMixed = isMixed
}

function noteRtt(side: Side, rtt: i64): void {
  // The capture's clock went backwards.
  if (rtt < 0) return
  if (side.rtts === 0 || rtt < side.rttMin) side.rttMin = rtt
  if (side.rtts === 0 || rtt > side.rttMax) side.rttMax = rtt
  side.rttSum += rtt
  side.rtts++
}

export function forgetUnacked(side: Side): void {
  if (side.unackedCount > 0) {
    store<u32>(side.unackedTail, free, LINK)
    free = side.unackedHead
  }
  side.unackedHead = 0
  side.unackedTail = 0
  side.unackedCount = 0
}

function take(): u32 {
  if (free === 0) {
    if (made === MAX_SEGMENTS) return 0
    const page = <u32>allocate(<usize>PER_PAGE * LENGTH)
    made += PER_PAGE
    for (let i: u32 = 0; i < PER_PAGE; i++) give(page + i * <u32>LENGTH)
  }
  const segment = free
  free = load<u32>(segment, LINK)
  return segment
}

function give(segment: u32): void {
  store<u32>(segment, free, LINK)
  free = segment
}
