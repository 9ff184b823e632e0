/**
 * Frames whose payload can hold the name of an address → a list for the host, which reads those alone: answers of DNS, mDNS and
 * LLMNR, DHCP, requests of HTTP, the hellos of TLS and QUIC; and pcapng's blocks of names.
 *
 * A mark is a guess by ports and first bytes: a wrong one costs the host a look, and no frame is missed for being unusual below
 * its transport. Nothing here runs unless names are asked for.
 */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../src/abi/families.ts'
import {
  BATCH_FRAMES,
  NAME_BLOCK_HEADER_LENGTH,
  NAME_FRAME_INDEX,
  NAME_FRAME_LENGTH,
  NAME_FRAME_PAYLOAD,
  NAME_FRAME_TCP,
} from '../src/abi/layout.ts'
import { ETHERNET_HEADER_LEN } from '../src/decoders/ethernet.ts'
import { frame, STOP_NONE } from '../src/decoders/frame.ts'
import { IPV4_MIN_HEADER_LEN } from '../src/decoders/ipv4.ts'
import { IPV6_HEADER_LEN } from '../src/decoders/ipv6.ts'
import { DATA_OFFSET } from '../src/decoders/tcp.ts'
import { UDP_HEADER_LEN, LENGTH as UDP_LENGTH } from '../src/decoders/udp.ts'
import { PROTOCOL_TCP, PROTOCOL_UDP } from './compact-index.ts'
import { forgetAnswers, isNews } from './dns-answers.ts'
import { commonProtocol } from './frame-key.ts'
import { allocate } from './memory.ts'

/** Asked for, see markNames. */
export let marksNames: bool = false

// Ports as a little-endian load finds them.
const PORT_DNS: u32 = 0x3500
const PORT_HTTPS: u32 = 0xbb01
const PORT_MDNS: u32 = 0xe914
const PORT_LLMNR: u32 = 0xeb14
const PORT_DHCP_SERVER: u32 = 0x4300
const PORT_DHCP_CLIENT: u32 = 0x4400
const PORT_DHCPV6_CLIENT: u32 = 0x2202
const PORT_DHCPV6_SERVER: u32 = 0x2302
/** Behind it are those of mDNS and LLMNR alone. */
const LAST_LOW_PORT: u16 = 547

/** RFC 1035 §4.1.1: the header, and in its third byte the bit of a response. */
const DNS_HEADER_LENGTH: usize = 12
const DNS_FLAGS: usize = 2
const DNS_RESPONSE: u32 = 0x80

/** RFC 9000 §14.1: what is shorter is dropped. §17.2: a long header, then the version: 1 (RFC 9001) or 2 (RFC 9369), of which the Initial packets have these types. */
const QUIC_LEAST_LENGTH: u32 = 1200 + UDP_HEADER_LEN
const QUIC_LEAST_CAPTURED: usize = 16
const QUIC_FORM_AND_TYPE: u32 = 0xf0
const QUIC_INITIAL: u32 = 0xc0
const QUIC_VERSION_1: u32 = 0x01000000
const QUIC_INITIAL_V2: u32 = 0xd0
const QUIC_VERSION_2: u32 = 0xcf43336b

/** RFC 8446 §5.1, §4: a record of type handshake, version 3.x, its length, then the type of the message: 1 is a client hello. */
const TLS_HANDSHAKE: u32 = 0x0316
const TLS_RECORD_HEADER_LENGTH: usize = 5
const TLS_CLIENT_HELLO: u32 = 1

/** The first four characters of the methods of RFC 9110 §9 and RFC 5789, as a little-endian load finds them. */
const METHOD_GET: u32 = 0x20544547
const METHOD_POST: u32 = 0x54534f50
const METHOD_HEAD: u32 = 0x44414548
const METHOD_PUT: u32 = 0x20545550
const METHOD_DELETE: u32 = 0x454c4544
const METHOD_OPTIONS: u32 = 0x4954504f
const METHOD_PATCH: u32 = 0x43544150
const METHOD_CONNECT: u32 = 0x4e4e4f43

const LINE_FEED: u32 = 0x0a
const EMPTY_LINE: u32 = 0x0a0d
const LOWER_CASE: u32 = 0x20202020
const FIELD_HOST: u32 = 0x74736f68
/** Of the head of a request, behind its first segment. */
const LONGEST_HEAD: i32 = 1 << 13

/** Address of the marks of the batch that is being filled, and how many there are. One batch of a module is filled at a time. */
let marks: usize = 0

export function markNames(on: bool): void {
  marksNames = on
}

/** Room for the marks of a batch. */
export function createMarks(): usize {
  return marksNames ? allocate(<usize>BATCH_FRAMES * NAME_FRAME_LENGTH) : 0
}

/**
 * Frame `index` of the batch, whose key was read straight off its bytes: Ethernet, IP without options, and a whole header of TCP
 * or UDP. Returns 1 when it was marked.
 */
