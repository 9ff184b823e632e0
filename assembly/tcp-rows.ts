/** Conversations on their way to the host, as rows of doubles (src/abi/tcp-layout.ts). */
import * as layout from '../src/abi/tcp-layout.ts'
import { allocate } from './memory.ts'
import { conversation, historyOf, sideOf } from './tcp-conversations.ts'
import { Conversation } from './tcp-side.ts'

const ROW_LENGTH: usize = layout.TCP_CONVERSATION_DOUBLES << 3

let rows: usize = 0

/** Writes the rows of `count` conversations from `from` on, at most TCP_CONVERSATIONS_TOGETHER; returns their address. */
export function readTcpConversations(from: u32, count: u32): usize {
  if (rows === 0) rows = allocate(<usize>layout.TCP_CONVERSATIONS_TOGETHER * ROW_LENGTH)
  for (let i: u32 = 0, at = rows; i < count; i++, at += ROW_LENGTH) writeRow(at, conversation(from + i))
  return rows
}

function put(row: usize, place: usize, value: f64): void {
  store<f64>(row + (place << 3), value)
}

function writeRow(row: usize, from: Conversation): void {
  put(row, layout.TCP_CONNECTIONS, from.connections)
  put(row, layout.TCP_HANDSHAKE_SUM, <f64>from.handshakeSum)
  put(row, layout.TCP_HANDSHAKES, from.handshakes)
  put(row, layout.TCP_ORIGINATOR, from.originator)
  put(row, layout.TCP_HISTORY_LENGTH, from.historyLength)
  for (let i: u32 = 0; i < 2; i++) {
    const side = sideOf(from, i)
    const at = row + ((<usize>layout.TCP_SIDES + <usize>i * <usize>layout.TCP_SIDE) << 3)
    put(at, layout.TCP_SIDE_STATE, side.state)
    put(at, layout.TCP_SIDE_HAS_DATA, side.hasData ? 1 : 0)
    put(at, layout.TCP_SIDE_RTTS, side.rtts)
    put(at, layout.TCP_SIDE_RTT_SUM, <f64>side.rttSum)
    put(at, layout.TCP_SIDE_RTT_MIN, <f64>side.rttMin)
    put(at, layout.TCP_SIDE_RTT_MAX, <f64>side.rttMax)
  }
  memory.copy(row + (layout.TCP_HISTORY << 3), historyOf(from), layout.TCP_MAX_HISTORY)
}
