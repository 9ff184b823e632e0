/**
 * The header walk: from the link type to the transport, layer by layer, leaving what it finds in `frame`.
 *
 * Every layer either moves frame.at forward or hands the same bytes to a layer that does, so the walk ends after at most
 * as many steps as the frame has bytes.
 */
import { FAMILY_NONE } from '../abi/families.ts'
import { frame, LIMIT_CAPTURE, LIMIT_FRAME, STOP_NONE, STOP_UNSUPPORTED, stop } from './frame.ts'
import { LAYER_NONE } from './layers.ts'
import { layerOfLinktype } from './linktype.ts'
import { decodeLayer } from './registry.ts'

/** Longest original length that is believed: far above any frame, and its sum with an address fits 31 bits. */
const MAX_WIRE_LENGTH = 0x3fffffff

/**
 * Resets `frame` to the frame whose captured bytes start at `start` and returns its first layer.
 * `origlen` is its length on the wire, unsigned in 32 bits; the walk takes it as at least `caplen`.
 */
export function beginFrame(linktype: i32, start: i32, caplen: i32, origlen: i32): i32 {
  let wireLength = origlen
  if (wireLength < 0 || wireLength > MAX_WIRE_LENGTH) wireLength = MAX_WIRE_LENGTH
  if (wireLength < caplen) wireLength = caplen
  frame.at = start
  frame.end = start + caplen
  frame.limit = caplen < wireLength ? LIMIT_CAPTURE : LIMIT_FRAME
  frame.wireEnd = start + wireLength
  frame.packetEnd = frame.wireEnd
  frame.family = FAMILY_NONE
  frame.protocol = linktype
  frame.source = -1
  frame.destination = -1
  frame.sourceMac = -1
  frame.destinationMac = -1
  frame.sourcePort = 0
  frame.destinationPort = 0
  frame.icmp = -1
  frame.vlan = 0
  frame.ipLength = 0
  frame.payloadLength = 0
  frame.quoted = 0
  frame.extension = 0
  frame.laterFragment = 0
  frame.stopReason = STOP_NONE
  const first = layerOfLinktype(linktype)
  return first === LAYER_NONE ? stop(STOP_UNSUPPORTED, LAYER_NONE, 0) : first
}

/** Walks the whole frame. The result is `frame`. */
export function walkFrame(linktype: i32, start: i32, caplen: i32, origlen: i32): void {
  let layer = beginFrame(linktype, start, caplen, origlen)
  while (layer !== LAYER_NONE) layer = decodeLayer(layer)
}
