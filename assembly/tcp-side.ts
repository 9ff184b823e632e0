/** What is known of a TCP conversation: two endpoints, whatever VLAN or interface their frames came by. */

/** One direction. Sequence numbers as tshark's sequence analysis (packet-tcp.c) keeps them; 0 is none there. */
@unmanaged
export class Side {
  /** When `next` and `lastAck` were set. */
  nextTime: i64
  lastAckTime: i64
  rttSum: i64
  rttMin: i64
  rttMax: i64
  rtts: u32
  /** Initial sequence number, or what it should have been; valid with `hasBase`. */
  base: u32
  /** Highest sequence number expected next. */
  next: u32
  /** The same, as far as no bytes are missing. */
  ackable: u32
  lastAck: u32
  /** As in the header; 0xffffffff before the first segment. */
  window: u32
  /** ACKs that repeated the one before; -1 behind an ACK of bytes that are missing. */
  duplicates: i32
  /** What the last segment was: FOUND_ bits. */
  found: u32
  /** -1: not known. -2: not used. */
  scale: i32
  hasBase: bool
  /** No ACK was sent since the SYN: its window is not scaled. */
  beforeFirstAck: bool

  /** Segments that are not acknowledged, oldest first: see tcp-unacked.ts. */
  unackedHead: u32
  unackedTail: u32
  unackedCount: u32
  /** They may not be in the order of their ends. */
  unackedMixed: bool

  /** TCP_ENDPOINT_, as Zeek has it, and the one before. */
  state: u8
  stateBefore: u8
  hasData: bool
  /** Letters of the history that this side has. */
  letters: u32
  lastSyn: u32
  lastFin: u32
  lastRst: u32
  retransmitted: u32
  zeroWindows: u32
  gaps: u32
}

@unmanaged
export class Conversation {
  /** When the last SYN was sent, and the time from it to the first ACK behind; 0: none. */
  synTime: i64
  firstRtt: i64
  handshakeSum: i64
  handshakes: u32
  /** That were begun, or were under way when the capture began. */
  connections: u32
  originator: u32
  /** A segment was seen. */
  begun: bool
  historyLength: u32
}
