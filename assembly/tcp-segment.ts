/**
 * A frame to its TCP segment: sequence numbers, flags, window and length, as the wire had them.
 *
 * Plain Ethernet is read straight off the bytes, as frame-key.ts does; any other frame is walked. The addresses that count say
 * which header counts. A fragment is none: how long its segment is, nobody says.
 */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../src/abi/families.ts'
import { ETHERNET_HEADER_LEN, TYPE } from '../src/decoders/ethernet.ts'
import { frame } from '../src/decoders/frame.ts'
import * as ipv4 from '../src/decoders/ipv4.ts'
import * as ipv6 from '../src/decoders/ipv6.ts'
import { EXTENSION_FRAGMENT, FRAGMENT_OFFSET } from '../src/decoders/ipv6-extension.ts'
import { LAYER_IPV6, LAYER_IPV6_EXTENSION, LAYER_NONE, LAYER_TCP } from '../src/decoders/layers.ts'
import { LINKTYPE_ETHERNET } from '../src/decoders/linktype.ts'
import { decodeLayer } from '../src/decoders/registry.ts'
import { ACKNOWLEDGMENT_NUMBER, DATA_OFFSET, SEQUENCE_NUMBER, TCP_MIN_HEADER_LEN, WINDOW } from '../src/decoders/tcp.ts'
import { beginFrame } from '../src/decoders/walk.ts'

export const FIN: u32 = 0x01
export const SYN: u32 = 0x02
export const RST: u32 = 0x04
export const ACK: u32 = 0x10
const FLAGS: usize = 13

/** The segment that readSegment found. */
export let sequence: u32 = 0
export let acknowledgment: u32 = 0
export let flags: u32 = 0
/** As the header has it, not scaled. */
export let window: u32 = 0
/** Bytes of payload on the wire. */
export let length: u32 = 0
/** Shift count of the window scale option; -1 without one. Only of segments with SYN. */
export let scaleOption: i32 = -1

// As a little-endian load finds them in the frame.
const ETHERTYPE_IPV4: u32 = 0x0008
const ETHERTYPE_IPV6: u32 = 0xdd86
const IPV4_WITHOUT_OPTIONS: u32 = 0x45
/** More fragments, and the offset. */
const FRAGMENT_FIELDS: u32 = 0xff3f
const IPV4_MORE_FRAGMENTS: u32 = 0x20
const IPV6_MORE_FRAGMENTS: u32 = 0x01
const PROTOCOL_TCP: u32 = 6

/** As the walk has it. */
const MAX_WIRE_LENGTH: u32 = 0x3fffffff

/** Ethernet, IPv4 or IPv6, and TCP without options. */
const LEAST_CAPLEN: i32 = ETHERNET_HEADER_LEN + ipv4.IPV4_MIN_HEADER_LEN + TCP_MIN_HEADER_LEN
const LEAST_CAPLEN_IPV6: i32 = ETHERNET_HEADER_LEN + ipv6.IPV6_HEADER_LEN + TCP_MIN_HEADER_LEN

/** Reads the segment of a frame that counts for a TCP flow. False: it has none that can be read. */
export function readSegment(linktype: u32, data: usize, caplen: u32, origlen: u32): bool {
  if (linktype === LINKTYPE_ETHERNET && frame.tunnels === 0) {
    const transport = commonTransport(data, <i32>caplen)
    if (transport !== 0) {
      const headerLength = lengthOfHeader(transport)
      // The walk knows what to do with one that is wrong, or cut.
      if (headerLength >= TCP_MIN_HEADER_LEN && transport + headerLength <= data + caplen) {
        const onWire = <i32>min(max(origlen, caplen), MAX_WIRE_LENGTH) - <i32>(transport - data)
        const segment = min(transportLength, onWire)
        if (segment < headerLength) return false
        readHeader(transport, transport + headerLength, segment - headerLength)
        return true
      }
    }
  }
  return walkToSegment(linktype, data, caplen, origlen)
}

/** Bytes that the IP header leaves to the header at commonTransport and what is behind it. */
let transportLength: i32 = 0

