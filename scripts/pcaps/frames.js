// Builds frames from the outside in: link(ip(from, to, udp(...))). Numbers in, a Buffer out; every length and checksum is right,
// so that what is wrong in a capture is wrong on purpose.
import { Buffer } from 'node:buffer'

export const u8 = (...values) => Buffer.from(values)
export const u16 = (...values) => Buffer.concat(values.map((value) => u8(value >>> 8, value & 255)))
export const u32 = (...values) => Buffer.concat(values.map((value) => u16(value >>> 16, value & 0xffff)))
export const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex')
export const bytes = (...parts) => Buffer.concat(parts)
/** Payload of `length` bytes that compresses a little and repeats never at the same place. */
export const filler = (length, seed = 0) =>
  Buffer.from(Array.from({ length }, (_, i) => (i * 7 + seed * 31 + (i >> 5)) & 255))

/** Internet checksum, RFC 1071. */
function checksum(data) {
  let sum = 0
  for (let i = 0; i < data.length; i += 2) sum += (data[i] << 8) | (data[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

function address(text) {
  if (!text.includes(':')) return u8(...text.split('.').map(Number))
  const [head, tail] = text.split('::').map((half) => half.split(':').filter(Boolean))
  const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head
  return u16(...groups.map((group) => Number.parseInt(group, 16)))
}

// ---- transport: { protocol, build(pseudoHeader) } ----------------------------------------------------------------------------

function withChecksum(protocol, segment, at) {
  return {
    protocol,
    build(pseudo) {
      const sum = checksum(bytes(pseudo(segment.length, protocol), segment))
      const out = Buffer.from(segment)
      out.writeUInt16BE(protocol === 17 && sum === 0 ? 0xffff : sum, at)
      return out
    },
  }
}

export const udp = (from, to, payload) => withChecksum(17, bytes(u16(from, to, 8 + payload.length, 0), payload), 6)

export const TCP_SYN = 2
export const TCP_ACK = 16
export function tcp(from, to, flags, payload = u8()) {
  return withChecksum(6, bytes(u16(from, to), u32(1000, 2000), u8(0x50, flags), u16(64240, 0, 0), payload), 16)
}

/** ICMPv4 has no pseudo-header, ICMPv6 has (RFC 4443 §2.3). */
export function icmp(type, code, rest, payload = u8()) {
  const message = bytes(u8(type, code), u16(0), rest, payload)
  message.writeUInt16BE(checksum(message), 2)
  return { protocol: 1, build: () => message }
}
export const icmpv6 = (type, code, rest, payload = u8()) =>
  withChecksum(58, bytes(u8(type, code), u16(0), rest, payload), 2)

/** Any protocol whose payload needs no pseudo-header: a tunnel, AH, ESP. */
export const raw = (protocol, payload) => ({ protocol, build: () => payload })

// ---- network -----------------------------------------------------------------------------------------------------------------

/** `upper` in IPv4 or IPv6, as the addresses say. `extensions` (IPv6): [number, body] in order, body without its next header. */
export function ip(from, to, upper, { id = 1, ttl = 64, extensions = [] } = {}) {
  const [src, dst] = [address(from), address(to)]
  if (src.length === 4) {
    const payload = upper.build((length, protocol) => bytes(src, dst, u8(0, protocol), u16(length)))
    const header = bytes(u8(0x45, 0), u16(20 + payload.length, id, 0x4000), u8(ttl, upper.protocol), u16(0), src, dst)
    header.writeUInt16BE(checksum(header), 10)
    return bytes(header, payload)
  }
  let payload = upper.build((length, protocol) => bytes(src, dst, u32(length, protocol)))
  let next = upper.protocol
  for (const [number, body] of extensions.toReversed()) {
    payload = bytes(u8(next), body, payload)
    next = number
  }
  return bytes(u32(0x60000000), u16(payload.length), u8(next, ttl), src, dst, payload)
}

const isIpv6 = (packet) => packet[0] >> 4 === 6
export const etherTypeOf = (packet) => (isIpv6(packet) ? 0x86dd : 0x0800)
export const pppProtocolOf = (packet) => (isIpv6(packet) ? 0x0057 : 0x0021)

// ---- link --------------------------------------------------------------------------------------------------------------------

export const MAC_A = hex('02 00 00 00 00 0a')
export const MAC_B = hex('02 00 00 00 00 0b')
export const BROADCAST = hex('ff ff ff ff ff ff')

export const ethernet = (type, payload, to = MAC_B) => bytes(to, MAC_A, u16(type), payload)
export const inEthernet = (packet) => ethernet(etherTypeOf(packet), packet)
export const snap = (type, payload) => bytes(hex('aa aa 03 00 00 00'), u16(type), payload)

const DNS_QUESTION = hex('0464 65736b 0765 78616d706c65 00 0001 0001') // desk.example, A, IN
const dnsQuery = bytes(hex('6e6b 0100 0001 0000 0000 0000'), DNS_QUESTION)
const dnsAnswer = bytes(
  hex('6e6b 8180 0001 0001 0000 0000'),
  DNS_QUESTION,
  hex('c00c 0001 0001 0000012c 0004 c0000201'),
)

/** Six IP packets that every link type gets: both versions, both directions, UDP, TCP and ICMP. */
export const talk = [
  ip('192.0.2.1', '198.51.100.2', udp(40000, 53, dnsQuery)),
  ip('198.51.100.2', '192.0.2.1', udp(53, 40000, dnsAnswer)),
  ip('192.0.2.1', '203.0.113.3', tcp(40001, 443, TCP_SYN)),
  ip('203.0.113.3', '192.0.2.1', tcp(443, 40001, TCP_SYN | TCP_ACK)),
  ip('2001:db8::1', '2001:db8:2::2', udp(40002, 443, filler(100, 3))),
  ip('2001:db8:2::2', '2001:db8::1', icmpv6(129, 0, u16(7, 1), filler(32, 4))),
]
