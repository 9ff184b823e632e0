/** Bytes → other bytes, without knowing what they are. */
import type { Random } from './random.ts'

/** Where length checks change their mind: header lengths, signs, and netkit's own bounds, each with its neighbours. */
export const EDGES: readonly number[] = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  12,
  14,
  16,
  20,
  24,
  28,
  32,
  40,
  54,
  60,
  64,
  127,
  128,
  255,
  256,
  1500,
  0x7fff,
  0x8000,
  0xffff,
  0x10000,
  262144,
  0xffffff,
  16 << 20,
  134348832,
  0x7fffffff,
  0x80000000,
  0xfffffff0,
  0xffffffff,
].flatMap((value) => [value, value + 1, Math.max(0, value - 1)])

/** An edge of at most `bits` bits, or any number. */
export function edge(random: Random, bits: number): number {
  const value = random.oneIn(4) ? random.u32() : random.pick(EDGES)
  return bits === 32 ? value >>> 0 : value & ((1 << bits) - 1)
}

export function writeUint(bytes: Uint8Array, at: number, size: number, value: number, little: boolean): void {
  for (let i = 0; i < size; i++) {
    const place = at + (little ? i : size - 1 - i)
    if (place < bytes.length) bytes[place] = Math.floor(value / 2 ** (8 * i)) & 0xff
  }
}

/** The field with a little more or less in it: what a length check that is off by one lets pass. */
export function nudgeUint(bytes: Uint8Array, at: number, size: number, little: boolean, random: Random): void {
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[at + (little ? size - 1 - i : i)] ?? 0)
  const next = value + random.pick([-12, -8, -4, -2, -1, 1, 2, 3, 4, 8, 12])
  writeUint(bytes, at, size, Math.max(0, next), little)
}

/** One change. `other`: something to take parts from. */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return other.slice(0, random.below(64))
  const at = random.below(bytes.length)
  const length = 1 + random.below(Math.min(bytes.length - at, random.oneIn(4) ? 512 : 16))
  switch (random.below(10)) {
    case 0:
      return changed(bytes, (copy) => {
        copy[at]! ^= 1 << random.below(8)
      })
    case 1:
      return changed(bytes, (copy) => {
        copy[at] = random.u32()
      })
    case 2:
    case 3: {
      const size = random.pick([1, 2, 4])
      return changed(bytes, (copy) => writeUint(copy, at, size, edge(random, 8 * size), random.oneIn(2)))
    }
    case 8: {
      const size = random.pick([1, 2, 4])
      return changed(bytes, (copy) => nudgeUint(copy, at, size, random.oneIn(2), random))
    }
    case 4:
      return concat(bytes.subarray(0, at), bytes.subarray(at + length))
    case 5:
      return concat(bytes.subarray(0, at + length), bytes.subarray(at))
    case 6:
      return concat(bytes.subarray(0, at), random.bytes(length), bytes.subarray(at))
    case 7: {
      const from = random.below(other.length)
      return concat(bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at + length))
    }
    default:
      return bytes.slice(0, at)
  }
}

export function changed(bytes: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array {
  const copy = bytes.slice()
  change(copy)
  return copy
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
