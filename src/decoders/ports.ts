/**
 * Ports, which TCP, UDP, SCTP (RFC 9260 §3.1), DCCP (RFC 4340 §5.1) and UDP-Lite (RFC 3828 §3.1) all have in their first
 * four bytes. The last three are read for nothing else.
 */
import { read8, read16 } from './bytes.ts'
import { available, frame, STOP_MALFORMED, stop, stopShort } from './frame.ts'
import { foundPayload } from './ip-protocol.ts'
import { LAYER_DCCP, LAYER_NONE, LAYER_SCTP, LAYER_UDP_LITE } from './layers.ts'

export const SOURCE_PORT = 0
export const DESTINATION_PORT = 2
export const PORTS_LEN = 4

export const SCTP_VERIFICATION_TAG = 4
export const SCTP_CHECKSUM = 8
export const SCTP_HEADER_LEN = 12
export const UDP_LITE_CHECKSUM_COVERAGE = 4
export const UDP_LITE_CHECKSUM = 6
export const UDP_LITE_HEADER_LEN = 8
/** DCCP's header starts with 12 bytes; its data offset, in 32-bit words, is at byte 4 (RFC 4340 §5.1). */
export const DCCP_MIN_HEADER_LEN = 12
export const DCCP_DATA_OFFSET = 4

/** Takes the ports of the packet that counts. A header cut behind its ports still gives them. */
export function foundPorts(): void {
  if (frame.quoted !== 0 || available() < PORTS_LEN) return
  frame.sourcePort = read16(frame.at + SOURCE_PORT)
  frame.destinationPort = read16(frame.at + DESTINATION_PORT)
}

function decodePorts(layer: i32, headerLength: i32): i32 {
  foundPorts()
  if (available() < headerLength) return stopShort(layer, headerLength)
  frame.at += headerLength
  foundPayload(frame.at)
  return LAYER_NONE
}

export function decodeSctp(): i32 {
  return decodePorts(LAYER_SCTP, SCTP_HEADER_LEN)
}

export function decodeDccp(): i32 {
  if (available() <= DCCP_DATA_OFFSET) return decodePorts(LAYER_DCCP, DCCP_MIN_HEADER_LEN)
  const length = read8(frame.at + DCCP_DATA_OFFSET) << 2
  if (length >= DCCP_MIN_HEADER_LEN) return decodePorts(LAYER_DCCP, length)
  foundPorts()
  return stop(STOP_MALFORMED, LAYER_DCCP, DCCP_MIN_HEADER_LEN)
}

export function decodeUdpLite(): i32 {
  return decodePorts(LAYER_UDP_LITE, UDP_LITE_HEADER_LEN)
}
