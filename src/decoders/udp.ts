/**
 * UDP, RFC 768.
 *
 *      0               2               4        6          8
 *     +---------------+---------------+--------+----------+
 *     |  source port  |   dest port   | length | checksum |
 *     +---------------+---------------+--------+----------+
 *
 * Length 0 is a jumbogram (RFC 2675 §4) or a segment that a network card was to cut: the packet's end is the datagram's.
 * Tunnels are known by their registered ports, at the destination, or at either end where both use it.
 */
import { read16 } from './bytes.ts'
import { available, frame, LIMIT_UDP_LENGTH, narrow, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { foundPayload } from './ip-protocol.ts'
import { LAYER_GENEVE, LAYER_GTP_U, LAYER_NONE, LAYER_TEREDO, LAYER_UDP, LAYER_VXLAN } from './layers.ts'
import { DESTINATION_PORT, foundPorts, SOURCE_PORT } from './ports.ts'

export const LENGTH = 4
export const CHECKSUM = 6
export const UDP_HEADER_LEN = 8

const PORT_GTP_U = 2152
const PORT_TEREDO = 3544
const PORT_VXLAN = 4789
/** Linux used this one before IANA gave VXLAN a port, and many installations still do. */
const PORT_VXLAN_LINUX = 8472
const PORT_GENEVE = 6081

export function decodeUdp(): i32 {
  foundPorts()
  const at = frame.at
  if (available() < UDP_HEADER_LEN) return stopShort(LAYER_UDP, UDP_HEADER_LEN)
  const length = read16(at + LENGTH)
  if (length > 0) {
    if (length < UDP_HEADER_LEN) return stop(STOP_MALFORMED, LAYER_UDP, UDP_HEADER_LEN)
    narrow(at + length, LIMIT_UDP_LENGTH)
  }
  frame.at = at + UDP_HEADER_LEN
  foundPayload(frame.at)
  return frame.tunnels !== 0 ? layerOfPorts(read16(at + SOURCE_PORT), read16(at + DESTINATION_PORT)) : LAYER_NONE
}

function layerOfPorts(source: i32, destination: i32): i32 {
  if (destination === PORT_VXLAN || destination === PORT_VXLAN_LINUX) return LAYER_VXLAN
  if (destination === PORT_GENEVE) return LAYER_GENEVE
  if (destination === PORT_GTP_U || source === PORT_GTP_U) return LAYER_GTP_U
  if (destination === PORT_TEREDO || source === PORT_TEREDO) return LAYER_TEREDO
  return LAYER_NONE
}