/** Address of the TCP header of a frame without anything special; 0 for any other. */
function commonTransport(data: usize, caplen: i32): usize {
  if (caplen < LEAST_CAPLEN) return 0
  const etherType = <u32>load<u16>(data + TYPE)
  const ip = data + ETHERNET_HEADER_LEN
  if (etherType === ETHERTYPE_IPV4) {
    if (<u32>load<u8>(ip + ipv4.VERSION_IHL) !== IPV4_WITHOUT_OPTIONS) return 0
    if ((<u32>load<u16>(ip + ipv4.FLAGS_FRAGMENT_OFFSET) & FRAGMENT_FIELDS) !== 0) return 0
    if (<u32>load<u8>(ip + ipv4.PROTOCOL) !== PROTOCOL_TCP) return 0
    const total = <i32>bswap<u16>(load<u16>(ip + ipv4.TOTAL_LENGTH))
    transportLength = total - ipv4.IPV4_MIN_HEADER_LEN
    return transportLength < TCP_MIN_HEADER_LEN ? 0 : ip + ipv4.IPV4_MIN_HEADER_LEN
  }
  if (etherType !== ETHERTYPE_IPV6 || caplen < LEAST_CAPLEN_IPV6 || <u32>load<u8>(ip + ipv6.VERSION) >> 4 !== 6)
    return 0
  if (<u32>load<u8>(ip + ipv6.NEXT_HEADER) !== PROTOCOL_TCP) return 0
  transportLength = <i32>bswap<u16>(load<u16>(ip + ipv6.PAYLOAD_LENGTH))
  return transportLength < TCP_MIN_HEADER_LEN ? 0 : ip + ipv6.IPV6_HEADER_LEN
}

function walkToSegment(linktype: u32, data: usize, caplen: u32, origlen: u32): bool {
  let transport: usize = 0
  let isFragment = false
  let layer = beginFrame(linktype, <i32>data, <i32>caplen, <i32>origlen)
  while (layer !== LAYER_NONE) {
    // Of the packet whose addresses count: with tunnels, the outermost or the innermost.
    if (frame.quoted === 0) {
      if (layer === LAYER_TCP) transport = frame.at
      else if (layer === LAYER_IPV6) isFragment = false
      else if (layer === LAYER_IPV6_EXTENSION) isFragment = isFragment || isFirstFragment()
    }
    layer = decodeLayer(layer)
  }
  if (transport === 0 || <u32>frame.protocol !== PROTOCOL_TCP) return false
  if (frame.family === FAMILY_IPV4) {
    const fragmentFlags = frame.source - ipv4.SOURCE + ipv4.FLAGS_FRAGMENT_OFFSET
    isFragment = (<u32>load<u8>(fragmentFlags) & IPV4_MORE_FRAGMENTS) !== 0
  } else if (frame.family !== FAMILY_IPV6) {
    return false
  }
  if (isFragment || <i32>transport + TCP_MIN_HEADER_LEN > frame.end) return false
  const headerLength = lengthOfHeader(transport)
  if (headerLength < TCP_MIN_HEADER_LEN || <i32>(transport + headerLength) > frame.packetEnd) return false
  readHeader(transport, min(transport + headerLength, <usize>frame.end), frame.payloadLength)
  return true
}

/** The extension header at frame.at is the Fragment header of a packet of several. */
function isFirstFragment(): bool {
  if (frame.extension !== EXTENSION_FRAGMENT || frame.end - frame.at < FRAGMENT_OFFSET + 2) return false
  return (<u32>load<u8>(frame.at + FRAGMENT_OFFSET + 1) & IPV6_MORE_FRAGMENTS) !== 0
}

function lengthOfHeader(transport: usize): i32 {
  return (<i32>load<u8>(transport + DATA_OFFSET) >> 4) << 2
}

/** `end`: of the options, as far as they were captured. */
function readHeader(transport: usize, end: usize, payload: i32): void {
  sequence = bswap<u32>(load<u32>(transport + SEQUENCE_NUMBER))
  acknowledgment = bswap<u32>(load<u32>(transport + ACKNOWLEDGMENT_NUMBER))
  flags = <u32>load<u8>(transport + FLAGS)
  window = <u32>bswap<u16>(load<u16>(transport + WINDOW))
  length = <u32>payload
  scaleOption = (flags & SYN) !== 0 ? findScale(transport + TCP_MIN_HEADER_LEN, end) : -1
}

const OPTION_END: u32 = 0
const OPTION_NOP: u32 = 1
const OPTION_WINDOW_SCALE: u32 = 3
/** RFC 7323 §2.3: a larger one is taken for this. */
const MAX_SCALE: i32 = 14

function findScale(at: usize, end: usize): i32 {
  while (at < end) {
    const kind = <u32>load<u8>(at)
    if (kind === OPTION_END) return -1
    if (kind === OPTION_NOP) {
      at++
      continue
    }
    if (at + 2 > end) return -1
    const size = <usize>load<u8>(at + 1)
    if (size < 2 || at + size > end) return -1
    if (kind === OPTION_WINDOW_SCALE && size === 3) return min(<i32>load<u8>(at + 2), MAX_SCALE)
    at += size
  }
  return -1
}
