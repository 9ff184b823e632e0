/**
 * A segment to where the connection stands: who began it, the state of each endpoint, and the history, letter by letter.
 *
 * As Zeek has them (src/packet_analysis/protocol/tcp/TCPSessionAdapter.cc; the meaning of letters: base/protocols/conn). Where
 * Zeek needs what is not read here: `t` is a retransmission as tshark defines it, `g` an ACK of bytes that are not there, and
 * `c` (checksums) never comes. Which end is the server, where no SYN tells: the one with a port below 1024.
 */
import {
  TCP_ENDPOINT_CLOSED,
  TCP_ENDPOINT_ESTABLISHED,
  TCP_ENDPOINT_INACTIVE,
  TCP_ENDPOINT_PARTIAL,
  TCP_ENDPOINT_RESET,
  TCP_ENDPOINT_SYN_ACK_SENT,
  TCP_ENDPOINT_SYN_SENT,
  TCP_MAX_HISTORY,
} from '../src/abi/tcp-layout.ts'
import { historyOf, sideOf } from './tcp-conversations.ts'
import { ACK, FIN, flags, length, RST, SYN, sequence, window } from './tcp-segment.ts'
import { FOUND_ACKED_UNSEEN, FOUND_RETRANSMISSION } from './tcp-sequence.ts'
import { Conversation, Side } from './tcp-side.ts'

/** Letters that stand there once, as bits of Side.letters; and those that may come again. */
const LETTER_SYN: u32 = 1
const LETTER_FIN: u32 = 2
const LETTER_RST: u32 = 4
const LETTER_ACK: u32 = 8
const LETTER_DATA: u32 = 16
const LETTER_INCONSISTENT: u32 = 32
const LETTER_MULTIPLE: u32 = 64

const CASE: u32 = 0x20
const FLIPPED: u32 = 0x5e
const FIRST_DYNAMIC_PORT: u32 = 1024

/** The first segment of a connection was sent by `side`: that endpoint began it, unless it looks like the server. */
export function beginConnection(between: Conversation, side: u32, ownPort: u32, peerPort: u32): void {
  between.begun = true
  between.originator = side
  if ((flags & (SYN | ACK)) === SYN || ownPort >= FIRST_DYNAMIC_PORT) return
  const isSyn = (flags & SYN) !== 0
  const flips = peerPort < FIRST_DYNAMIC_PORT ? !isSyn && ownPort < peerPort : true
  if (flips) flip(between)
}

function flip(between: Conversation): void {
  between.originator ^= 1
  append(between, FLIPPED)
}

export function followState(between: Conversation, side: u32, own: Side, peer: Side, found: u32): void {
  noteFlags(between, side, own)
  noteTrouble(between, side, own, peer, found)
  if (length > 0 && (flags & RST) === 0) own.hasData = true
  step(between, side, own, peer)
}

/** Codes are of capitals: what the originator did. */
function noteFlags(between: Conversation, side: u32, own: Side): void {
  const control = flags & (SYN | FIN | RST)
  if (control === 0) {
    if (length > 0) noteOnce(between, side, own, LETTER_DATA, 0x44)
    else if ((flags & ACK) !== 0) noteOnce(between, side, own, LETTER_ACK, 0x41)
  } else if (control === SYN) {
    const isAck = (flags & ACK) !== 0
    if (sequence !== own.lastSyn) own.letters &= ~LETTER_SYN
    noteOnce(between, side, own, LETTER_SYN, isAck ? 0x48 : 0x53)
    own.lastSyn = sequence
  } else if (control === FIN) {
    // The number of the FIN itself, behind the data that came with it.
    if (sequence + length !== own.lastFin) own.letters &= ~LETTER_FIN
    noteOnce(between, side, own, LETTER_FIN, 0x46)
    own.lastFin = sequence + length
  } else if (control === RST) {
    if (sequence !== own.lastRst) own.letters &= ~LETTER_RST
    noteOnce(between, side, own, LETTER_RST, 0x52)
    own.lastRst = sequence
  } else if ((control & (FIN | RST)) === (FIN | RST)) {
    noteOnce(between, side, own, LETTER_INCONSISTENT, 0x49)
  } else {
    noteOnce(between, side, own, LETTER_MULTIPLE, 0x51)
  }
}

function noteOnce(between: Conversation, side: u32, own: Side, letter: u32, code: u32): void {
  if ((own.letters & letter) !== 0) return
  own.letters |= letter
  appendOf(between, side, code)
}

