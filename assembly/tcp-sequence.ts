/**
 * A segment, held against what both sides have sent before: sent again, out of order, a repeated ACK, and so on.
 *
 * The definitions are those of Wireshark 4.0 (User's Guide, "TCP Analysis"; epan/dissectors/packet-tcp.c), the order of the
 * questions and odd corners included, because the numbers are to be the same: test/corpus/tcp-health.test.ts holds them against
 * tshark's. What is not done: the allowances for MPTCP and SCPS, and RTTs of other than the oldest sending.
 */
import {
  TCP_ACKED_UNSEEN,
  TCP_DUPLICATE_ACKS,
  TCP_FAST_RETRANSMISSIONS,
  TCP_KEEP_ALIVES,
  TCP_LOST_SEGMENTS,
  TCP_OUT_OF_ORDER,
  TCP_RETRANSMISSIONS,
  TCP_SPURIOUS_RETRANSMISSIONS,
  TCP_WINDOW_FULLS,
  TCP_ZERO_WINDOWS,
} from '../src/abi/tcp-layout.ts'
import { count } from './tcp-flows.ts'
import { ACK, acknowledgment, FIN, flags, length, RST, SYN, scaleOption, sequence, window } from './tcp-segment.ts'
import { Conversation, Side } from './tcp-side.ts'
import { acknowledge, addUnacked } from './tcp-unacked.ts'

/** What was found: the bits that a later segment asks for. */
const FOUND_KEEP_ALIVE: u32 = 1
const FOUND_ZERO_WINDOW_PROBE: u32 = 2
export const FOUND_RETRANSMISSION: u32 = 4
export const FOUND_ACKED_UNSEEN: u32 = 8

/** A repeated ACK asks for its segment at once: later than this, it was a timeout that sent it (ns). */
const FAST_WITHIN: u64 = 20_000_000
/** What comes this soon behind a later segment was overtaken by it, where the round-trip time is not known (ns). */
const OVERTAKEN_WITHIN: u64 = 3_000_000

const NO_SCALE: i32 = -2

function isBefore(a: u32, b: u32): bool {
  return <i32>(a - b) < 0
}

/** Takes the segment of tcp-segment.ts, which side `own` sent at `time` (ns), and counts in `row` what it is. Returns FOUND_ bits. */
export function analyseSequence(between: Conversation, own: Side, peer: Side, row: usize, time: i64): u32 {
  if (!own.hasBase) {
    own.base = (flags & SYN) !== 0 ? sequence : sequence - 1
    own.hasBase = true
  }
  if (!peer.hasBase && (flags & ACK) !== 0) {
    peer.base = acknowledgment - 1
    peer.hasBase = true
  }
  let found = findWindowTrouble(own, peer, row)
  if (acknowledgment !== own.lastAck) own.duplicates = 0
  if (isUnseenAcked(peer)) {
    found |= FOUND_ACKED_UNSEEN
    count(row, TCP_ACKED_UNSEEN)
  }
  const isControl = (flags & (SYN | FIN)) !== 0
  if ((length > 0 || isControl) && (found & FOUND_KEEP_ALIVE) === 0) {
    if (countIfRepeated(between, own, peer, row, time)) found |= FOUND_RETRANSMISSION
  }
  const end = sequence + length + <u32>isControl
  if (length > 0 || isControl) addUnacked(own, end, time)
  const isProbe = (found & FOUND_ZERO_WINDOW_PROBE) !== 0
  if (!isProbe && (own.next === 0 || isBefore(own.next, end))) {
    own.next = end
    own.nextTime = time
  }
  if (!isProbe && (own.ackable === 0 || own.ackable === sequence)) own.ackable = own.next
  own.window = window
  own.lastAck = acknowledgment
  own.lastAckTime = time
  own.found = found
  acknowledge(peer, acknowledgment, time)
  return found
}

