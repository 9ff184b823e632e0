/**
 * MPLS label stack entry, RFC 3032 §2.1, one layer each.
 *
 *      0                  20    23 24       32 bits
 *     +------------------+-----+--+--------+
 *     |      label       | TC  |S |  TTL   |        S: bottom of stack
 *     +------------------+-----+--+--------+
 *
 * Nothing says what follows the last label. As routers do, IP is recognised by its version nibble, which RFC 4385 keeps
 * free for it: a pseudowire's control word starts with 0. An Ethernet frame behind a control word counts as a tunnel.
 */
import { read8 } from './bytes.ts'
import { available, frame, STOP_UNSUPPORTED, stop, stopShort } from './frame.ts'
import { LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6, LAYER_MPLS } from './layers.ts'

export const MPLS_ENTRY_LEN = 4
const BOTTOM_OF_STACK = 0x01
const CONTROL_WORD_LEN = 4

export function decodeMpls(): i32 {
  if (available() < MPLS_ENTRY_LEN) return stopShort(LAYER_MPLS, MPLS_ENTRY_LEN)
  const bottom = read8(frame.at + 2) & BOTTOM_OF_STACK
  frame.at += MPLS_ENTRY_LEN
  if (bottom === 0) return LAYER_MPLS
  if (available() < 1) return stopShort(LAYER_MPLS, 1)
  const nibble = read8(frame.at) >> 4
  if (nibble === 4) return LAYER_IPV4
  if (nibble === 6) return LAYER_IPV6
  if (nibble === 0 && frame.tunnels !== 0) {
    if (available() < CONTROL_WORD_LEN) return stopShort(LAYER_MPLS, CONTROL_WORD_LEN)
    frame.at += CONTROL_WORD_LEN
    return LAYER_ETHERNET
  }
  return stop(STOP_UNSUPPORTED, LAYER_MPLS, 0)
}