export function markCommon(list: usize, count: u32, index: u32, data: usize, caplen: u32, time: i64): u32 {
  marks = list + <usize>count * NAME_FRAME_LENGTH
  const isIpv4 = commonProtocol >> 16 === FAMILY_IPV4
  const header = isIpv4 ? ETHERNET_HEADER_LEN + IPV4_MIN_HEADER_LEN : ETHERNET_HEADER_LEN + IPV6_HEADER_LEN
  const transport = data + header
  const end = data + caplen
  if ((commonProtocol & 0xffff) === PROTOCOL_UDP) {
    return holdsDatagram(transport, end, time) ? mark(index, transport + UDP_HEADER_LEN - data) : 0
  }
  const payload = transport + ((<usize>load<u8>(transport + DATA_OFFSET) >> 4) << 2)
  const addressLength: usize = isIpv4 ? 4 : 16
  return holdsSegment(transport, payload, end, transport - addressLength - 4, transport - 4)
    ? mark(index, (payload - data) | NAME_FRAME_TCP)
    : 0
}

/** The same for a frame that was walked, as the walk left it. */
export function markWalked(list: usize, count: u32, index: u32, data: usize, time: i64): u32 {
  if (frame.stopReason !== STOP_NONE || frame.quoted !== 0 || frame.laterFragment !== 0) return 0
  if (frame.family !== FAMILY_IPV4 && frame.family !== FAMILY_IPV6) return 0
  marks = list + <usize>count * NAME_FRAME_LENGTH
  const payload = <usize>frame.at
  const end = <usize>frame.end
  if (frame.protocol === PROTOCOL_UDP) {
    return holdsDatagram(payload - UDP_HEADER_LEN, end, time) ? mark(index, payload - data) : 0
  }
  if (frame.protocol !== PROTOCOL_TCP) return 0
  // The walk has left the header behind; what is wanted of it are the ports.
  store<u16>(PORTS, bswap<u16>(<u16>frame.sourcePort))
  store<u16>(PORTS, bswap<u16>(<u16>frame.destinationPort), 2)
  const tail: usize = frame.family === FAMILY_IPV4 ? 0 : 12
  return holdsSegment(PORTS, payload, end, <usize>frame.source + tail, <usize>frame.destination + tail)
    ? mark(index, (payload - data) | NAME_FRAME_TCP)
    : 0
}

const PORTS: usize = memory.data(4, 4)

let markedFrames: u32 = 0

/** Since the last call of forgetNameFrames. */
export function nameFrames(): u32 {
  return markedFrames
}

/** What is marked from here on depends on nothing before. */
export function forgetNameFrames(): void {
  if (markedFrames === 0) return
  markedFrames = 0
  clearWanted()
  forgetAnswers()
}

function mark(index: u32, payload: usize): u32 {
  markedFrames++
  store<u32>(marks, index, NAME_FRAME_INDEX)
  store<u32>(marks, <u32>payload, NAME_FRAME_PAYLOAD)
  return 1
}

/** `transport`: a UDP header, which is whole. */
function holdsDatagram(transport: usize, end: usize, time: i64): bool {
  const source = <u32>load<u16>(transport)
  const destination = <u32>load<u16>(transport, 2)
  const payload = transport + UDP_HEADER_LEN
  // What a server sends there has no name in it.
  if (<u32>bswap<u16>(load<u16>(transport, UDP_LENGTH)) >= QUIC_LEAST_LENGTH && source !== PORT_HTTPS) {
    if (payload + QUIC_LEAST_CAPTURED > end) return false
    const form = <u32>load<u8>(payload) & QUIC_FORM_AND_TYPE
    const version = load<u32>(payload, 1)
    if (form === QUIC_INITIAL && version === QUIC_VERSION_1) return true
    if (form === QUIC_INITIAL_V2 && version === QUIC_VERSION_2) return true
  }
  if (bswap<u16>(<u16>source) > LAST_LOW_PORT && bswap<u16>(<u16>destination) > LAST_LOW_PORT) {
    if (source !== PORT_MDNS && source !== PORT_LLMNR) return false
  }
  if (source === PORT_DNS || source === PORT_MDNS || source === PORT_LLMNR) {
    if (payload + DNS_HEADER_LENGTH > end || (<u32>load<u8>(payload + DNS_FLAGS) & DNS_RESPONSE) === 0) return false
    return isNews(payload, end, source, time)
  }
  return (
    destination === PORT_DHCP_SERVER ||
    destination === PORT_DHCP_CLIENT ||
    destination === PORT_DHCPV6_SERVER ||
    destination === PORT_DHCPV6_CLIENT
  )
}

