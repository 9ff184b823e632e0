/** Reads for headers: what src/decoders/bytes.ts leaves to callers that may make objects. Bounds are the caller's. */
import { formatAddress, formatOctets } from '../address-text.ts'
import { read8, read32 } from '../bytes.ts'

export const MAC_LENGTH = 6
export const IPV4_LENGTH = 4
export const IPV6_LENGTH = 16

/** Bytes [start, end), copied: they live as long as the caller wants. */
export function readBytes(start: number, end: number): Uint8Array {
  return Uint8Array.from({ length: Math.max(0, end - start) }, (_, i) => read8(start + i))
}

export function readUnsigned32(at: number): number {
  return read32(at) >>> 0
}

/** The upper 24 bits of the 32 at `at`. */
export function readUpper24(at: number): number {
  return read32(at) >>> 8
}

export function readMac(at: number): string {
  return readOctets(at, MAC_LENGTH)
}

/** A link-layer address of any length. */
export function readOctets(at: number, length: number): string {
  return formatOctets(readBytes(at, at + length))
}

export function readIpv4(at: number): string {
  return formatAddress(readBytes(at, at + IPV4_LENGTH))
}

export function readIpv6(at: number): string {
  return formatAddress(readBytes(at, at + IPV6_LENGTH))
}
