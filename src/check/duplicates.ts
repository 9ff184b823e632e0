/**
 * Frames that carry the same packet as one shortly before: a mirror port that copies what comes in and what goes out, a capture
 * on both sides of a router, the same traffic in two files.
 *
 * An IP packet is the same when everything in it is, but for what routers change: TTL and checksum, hop limit, traffic class.
 * So it is across other link headers and MAC addresses too. Of a long packet the first and the last bytes are compared: the
 * identification, the sequence numbers and the checksums are there. A retransmission has another identification or comes later.
 * Two acknowledgments of IPv6, which has none, can be the same and yet two; they seldom come within the time that counts here.
 */
import { FAMILY_IPV4 } from '../abi/families.ts'
import { read8, read16, readLittle32 } from '../decoders/bytes.ts'
import { frame } from '../decoders/frame.ts'
import { addBytes, addWord, beginHash, endHash, hash } from './hash.ts'
import { isNoTime, nsBetween, Sightings } from './sightings.ts'
import { found } from './walk-frame.ts'

/** Copies of a mirror port come within microseconds, those of a router within a millisecond or two. */
export const DUPLICATE_WITHIN_NS = 10_000_000

/** 16384 buckets of four frames: all of 10 ms at six million frames a second. 1.3 MB. */
const BUCKETS = 1 << 14
const WAYS = 4

/** Compared of a packet that is longer than both. */
const FIRST_BYTES = 192
const LAST_BYTES = 64

export class Duplicates {
  readonly seen = new Sightings()
  /** Bytes of the frames that were copies, on the wire. */
  bytes = 0
  readonly #hashes = new Int32Array(2 * BUCKETS * WAYS)
  /** Nanoseconds after the first frame with a time. */
  readonly #times = new Float64Array(BUCKETS * WAYS).fill(Number.NEGATIVE_INFINITY)
  /** Words of that one's time. */
  #origin: readonly [high: number, low: number] | null = null
  /** Where the bucket's next frame goes. */
  readonly #next = new Uint8Array(BUCKETS)

  /** The frame that was walked last: `caplen` bytes at `start`. */
  add(start: number, caplen: number, origlen: number, number: number, high: number, low: number): void {
    if (caplen === 0 || isNoTime(high, low)) return
    hashPacket(start, start + caplen, origlen)
    const bucket = hash.a & (BUCKETS - 1)
    this.#origin ??= [high, low]
    const time = nsBetween(this.#origin[0], this.#origin[1], high, low)
    const first = bucket * WAYS
    for (let i = first; i < first + WAYS; i++) {
      if (this.#hashes[2 * i] !== hash.a || this.#hashes[2 * i + 1] !== hash.b) continue
      if (Math.abs(time - this.#times[i]!) > DUPLICATE_WITHIN_NS) continue
      this.seen.note(number, high, low)
      this.bytes += origlen
      // A third copy is one of the first frame.
      return
    }
    const way = this.#next[bucket]!
    this.#next[bucket] = (way + 1) % WAYS
    this.#hashes[2 * (first + way)] = hash.a
    this.#hashes[2 * (first + way) + 1] = hash.b
    this.#times[first + way] = time
  }
}

function hashPacket(start: number, end: number, origlen: number): void {
  beginHash()
  const ip = found.ip
  if (ip < 0) {
    addWord(origlen)
    addEnds(start, end)
  } else if (frame.family === FAMILY_IPV4) {
    // Total length; identification, flags and fragment offset; protocol; addresses.
    addWord((read16(ip + 2) << 16) | read8(ip + 9))
    addWord(readLittle32(ip + 4))
    addWord(readLittle32(ip + 12))
    addWord(readLittle32(ip + 16))
    addEnds(ip + 20, Math.min(end, ip + frame.ipLength))
  } else {
    // Flow label, payload length and next header, then the addresses.
    addWord(readLittle32(ip) & 0xffff0f00)
    addWord((read16(ip + 4) << 16) | read8(ip + 6))
    addEnds(ip + 8, Math.min(end, ip + frame.ipLength))
  }
  endHash()
}

function addEnds(start: number, end: number): void {
  if (end - start <= FIRST_BYTES + LAST_BYTES) addBytes(start, Math.max(start, end))
  else {
    addBytes(start, start + FIRST_BYTES)
    addBytes(end - LAST_BYTES, end)
  }
}