/** The first, the tenth, the hundredth, and so on. */
function noteTrouble(between: Conversation, side: u32, own: Side, peer: Side, found: u32): void {
  if ((found & FOUND_RETRANSMISSION) !== 0 && length > 0) {
    if (isPowerOfTen(++own.retransmitted)) appendOf(between, side, 0x54)
  }
  const isStopped = window === 0 && (flags & RST) === 0
  if (isStopped && peer.state !== TCP_ENDPOINT_CLOSED && own.state !== TCP_ENDPOINT_RESET) {
    if (isPowerOfTen(++own.zeroWindows)) appendOf(between, side, 0x57)
  }
  if ((found & FOUND_ACKED_UNSEEN) !== 0 && isPowerOfTen(++peer.gaps)) appendOf(between, side ^ 1, 0x47)
}

function isPowerOfTen(number: u32): bool {
  while (number % 10 === 0) number /= 10
  return number === 1
}

function appendOf(between: Conversation, side: u32, code: u32): void {
  append(between, side === between.originator ? code : code | CASE)
}

function append(between: Conversation, code: u32): void {
  if (between.historyLength === TCP_MAX_HISTORY) return
  store<u8>(historyOf(between) + between.historyLength, <u8>code)
  between.historyLength++
}

function become(side: Side, state: u32): void {
  if (side.state === state) return
  side.stateBefore = side.state
  side.state = <u8>state
}

function step(between: Conversation, side: u32, own: Side, peer: Side): void {
  switch (<i32>own.state) {
    case TCP_ENDPOINT_INACTIVE:
      wake(between, side, own, peer)
      break
    case TCP_ENDPOINT_SYN_SENT:
    case TCP_ENDPOINT_SYN_ACK_SENT:
      if ((flags & FIN) !== 0) become(own, TCP_ENDPOINT_CLOSED)
      if ((flags & RST) !== 0) become(own, TCP_ENDPOINT_RESET)
      break
    case TCP_ENDPOINT_PARTIAL:
    case TCP_ENDPOINT_ESTABLISHED:
      end(own, peer)
      break
    case TCP_ENDPOINT_CLOSED:
      // Behind both FINs, a RST changes nothing.
      if ((flags & RST) !== 0 && peer.state !== TCP_ENDPOINT_CLOSED) become(own, TCP_ENDPOINT_RESET)
      break
  }
}

/** The first segment of an endpoint. */
function wake(between: Conversation, side: u32, own: Side, peer: Side): void {
  const isAck = (flags & ACK) !== 0
  if ((flags & SYN) !== 0) {
    if (side === between.originator) {
      become(own, isAck ? TCP_ENDPOINT_SYN_ACK_SENT : TCP_ENDPOINT_SYN_SENT)
    } else {
      if (!isAck && peer.state === TCP_ENDPOINT_SYN_ACK_SENT && sequence === own.base) {
        // The SYN/ACK was captured before its SYN.
        flip(between)
        become(peer, TCP_ENDPOINT_ESTABLISHED)
      }
      if (peer.state === TCP_ENDPOINT_SYN_SENT) become(peer, TCP_ENDPOINT_ESTABLISHED)
      become(own, TCP_ENDPOINT_ESTABLISHED)
    }
  }
  if ((flags & FIN) !== 0) become(own, TCP_ENDPOINT_CLOSED)
  if ((flags & RST) !== 0) become(own, TCP_ENDPOINT_RESET)
  if (own.state !== TCP_ENDPOINT_INACTIVE) return
  const original = sideOf(between, between.originator)
  // Some acknowledge a SYN before they answer it.
  if (side !== between.originator && length === 0 && original.state === TCP_ENDPOINT_SYN_SENT) return
  // Behind a SYN/ACK: only the SYN was missed.
  if (isAck && peer.state === TCP_ENDPOINT_ESTABLISHED) become(own, TCP_ENDPOINT_ESTABLISHED)
  else become(own, TCP_ENDPOINT_PARTIAL)
}

function end(own: Side, peer: Side): void {
  if ((flags & (SYN | ACK)) === SYN && own.state === TCP_ENDPOINT_PARTIAL && peer.state === TCP_ENDPOINT_INACTIVE) {
    become(own, TCP_ENDPOINT_SYN_SENT)
  }
  if ((flags & (FIN | RST)) === FIN) {
    become(own, TCP_ENDPOINT_CLOSED)
    // A FIN and then a RST from the peer: it had ended as it should.
    if (peer.state === TCP_ENDPOINT_RESET && peer.stateBefore === TCP_ENDPOINT_CLOSED) become(peer, TCP_ENDPOINT_CLOSED)
  }
  if ((flags & RST) !== 0) become(own, TCP_ENDPOINT_RESET)
}
