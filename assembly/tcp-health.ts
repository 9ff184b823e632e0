/**
 * Frames of a batch to the health of their TCP conversations: a pass of its own, which is made only when somebody asked for it.
 * The order of the frames is what it is about, so one thread does it all.
 */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../src/abi/families.ts'
import {
  COLUMN_CAPLEN,
  COLUMN_DATA,
  COLUMN_FLOW,
  COLUMN_INTERFACE,
  COLUMN_ORIGLEN,
  COLUMN_PROTOCOL,
  COLUMN_TIME,
  INTERFACE_LINKTYPE,
  ROW_DESTINATION_PORT,
  ROW_SOURCE_PORT,
} from '../src/abi/layout.ts'
import { TCP_FLOW_CONVERSATION, TCP_RESETS, TCP_SEGMENTS, TCP_UNREAD, TCP_UNTRACKED } from '../src/abi/tcp-layout.ts'
import { PROTOCOL_TCP } from './compact-index.ts'
import { flowCount, flowRow } from './flow-rows.ts'
import { interfaceRow } from './interfaces.ts'
import { configureConversations, conversation, findConversation, restart, sideOf } from './tcp-conversations.ts'
import { configureTcpFlows, count, reserveTcpFlows, tcpFlowRow } from './tcp-flows.ts'
import { ACK, flags, RST, readSegment, SYN, sequence } from './tcp-segment.ts'
import { analyseSequence, noteScale } from './tcp-sequence.ts'
import { Conversation, Side } from './tcp-side.ts'
import { beginConnection, followState } from './tcp-state.ts'
import { NO_TIME } from './time.ts'

/** Called once, before the first frame; the key of flows has both addresses and both ports. */
export function configureTcp(mostConversations: u32, seed: u64): void {
  configureTcpFlows()
  configureConversations(mostConversations, seed)
}

/** Takes frames [from, to) of the batch at `columns`, whose bytes are still there. */
export function trackTcp(columns: usize, from: u32, to: u32): void {
  reserveTcpFlows(flowCount())
  for (let i = <usize>from; i < <usize>to; i++) {
    const words = columns + (i << 2)
    const protocol = load<u32>(words, COLUMN_PROTOCOL)
    if ((protocol & 0xffff) !== PROTOCOL_TCP) continue
    const family = protocol >> 16
    if (family !== FAMILY_IPV4 && family !== FAMILY_IPV6) continue
    const flow = load<u32>(words, COLUMN_FLOW)
    const row = tcpFlowRow(flow)
    const linktype = load<u32>(interfaceRow(load<u32>(words, COLUMN_INTERFACE)), INTERFACE_LINKTYPE)
    const caplen = load<u32>(words, COLUMN_CAPLEN)
    if (!readSegment(linktype, load<u32>(words, COLUMN_DATA), caplen, load<u32>(words, COLUMN_ORIGLEN))) {
      count(row, TCP_UNREAD)
      continue
    }
    const time = load<i64>(columns + (i << 3), COLUMN_TIME)
    addSegment(flow, row, time === NO_TIME ? 0 : time)
  }
}

function addSegment(flow: u32, row: usize, time: i64): void {
  let found = load<u32>(row, TCP_FLOW_CONVERSATION)
  if (found === TCP_UNTRACKED) return
  if (found === 0) {
    const place = findConversation(flowRow(flow))
    found = place === TCP_UNTRACKED ? place : place + 2
    store<u32>(row, found, TCP_FLOW_CONVERSATION)
    if (found === TCP_UNTRACKED) return
  }
  const side = found & 1
  const between = conversation((found >> 1) - 1)
  const own = sideOf(between, side)
  const peer = sideOf(between, side ^ 1)
  beginOrRestart(between, own, flow, side)
  count(row, TCP_SEGMENTS)
  if ((flags & RST) !== 0) count(row, TCP_RESETS)
  const trouble = analyseSequence(between, own, peer, row, time)
  noteHandshake(between, own, time)
  noteScale(own, peer)
  followState(between, side, own, peer, trouble)
}

/** A SYN with another number than the last one begins another connection; a SYN/ACK with another number belongs to this one. */
function beginOrRestart(between: Conversation, own: Side, flow: u32, side: u32): void {
  const isSyn = (flags & SYN) !== 0
  const isAck = (flags & ACK) !== 0
  if (isSyn && own.hasBase) {
    if (sequence === own.base) {
      // A RST may have come with a number that broke the count.
      if (!isAck) own.next = own.ackable
    } else if (isAck) {
      own.base = sequence
    } else {
      restart(between)
    }
  }
  if (between.begun) return
  between.connections++
  const row = flowRow(flow)
  beginConnection(between, side, load<u16>(row, ROW_SOURCE_PORT), load<u16>(row, ROW_DESTINATION_PORT))
}

/** From the SYN to the first ACK behind it: both ways between the ends, wherever it was captured. */
function noteHandshake(between: Conversation, own: Side, time: i64): void {
  const kind = flags & (SYN | ACK)
  if ((flags & SYN) !== 0) own.beforeFirstAck = true
  if (kind === SYN) between.synTime = time
  if (kind !== ACK) return
  own.beforeFirstAck = false
  if (between.synTime === 0 || between.firstRtt !== 0) return
  between.firstRtt = time - between.synTime
  // Refused: tshark takes that for a round trip too, but no handshake took place.
  if ((flags & RST) !== 0 || between.firstRtt <= 0) return
  between.handshakeSum += between.firstRtt
  between.handshakes++
}
