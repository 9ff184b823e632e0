/**
 * A frame to its flow key: the fields that were asked for, zeros elsewhere. Laid out as a flow row (src/abi/layout.ts), or
 * compact where it can be (compact-index.ts): one flow always has one kind of key.
 *
 * Two ways lead to the same bytes. Almost every frame of almost every capture is Ethernet with IPv4 or IPv6 and TCP or UDP,
 * whole and without anything in between: its key is read straight off the bytes. Every other frame is walked, header by
 * header (src/decoders/walk.ts). test/properties/frame-keys.test.ts holds one against the other.
 */
import { FAMILY_INTERFACE, FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC, FAMILY_NONE } from '../src/abi/families.ts'
import { KEY_DESTINATION, KEY_ICMP, KEY_INTERFACE, KEY_MAC, KEY_SOURCE, KEY_VLAN } from '../src/abi/key-fields.ts'
import {
  ROW_DESTINATION,
  ROW_DESTINATION_MAC,
  ROW_DESTINATION_PORT,
  ROW_FAMILY,
  ROW_INTERFACE,
  ROW_PROTOCOL,
  ROW_SOURCE,
  ROW_SOURCE_MAC,
  ROW_SOURCE_PORT,
  ROW_VLAN,
} from '../src/abi/layout.ts'
import {
  DESTINATION as ETHERNET_DESTINATION,
  ETHERNET_HEADER_LEN,
  SOURCE as ETHERNET_SOURCE,
  TYPE,
} from '../src/decoders/ethernet.ts'
import { frame } from '../src/decoders/frame.ts'
import { icmpAnswer } from '../src/decoders/icmp-answers.ts'
import * as ipv4 from '../src/decoders/ipv4.ts'
import * as ipv6 from '../src/decoders/ipv6.ts'
import { LINKTYPE_ETHERNET } from '../src/decoders/linktype.ts'
import { DATA_OFFSET, TCP_MIN_HEADER_LEN } from '../src/decoders/tcp.ts'
import { UDP_HEADER_LEN, LENGTH as UDP_LENGTH } from '../src/decoders/udp.ts'
import { compactKey, PROTOCOL_TCP, PROTOCOL_UDP, writeCompactKey } from './compact-index.ts'
import {
  canBeCompact,
  destinationMask,
  destinationPortMask,
  fields,
  KEY_COMPACT,
  KEY_NONE,
  KEY_OTHER,
  sourceMask,
  sourcePortMask,
} from './key-shape.ts'

// Values of fields as a little-endian load finds them in the frame: the bytes are in network order.
const ETHERTYPE_IPV4: u32 = 0x0008
const ETHERTYPE_IPV6: u32 = 0xdd86
const FRAGMENT_OFFSET: u32 = 0xff1f
/** Version 4, and a header of five words: without options. */
const IPV4_WITHOUT_OPTIONS: u32 = 0x45

/** Family << 16 | protocol of the frame that writeCommonKey has written a key of. */
export let commonProtocol: u32 = 0

/** Room for an Ethernet, an IPv4 and a UDP header: what is read before the lengths are looked at. */
const LEAST_CAPLEN: u32 = 42
const LEAST_CAPLEN_IPV6: u32 = 62

/**
 * Writes the key of a common frame to `to` and returns its kind. KEY_NONE, and nothing of use at `to`, for any frame that the
 * walk should see: another protocol, options, fragments, tags, a header that is cut or wrong.
 */
