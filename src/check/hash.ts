/**
 * Two hashes of 32 bits over words, mixed as MurmurHash3 does (Austin Appleby, public domain), each in its own way: 64 bits
 * to tell things apart by. Seeds are random, so that nobody can write a capture whose frames collide.
 */
import { read8, readLittle32 } from '../decoders/bytes.ts'

const seeds = crypto.getRandomValues(new Uint32Array(2))

/** The hash so far, two signed words. One object, used again. */
export const hash = { a: 0, b: 0 }

export function beginHash(): void {
  hash.a = seeds[0]! | 0
  hash.b = seeds[1]! | 0
}

export function addWord(word: number): void {
  const a = hash.a ^ Math.imul(word, 0xcc9e2d51)
  hash.a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0
  const b = hash.b ^ Math.imul((word << 15) | (word >>> 17), 0x1b873593)
  hash.b = (Math.imul((b << 17) | (b >>> 15), 9) + 0x38b34ae5) | 0
}

/** Bytes [start, end) of those in use. */
export function addBytes(start: number, end: number): void {
  let at = start
  for (; at + 4 <= end; at += 4) addWord(readLittle32(at))
  let rest = 0
  for (; at < end; at++) rest = (rest << 8) | read8(at)
  addWord(rest ^ ((end - start) << 24))
}

/** MurmurHash3's last step: every bit of the input reaches every bit of the words. */
export function endHash(): void {
  hash.a = finish(hash.a ^ hash.b)
  hash.b = finish(hash.b + hash.a)
}

function finish(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}
