/**
 * Frames, header by header. Every function takes the fields that a test is about, fills in the rest, and puts the header in
 * front of a payload; lengths are those of the payload unless given. Checksums stay 0: no decoder believes them.
 */
import { addressBytes } from './frames.ts'

/** Bytes from hexadecimal digits; blanks may stand between them. */
export function hex(digits: string): Uint8Array {
  const packed = digits.replace(/\s+/g, '')
  return Uint8Array.from({ length: packed.length / 2 }, (_, i) => Number.parseInt(packed.slice(2 * i, 2 * i + 2), 16))
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff)
}

export function u32(value: number): Uint8Array {
  return concat(u16(value >>> 16), u16(value & 0xffff))
}

export const EMPTY = new Uint8Array(0)
export const SOURCE_MAC = '02:00:00:00:00:01'
export const DESTINATION_MAC = '02:00:00:00:00:02'
export const SOURCE_IPV4 = '192.0.2.1'
export const DESTINATION_IPV4 = '198.51.100.2'
export const SOURCE_IPV6 = '2001:db8::1'
export const DESTINATION_IPV6 = '2001:db8::2'

export function ethernet(type: number, payload: Uint8Array): Uint8Array {
  return concat(addressBytes(DESTINATION_MAC), addressBytes(SOURCE_MAC), u16(type), payload)
}

export function vlan(tag: { vid: number; pcp?: number; dei?: boolean; type: number }, payload: Uint8Array): Uint8Array {
  return concat(u16(((tag.pcp ?? 0) << 13) | (tag.dei ? 0x1000 : 0) | tag.vid), u16(tag.type), payload)
}

export interface Ipv4Fields {
  readonly protocol: number
  readonly version?: number
  readonly ihl?: number
  readonly totalLength?: number
  readonly identification?: number
  readonly moreFragments?: boolean
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number
  readonly source?: string
  readonly destination?: string
  /** A multiple of four bytes. */
  readonly options?: Uint8Array
}

export function ipv4(fields: Ipv4Fields, payload: Uint8Array): Uint8Array {
  const options = fields.options ?? EMPTY
  const length = 20 + options.length
  return concat(
    Uint8Array.of(((fields.version ?? 4) << 4) | (fields.ihl ?? length / 4), 0),
    u16(fields.totalLength ?? length + payload.length),
    u16(fields.identification ?? 0),
    u16((fields.moreFragments ? 0x2000 : 0) | ((fields.fragmentOffset ?? 0) >> 3)),
    Uint8Array.of(64, fields.protocol),
    u16(0),
    addressBytes(fields.source ?? SOURCE_IPV4),
    addressBytes(fields.destination ?? DESTINATION_IPV4),
    options,
    payload,
  )
}

export interface Ipv6Fields {
  readonly nextHeader: number
  readonly version?: number
  readonly payloadLength?: number
  readonly source?: string
  readonly destination?: string
}

export function ipv6(fields: Ipv6Fields, payload: Uint8Array): Uint8Array {
  return concat(
    u32(((fields.version ?? 6) << 28) | 0),
    u16(fields.payloadLength ?? payload.length),
    Uint8Array.of(fields.nextHeader, 64),
    addressBytes(fields.source ?? SOURCE_IPV6),
    addressBytes(fields.destination ?? DESTINATION_IPV6),
    payload,
  )
}

/** Hop-by-Hop, Routing, Destination Options and their like: `content` fills the header behind its first two bytes. */
export function extension(nextHeader: number, content: Uint8Array, payload: Uint8Array, length?: number): Uint8Array {
  return concat(Uint8Array.of(nextHeader, length ?? (content.length + 2) / 8 - 1), content, payload)
}

export function fragment(
  fields: { nextHeader: number; offset: number; more: boolean; identification?: number },
  payload: Uint8Array,
): Uint8Array {
  const { nextHeader, offset, more, identification = 0 } = fields
  return concat(Uint8Array.of(nextHeader, 0), u16(offset | (more ? 1 : 0)), u32(identification), payload)
}

export interface TcpFields {
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly dataOffset?: number
  /** Twelve bits. */
  readonly flags?: number
  /** A multiple of four bytes. */
  readonly options?: Uint8Array
}

export function tcp(fields: TcpFields = {}, payload: Uint8Array = EMPTY): Uint8Array {
  const options = fields.options ?? EMPTY
  const offset = fields.dataOffset ?? 5 + options.length / 4
  return concat(
    u16(fields.sourcePort ?? 49152),
    u16(fields.destinationPort ?? 443),
    u32(0x01020304),
    u32(0xf1f2f3f4),
    u16((offset << 12) | (fields.flags ?? 0x010)),
    u16(65535),
    u16(0),
    u16(0),
    options,
    payload,
  )
}

export interface UdpFields {
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly length?: number
}

export function udp(fields: UdpFields = {}, payload: Uint8Array = EMPTY): Uint8Array {
  return concat(
    u16(fields.sourcePort ?? 49152),
    u16(fields.destinationPort ?? 53),
    u16(fields.length ?? 8 + payload.length),
    u16(0),
    payload,
  )
}

/** The most ordinary inside: four bytes of data over UDP over IPv4. */
export function udpInIpv4(fields: UdpFields = {}, payload: Uint8Array = hex('64617461')): Uint8Array {
  return ipv4({ protocol: 17 }, udp(fields, payload))
}

export function udpInIpv6(fields: UdpFields = {}, payload: Uint8Array = hex('64617461')): Uint8Array {
  return ipv6({ nextHeader: 17 }, udp(fields, payload))
}