export function writeCommonKey(to: usize, data: usize, caplen: u32, linktype: u32, interfaceId: u32): u32 {
  if (linktype !== LINKTYPE_ETHERNET || caplen < LEAST_CAPLEN) return KEY_NONE
  const etherType = <u32>load<u16>(data + TYPE)
  const ip = data + ETHERNET_HEADER_LEN
  let transport: usize
  let protocol: u32
  let family: u32
  /** Bytes of the transport's header and payload: what both the capture and the IP header leave to it. */
  let room: i32
  if (etherType === ETHERTYPE_IPV4) {
    if (<u32>load<u8>(ip + ipv4.VERSION_IHL) !== IPV4_WITHOUT_OPTIONS) return KEY_NONE
    if ((<u32>load<u16>(ip + ipv4.FLAGS_FRAGMENT_OFFSET) & FRAGMENT_OFFSET) !== 0) return KEY_NONE
    const stated = <i32>bswap<u16>(load<u16>(ip + ipv4.TOTAL_LENGTH))
    room = min(stated, <i32>caplen - ETHERNET_HEADER_LEN) - ipv4.IPV4_MIN_HEADER_LEN
    transport = ip + ipv4.IPV4_MIN_HEADER_LEN
    protocol = <u32>load<u8>(ip + ipv4.PROTOCOL)
    family = FAMILY_IPV4
  } else if (etherType === ETHERTYPE_IPV6) {
    if (caplen < LEAST_CAPLEN_IPV6 || <u32>load<u8>(ip + ipv6.VERSION) >> 4 !== 6) return KEY_NONE
    const stated = <i32>bswap<u16>(load<u16>(ip + ipv6.PAYLOAD_LENGTH))
    room = min(stated, <i32>caplen - ETHERNET_HEADER_LEN - ipv6.IPV6_HEADER_LEN)
    transport = ip + ipv6.IPV6_HEADER_LEN
    protocol = <u32>load<u8>(ip + ipv6.NEXT_HEADER)
    family = FAMILY_IPV6
  } else {
    return KEY_NONE
  }
  if (protocol === PROTOCOL_TCP) {
    if (room < TCP_MIN_HEADER_LEN) return KEY_NONE
    const headerLength = (<i32>load<u8>(transport + DATA_OFFSET) >> 4) << 2
    if (headerLength < TCP_MIN_HEADER_LEN || headerLength > room) return KEY_NONE
  } else if (protocol === PROTOCOL_UDP) {
    if (room < UDP_HEADER_LEN) return KEY_NONE
    const length = <i32>bswap<u16>(load<u16>(transport + UDP_LENGTH))
    if (length > 0 && length < UDP_HEADER_LEN) return KEY_NONE
  } else {
    return KEY_NONE
  }

  commonProtocol = (family << 16) | protocol
  const sourcePort = <u32>bswap<u16>(load<u16>(transport)) & sourcePortMask
  const destinationPort = <u32>bswap<u16>(load<u16>(transport, 2)) & destinationPortMask
  const ports = sourcePort | (destinationPort << 16)
  if (family === FAMILY_IPV4 && canBeCompact) {
    const source = load<u32>(ip + ipv4.SOURCE) & <u32>sourceMask
    const destination = load<u32>(ip + ipv4.DESTINATION) & <u32>destinationMask
    writeCompactKey(to, source, destination, ports, protocol === PROTOCOL_UDP)
    return KEY_COMPACT
  }
  if (family === FAMILY_IPV4) {
    store<u64>(to + ROW_SOURCE, <u64>load<u32>(ip + ipv4.SOURCE) & sourceMask)
    store<u64>(to + ROW_SOURCE, 0, 8)
    store<u64>(to + ROW_DESTINATION, <u64>load<u32>(ip + ipv4.DESTINATION) & destinationMask)
    store<u64>(to + ROW_DESTINATION, 0, 8)
  } else {
    store<u64>(to + ROW_SOURCE, load<u64>(ip + ipv6.SOURCE) & sourceMask)
    store<u64>(to + ROW_SOURCE, load<u64>(ip + ipv6.SOURCE, 8) & sourceMask, 8)
    store<u64>(to + ROW_DESTINATION, load<u64>(ip + ipv6.DESTINATION) & destinationMask)
    store<u64>(to + ROW_DESTINATION, load<u64>(ip + ipv6.DESTINATION, 8) & destinationMask, 8)
  }
  // No VLAN tag in the high half.
  store<u64>(to + ROW_SOURCE_PORT, <u64>ports)
  const interfaceKey: u32 = (fields & KEY_INTERFACE) !== 0 ? interfaceId + 1 : 0
  store<u64>(to + ROW_PROTOCOL, <u64>(protocol | (family << 16)) | ((<u64>interfaceKey) << 32))
  if ((fields & KEY_MAC) !== 0) writeMacs(to, data + ETHERNET_SOURCE, data + ETHERNET_DESTINATION)
  return KEY_OTHER
}