/** `ports`: where the two of them lie. `source`, `destination`: the same of the last four bytes of the addresses. */
function holdsSegment(ports: usize, payload: usize, end: usize, source: usize, destination: usize): bool {
  if (payload + 4 > end) return false
  if (wantedCount > 0 && isWanted(hashOf(ports, source, destination), <i32>(end - payload))) return true
  if (<u32>load<u16>(ports) === PORT_DNS) return true
  const first = load<u32>(payload)
  if ((first & 0xffff) === TLS_HANDSHAKE) {
    if (payload + TLS_RECORD_HEADER_LENGTH >= end) return false
    if (<u32>load<u8>(payload + TLS_RECORD_HEADER_LENGTH) !== TLS_CLIENT_HELLO) return false
    const record = TLS_RECORD_HEADER_LENGTH + <usize>bswap<u16>(load<u16>(payload, 3))
    const left = <i32>record - <i32>(end - payload)
    if (left > 0) want(hashOf(ports, source, destination), left)
    return true
  }
  if (!isMethod(first)) return false
  if (!hasHost(payload, end)) want(hashOf(ports, source, destination), LONGEST_HEAD)
  return true
}

function isMethod(first: u32): bool {
  // Their first letters: most payloads end here.
  if ((first & 0xff) - 0x43 > 0x50 - 0x43) return false
  return (
    first === METHOD_GET ||
    first === METHOD_POST ||
    first === METHOD_HEAD ||
    first === METHOD_PUT ||
    first === METHOD_DELETE ||
    first === METHOD_OPTIONS ||
    first === METHOD_PATCH ||
    first === METHOD_CONNECT
  )
}

/** A field `Host` begins somewhere in it, or its head ends (RFC 9112 §2.1): what follows is not looked for. */
function hasHost(payload: usize, end: usize): bool {
  for (let at = payload; at + 5 < end; at++) {
    if (<u32>load<u8>(at) !== LINE_FEED) continue
    const next = load<u32>(at, 1)
    if ((next | LOWER_CASE) === FIELD_HOST || (next & 0xffff) === EMPTY_LINE) return true
  }
  return false
}

/**
 * Hellos of which a part is still to come: by some bits of a hash of the flow, that hash and the bytes that are left. A later one
 * takes the place of an earlier one.
 */
const WANTED_PLACES: u32 = 256
const wanted = memory.data(256 * 8, 8)
let wantedCount: u32 = 0
/** Segments that were looked at since a hello began. After so many what has not come will not. */
let wantedAge: u32 = 0
const WANTED_LONGEST: u32 = 1 << 14

function hashOf(ports: usize, source: usize, destination: usize): u32 {
  const addresses = load<u32>(source) * 0x9e3779b1 + rotl<u32>(load<u32>(destination), 16)
  const hash = (addresses ^ load<u32>(ports)) * 0x85ebca6b
  // 0 is for nobody.
  return (hash ^ (hash >> 15)) | 1
}

function want(hash: u32, left: i32): void {
  const place = wanted + <usize>((hash >> 1) & (WANTED_PLACES - 1)) * 8
  if (load<u32>(place) === 0) wantedCount++
  store<u32>(place, hash)
  store<i32>(place, left, 4)
  wantedAge = 0
}

function isWanted(hash: u32, length: i32): bool {
  if (++wantedAge > WANTED_LONGEST) {
    clearWanted()
    return false
  }
  const place = wanted + <usize>((hash >> 1) & (WANTED_PLACES - 1)) * 8
  if (load<u32>(place) !== hash) return false
  const left = load<i32>(place, 4) - length
  store<i32>(place, left, 4)
  if (left <= 0) {
    store<u32>(place, 0)
    wantedCount--
  }
  return true
}

function clearWanted(): void {
  wantedCount = 0
  memory.fill(wanted, 0, <usize>WANTED_PLACES * 8)
}

/**
 * Blocks of names, one behind the other (NAME_BLOCK_ of src/abi/layout.ts), until the host has taken them. What is more than fits
 * is left out; a larger block is passed over.
 */
export const MAX_NAME_BLOCK: u32 = 1 << 20
const NAME_BLOCKS_ROOM: u32 = 1 << 22
let blocks: usize = 0
let blocksLength: u32 = 0

export function keepNameBlock(body: usize, length: u32, swapped: bool): void {
  if (blocks === 0) blocks = allocate(NAME_BLOCKS_ROOM)
  if (blocksLength + NAME_BLOCK_HEADER_LENGTH + length > NAME_BLOCKS_ROOM) return
  const to = blocks + blocksLength
  store<u32>(to, length)
  store<u32>(to, <u32>swapped, 4)
  memory.copy(to + NAME_BLOCK_HEADER_LENGTH, body, length)
  blocksLength += NAME_BLOCK_HEADER_LENGTH + length
}

export function nameBlocks(): usize {
  return blocks
}

/** Bytes of them; they are the host's now. */
export function takeNameBlocks(): u32 {
  const length = blocksLength
  blocksLength = 0
  return length
}
