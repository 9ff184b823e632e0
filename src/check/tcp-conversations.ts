/**
 * TCP conversations by addresses and ports: which directions were seen, whether they began in the capture, and what was
 * acknowledged without ever being captured.
 *
 * A table with open addressing over columns, 42 bytes and two slots of 4 bytes each. It knows conversations by a seeded hash of 64
 * bits, not by their keys: two of a million are taken for one with a probability of 1 in 34 million.
 */
import { FAMILY_IPV4 } from '../abi/families.ts'
import { read8, read16, read32, readLittle32 } from '../decoders/bytes.ts'
import { frame } from '../decoders/frame.ts'
import { ACKNOWLEDGMENT_NUMBER, DATA_OFFSET, SEQUENCE_NUMBER } from '../decoders/tcp.ts'
import type { Place } from './finding.ts'
import { addWord, beginHash, endHash, hash } from './hash.ts'
import { placeOf, Sightings } from './sightings.ts'

/** Conversations that are looked at; segments of further ones are only counted. 53 MB at most. */
export const MOST_CONVERSATIONS = 1 << 20

const FIRST_CAPACITY = 1 << 10

/** What was seen of a conversation, in bits: twice, for the lower end as sender and, one bit higher, for the other. */
const SENT = 1
const ACKNOWLEDGED = 4
/** The next sequence number is known. */
const KNOWN = 16
const BEGAN = 64

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16

export interface OneSided {
  readonly count: number
  readonly first: Place | null
}

export class TcpConversations {
  /** Segments of all conversations, and of those that were not looked at. */
  segments = 0
  segmentsBeyond = 0
  /** Acknowledgments of bytes that were sent, after the other direction had been seen, and are not in the capture. */
  readonly lost = new Sightings()
  lostBytes = 0
  readonly #most: number
  #count = 0
  #slots = new Int32Array(2 * FIRST_CAPACITY).fill(-1)
  #hashes = new Int32Array(2 * FIRST_CAPACITY)
  #bits = new Uint8Array(FIRST_CAPACITY)
  /** Next sequence number of each direction. */
  #next = new Int32Array(2 * FIRST_CAPACITY)
  /** The first frame and its time. */
  #frames = new Float64Array(FIRST_CAPACITY)
  #times = new Uint32Array(2 * FIRST_CAPACITY)

  constructor(most = MOST_CONVERSATIONS) {
    this.#most = most
  }

  get size(): number {
    return this.#count
  }

  /** The other end acknowledged, so it was sent to; nothing that it was sent is in the capture. */
  oneWay(): OneSided {
    return this.#where((bits) => (bits & (SENT * 3)) !== SENT * 3 && (bits & (ACKNOWLEDGED * 3)) !== 0)
  }

  /** Without SYN in either direction. */
  withoutHandshake(): OneSided {
    return this.#where((bits) => (bits & BEGAN) === 0)
  }

  /** The frame that was walked last, whose whole TCP header is at `tcp`. */
  add(tcp: number, number: number, high: number, low: number): void {
    this.segments++
    const isLower = hashConversation(tcp)
    const id = this.#find(number, high, low)
    if (id < 0) {
      this.segmentsBeyond++
      return
    }
    const flags = read8(tcp + DATA_OFFSET + 1)
    const sender = isLower ? 0 : 1
    const other = 1 - sender
    let bits = this.#bits[id]! | (SENT << sender)
    const sequence = read32(tcp + SEQUENCE_NUMBER)
    if ((flags & SYN) !== 0) {
      // Ports are used again: what the last ones said does not count.
      if ((flags & ACK) === 0) bits &= ~(KNOWN << other)
      bits = (bits | BEGAN) & ~(KNOWN << sender)
    }
    if ((flags & ACK) !== 0) {
      bits |= ACKNOWLEDGED << sender
      // Resets acknowledge whatever they like.
      if ((flags & RST) === 0 && (bits & (KNOWN << other)) !== 0) {
        const acknowledged = read32(tcp + ACKNOWLEDGMENT_NUMBER)
        const missing = (acknowledged - this.#next[2 * id + other]!) | 0
        if (missing > 0) {
          this.lost.note(number, high, low)
          this.lostBytes += missing
          this.#next[2 * id + other] = acknowledged
        }
      }
    }
    if ((flags & RST) === 0) {
      const next = (sequence + frame.payloadLength + (flags & SYN ? 1 : 0) + (flags & FIN)) | 0
      const isNewer = ((next - this.#next[2 * id + sender]!) | 0) > 0
      if ((bits & (KNOWN << sender)) === 0 || isNewer) this.#next[2 * id + sender] = next
      bits |= KNOWN << sender
    }
    this.#bits[id] = bits
  }

  /** The conversation of the hash, -1 when there are too many. */
  #find(number: number, high: number, low: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hash.a & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]!
      if (id < 0) return this.#count < this.#most ? this.#begin(slot, number, high, low) : -1
      if (this.#hashes[2 * id] === hash.a && this.#hashes[2 * id + 1] === hash.b) return id
    }
  }

  #begin(slot: number, number: number, high: number, low: number): number {
    const id = this.#count++
    this.#slots[slot] = id
    this.#hashes[2 * id] = hash.a
    this.#hashes[2 * id + 1] = hash.b
    this.#frames[id] = number
    this.#times[2 * id] = low
    this.#times[2 * id + 1] = high
    if (this.#count === this.#bits.length) this.#grow()
    return id
  }

  #grow(): void {
    const capacity = 2 * this.#bits.length
    this.#hashes = copyInto(new Int32Array(2 * capacity), this.#hashes)
    this.#bits = copyInto(new Uint8Array(capacity), this.#bits)
    this.#next = copyInto(new Int32Array(2 * capacity), this.#next)
    this.#frames = copyInto(new Float64Array(capacity), this.#frames)
    this.#times = copyInto(new Uint32Array(2 * capacity), this.#times)
    this.#slots = new Int32Array(2 * capacity).fill(-1)
    const mask = this.#slots.length - 1
    for (let id = 0; id < this.#count; id++) {
      let slot = this.#hashes[2 * id]! & mask
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask
      this.#slots[slot] = id
    }
  }

  #where(holds: (bits: number) => boolean): OneSided {
    let count = 0
    let first: Place | null = null
    for (let id = 0; id < this.#count; id++) {
      if (!holds(this.#bits[id]!)) continue
      count++
      // Ids are in the order of first frames.
      first ??= placeOf(this.#frames[id]!, this.#times[2 * id + 1]!, this.#times[2 * id]!)
    }
    return { count, first }
  }
}

function copyInto<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from)
  return to
}

/** Hashes both ends, the lower one first, so that both directions have one hash. Says whether the sender is the lower one. */
function hashConversation(tcp: number): boolean {
  const words = frame.family === FAMILY_IPV4 ? 1 : 4
  const source = frame.source
  const destination = frame.destination
  const sourcePort = read16(tcp)
  const destinationPort = read16(tcp + 2)
  let order = 0
  for (let i = 0; i < words && order === 0; i++) order = read32(source + 4 * i) - read32(destination + 4 * i)
  if (order === 0) order = sourcePort - destinationPort
  const isLower = order <= 0
  const lower = isLower ? source : destination
  const upper = isLower ? destination : source
  beginHash()
  for (let i = 0; i < words; i++) addWord(readLittle32(lower + 4 * i))
  for (let i = 0; i < words; i++) addWord(readLittle32(upper + 4 * i))
  addWord(isLower ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort)
  endHash()
  return isLower
}