/** Writes the key of `frame`, as the walk left it, to `to` and returns its kind. */
export function writeWalkedKey(to: usize, interfaceId: u32): u32 {
  writeRow(to, interfaceId)
  return compactKey(to) ? KEY_COMPACT : KEY_OTHER
}

function writeRow(to: usize, interfaceId: u32): void {
  const family = frame.family
  let interfaceKey: u32 = (fields & KEY_INTERFACE) !== 0 ? interfaceId + 1 : 0
  v128.store(to + ROW_SOURCE, i64x2.splat(0))
  v128.store(to + ROW_DESTINATION, i64x2.splat(0))
  if (family === FAMILY_IPV4) {
    if ((fields & KEY_SOURCE) !== 0) store<u32>(to + ROW_SOURCE, load<u32>(frame.source))
    if ((fields & KEY_DESTINATION) !== 0) store<u32>(to + ROW_DESTINATION, load<u32>(frame.destination))
  } else if (family === FAMILY_IPV6) {
    if ((fields & KEY_SOURCE) !== 0) v128.store(to + ROW_SOURCE, v128.load(frame.source))
    if ((fields & KEY_DESTINATION) !== 0) v128.store(to + ROW_DESTINATION, v128.load(frame.destination))
  } else if (family === FAMILY_MAC) {
    if ((fields & KEY_SOURCE) !== 0) copyMac(to + ROW_SOURCE, frame.source)
    if ((fields & KEY_DESTINATION) !== 0) copyMac(to + ROW_DESTINATION, frame.destination)
  } else if ((family === FAMILY_INTERFACE || family === FAMILY_NONE) && (fields & KEY_SOURCE) !== 0) {
    // Without addresses the interface stands for the source.
    interfaceKey = interfaceId + 1
  }
  if ((fields & KEY_ICMP) !== 0 && frame.icmp >= 0) useIcmp()
  store<u16>(to + ROW_SOURCE_PORT, <u16>(<u32>frame.sourcePort & sourcePortMask))
  store<u16>(to + ROW_DESTINATION_PORT, <u16>(<u32>frame.destinationPort & destinationPortMask))
  store<u32>(to + ROW_VLAN, (fields & KEY_VLAN) !== 0 ? frame.vlan : 0)
  store<u16>(to + ROW_PROTOCOL, <u16>frame.protocol)
  store<u16>(to + ROW_FAMILY, <u16>family)
  store<u32>(to + ROW_INTERFACE, interfaceKey)
  if ((fields & KEY_MAC) === 0) return
  if (frame.sourceMac >= 0) writeMacs(to, frame.sourceMac, frame.destinationMac)
  else v128.store(to + ROW_SOURCE_MAC, i64x2.splat(0))
}

/** What stands for the ports of a message, see KEY_ICMP. */
function useIcmp(): void {
  const type = frame.icmp >> 8
  const answer = icmpAnswer(frame.protocol, type)
  frame.sourcePort = type
  frame.destinationPort = answer >= 0 ? answer : frame.icmp & 0xff
}

function writeMacs(to: usize, source: usize, destination: usize): void {
  v128.store(to + ROW_SOURCE_MAC, i64x2.splat(0))
  copyMac(to + ROW_SOURCE_MAC, source)
  copyMac(to + ROW_DESTINATION_MAC, destination)
}

function copyMac(to: usize, from: usize): void {
  store<u32>(to, load<u32>(from))
  store<u16>(to + 4, load<u16>(from + 4))
}