/** Windows, gaps, keep-alives and repeated ACKs: all that is told from the segment before in the same direction. */
function findWindowTrouble(own: Side, peer: Side, row: usize): u32 {
  const isExpected = sequence === own.next
  const isPlain = (flags & (SYN | FIN | RST)) === 0
  if (length === 1 && isExpected && peer.window === 0) return FOUND_ZERO_WINDOW_PROBE
  let found: u32 = 0
  if (window === 0 && isPlain) count(row, TCP_ZERO_WINDOWS)
  if (own.next !== 0 && isBefore(own.next, sequence) && (flags & RST) === 0) count(row, TCP_LOST_SEGMENTS)
  if (length <= 1 && sequence === own.next - 1 && isPlain) {
    found |= FOUND_KEEP_ALIVE
    count(row, TCP_KEEP_ALIVES)
  }
  if (length > 0 && isPlain && isWindowFull(peer)) count(row, TCP_WINDOW_FULLS)
  // The same ACK and window again, and nothing with it.
  if (length > 0 || !isPlain || !isExpected || window !== own.window || acknowledgment !== own.lastAck) return found
  if (window === 0) return found
  if ((peer.found & FOUND_KEEP_ALIVE) !== 0) return found
  own.duplicates = own.duplicates === -1 ? 1 : own.duplicates + 1
  count(row, TCP_DUPLICATE_ACKS)
  return found
}

/** The segment ends where the other side's window does. */
function isWindowFull(peer: Side): bool {
  if (peer.scale === -1) return false
  const shift = peer.beforeFirstAck || peer.scale === NO_SCALE ? 0 : peer.scale
  return sequence + length === peer.lastAck + (peer.window << shift)
}

/** It acknowledges what the capture does not have. Said once for each gap, as far as that can be told. */
function isUnseenAcked(peer: Side): bool {
  if ((flags & ACK) === 0 || peer.ackable === 0 || !isBefore(peer.ackable, acknowledgment)) return false
  if (isBefore(peer.ackable, peer.next)) {
    peer.ackable = peer.next
    return true
  }
  // Nothing of the other side is captured: said again only when it has sent another ACK.
  const isFirst = peer.duplicates === 0
  peer.duplicates = -1
  return isFirst
}

/** Bytes that were sent before, or should have been: which of the kinds. True: they were sent again. */
function countIfRepeated(between: Conversation, own: Side, peer: Side, row: usize, time: i64): bool {
  // More than one byte from the last one on: that one may have been a zero window probe.
  const isOld = own.next !== 0 && isBefore(sequence, own.next) && !(length > 1 && own.next - 1 === sequence)
  if (length > 0 && peer.lastAck !== 0 && !isBefore(peer.lastAck, sequence + length)) {
    count(row, TCP_RETRANSMISSIONS)
    count(row, TCP_SPURIOUS_RETRANSMISSIONS)
    return true
  }
  if (!isOld) return false
  // Unsigned: where time went backwards, nothing was soon.
  if (peer.duplicates >= 2 && peer.lastAck === sequence && <u64>(time - peer.lastAckTime) < FAST_WITHIN) {
    count(row, TCP_RETRANSMISSIONS)
    count(row, TCP_FAST_RETRANSMISSIONS)
    return true
  }
  const soon = between.firstRtt === 0 ? OVERTAKEN_WITHIN : <u64>between.firstRtt
  const end = sequence + length + <u32>((flags & (SYN | FIN)) !== 0)
  if (<u64>(time - own.nextTime) < soon && own.next !== end) {
    count(row, TCP_OUT_OF_ORDER)
    return false
  }
  count(row, TCP_RETRANSMISSIONS)
  return true
}

/** The window scale option of a SYN (RFC 7323 §2.2): used only where both have it. */
export function noteScale(own: Side, peer: Side): void {
  if ((flags & SYN) === 0) return
  if (scaleOption >= 0) own.scale = scaleOption
  if (own.scale === -1) {
    own.scale = NO_SCALE
    peer.scale = NO_SCALE
  } else if ((flags & ACK) !== 0 && peer.scale === NO_SCALE) {
    own.scale = NO_SCALE
  }
}
