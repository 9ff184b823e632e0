/**
 * Internet checksums (RFC 1071) of what is left of a packet, as if what was cut away were zeros: a packet that is still whole has
 * the right one, and of the cut one nothing is told by the checksum of what it held.
 */
import type { FrameBytes } from './frame-bytes.ts'

const MODULUS = 0xffff

/** The sum of 16-bit words, not folded: a packet has too few of them to overflow a double. */
export function sumOf({ bytes }: FrameBytes, start: number, end: number): number {
  let sum = 0
  let at = start
  for (; at + 1 < end; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!
  return at < end ? sum + (bytes[at]! << 8) : sum
}

/** The checksum that goes with a sum. Never 0xffff: that is 0, and UDP alone makes a difference. */
export function checksumOf(sum: number): number {
  let folded = sum
  while (folded > MODULUS) folded = Math.floor(folded / 0x10000) + (folded & MODULUS)
  return ~folded & MODULUS
}

/** Writes the checksum at `field` for the words [start, end) and what else counts. */
export function writeChecksum(frame: FrameBytes, field: number, start: number, end: number, also = 0): number {
  frame.view.setUint16(field, 0)
  const checksum = checksumOf(sumOf(frame, start, end) + also)
  frame.view.setUint16(field, checksum)
  return checksum
}
