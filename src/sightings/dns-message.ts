/**
 * One DNS, mDNS or LLMNR message (RFC 1035 §4.1, RFC 6762, RFC 4795) → names of the addresses that it answers with.
 *
 * The name of an address is what was asked for, not what a chain of CNAMEs ends at. Additional records, and all of mDNS, name
 * themselves. A message that is cut is read as far as it is whole, and only what leads back to its question is told: a CNAME
 * may be missing.
 */
import { pointerAt, readDnsName, skipDnsName } from './dns-name.ts'
import { addressOfReverseName } from './reverse-address.ts'
import type { OnName } from './sighting.ts'

const HEADER_LEN = 12
/** Type, class, TTL and length of a record, behind its name. */
const RECORD_HEAD_LEN = 10

const FLAG_RESPONSE = 0x8000
const OPCODE = 0x7800
const RCODE = 0x000f
/** The upper bit of mDNS's classes means something else: RFC 6762 §10.2, §18.12. */
const CLASS = 0x7fff
const CLASS_IN = 1

/** IANA, DNS resource record types, 2026-11. */
const TYPE_A = 1
const TYPE_CNAME = 5
const TYPE_PTR = 12
const TYPE_AAAA = 28

/** More are in no message that a resolver would follow; a longer one is told under a later name. */
const MOST_ALIASES = 64
const MOST_QUESTIONS = 8
const MOST_STEPS = 16

export type DnsSource = 'dns' | 'mdns' | 'llmnr'

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** Whether the bytes, as far as they go, may begin a message with answers. */
export function mayBeDnsResponse(bytes: Uint8Array, at: number): boolean {
  if (bytes.length < at + 4) return true
  const flags = u16(bytes, at + 2)
  return (flags & FLAG_RESPONSE) !== 0 && (flags & OPCODE) === 0
}

export function readDnsMessage(bytes: Uint8Array, source: DnsSource, onName: OnName): void {
  if (bytes.length < HEADER_LEN || !mayBeDnsResponse(bytes, 0)) return
  // RFC 6762 §18.11: mDNS has no response codes.
  if ((bytes[3]! & RCODE) !== 0 && source !== 'mdns') return
  new Message(bytes, source, onName).read()
}

class Message {
  readonly #bytes: Uint8Array
  readonly #source: DnsSource
  readonly #onName: OnName
  readonly #questions: string[] = []
  /** Where a CNAME leads → its owner. */
  #aliases: Map<string, string> | null = null
  /** Fewer records are there than the header says. */
  #isCut = false
  /** By where they lie: records point at names that were read before. */
  readonly #names = new Map<number, string | null>()

  constructor(bytes: Uint8Array, source: DnsSource, onName: OnName) {
    this.#bytes = bytes
    this.#source = source
    this.#onName = onName
  }

  read(): void {
    const bytes = this.#bytes
    const records = u16(bytes, 6) + u16(bytes, 8) + u16(bytes, 10)
    if (records === 0) return
    let at = HEADER_LEN
    for (let questions = u16(bytes, 4); questions > 0; questions--) {
      const end = skipDnsName(bytes, at)
      if (end < 0 || end + 4 > bytes.length) return
      if (this.#questions.length < MOST_QUESTIONS) {
        const name = this.#name(at)
        if (name !== null) this.#questions.push(name)
      }
      at = end + 4
    }
    if (this.#source !== 'mdns') this.#walk(at, records, this.#noteAlias)
    this.#walk(at, records, this.#tell)
  }

  #walk(start: number, records: number, visit: (type: number, owner: number, data: number, length: number) => void) {
    const bytes = this.#bytes
    let at = start
    for (let left = records; left > 0; left--) {
      const head = skipDnsName(bytes, at)
      if (head < 0 || head + RECORD_HEAD_LEN > bytes.length) return this.#cut()
      const data = head + RECORD_HEAD_LEN
      const length = u16(bytes, head + 8)
      if (data + length > bytes.length) return this.#cut()
      // RFC 6762 §10.1: a lifetime of 0 takes an mDNS record back.
      const isGone = this.#source === 'mdns' && (u16(bytes, head + 4) | u16(bytes, head + 6)) === 0
      if ((u16(bytes, head + 2) & CLASS) === CLASS_IN && !isGone) visit.call(this, u16(bytes, head), at, data, length)
      at = data + length
    }
  }

  #cut(): void {
    this.#isCut = true
  }

  #noteAlias(type: number, owner: number, data: number): void {
    if (type !== TYPE_CNAME) return
    this.#aliases ??= new Map()
    if (this.#aliases.size >= MOST_ALIASES) return
    const target = this.#name(data)
    const name = this.#name(owner)
    if (target !== null && name !== null && !this.#aliases.has(target)) this.#aliases.set(target, name)
  }

  #tell(type: number, owner: number, data: number, length: number): void {
    if (type === TYPE_PTR) this.#tellReverse(owner, data)
    if (!(type === TYPE_A && length === 4) && !(type === TYPE_AAAA && length === 16)) return
    const address = this.#bytes.subarray(data, data + length)
    if (address.every((byte) => byte === 0)) return
    const name = this.#asked(owner)
    if (name !== null) this.#onName(address, name, this.#source)
  }

  #tellReverse(owner: number, data: number): void {
    const reverse = this.#asked(owner)
    const address = reverse === null ? null : addressOfReverseName(reverse)
    if (address === null) return
    const name = this.#name(data)
    if (name !== null) this.#onName(address, name, this.#source)
  }

  /** What was asked for, where the record that answers it belongs to the name at `owner`. */
  #asked(owner: number): string | null {
    const own = this.#name(owner)
    if (own === null || this.#source === 'mdns') return own
    let name = own
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      if (this.#questions.includes(name)) return name
      const alias = this.#aliases?.get(name)
      if (alias === undefined) return this.#isCut ? null : name
      name = alias
    }
    return this.#isCut ? null : own
  }

  #name(at: number): string | null {
    const pointer = pointerAt(this.#bytes, at)
    const place = pointer >= 0 && pointer < at ? pointer : at
    let name = this.#names.get(place)
    if (name === undefined) {
      name = readDnsName(this.#bytes, at)
      this.#names.set(place, name)
    }
    return name
  }
}
