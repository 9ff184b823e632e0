/**
 * Names that a capture holds → by address, which of them holds at a moment: the one that was seen last before it.
 *
 * Sightings come in the order of the file, whoever read them, so that the book is the same for any number of threads. A name that
 * was seen after a window's end is not shown for it: nobody could have known it then.
 */
import type { NameSource } from '../sightings/sighting.ts'
import { labelAddress } from './labels.ts'

/** A name that somebody told, at the time of a packet. */
export interface Sighting {
  /** The bytes of the address, a character each. */
  readonly address: string
  readonly name: string
  readonly source: NameSource
  /** {@link ALWAYS} for what is told of the whole capture. */
  readonly ns: bigint
}

export const ALWAYS = -(2n ** 63n)

/** One name of one address. */
export interface NameFact {
  readonly name: string
  /** The most believed of those who told it. */
  readonly source: NameSource
  readonly firstNs: bigint
}

export interface ListedName extends NameFact {
  readonly address: Uint8Array
}

/** In the order in which one is believed before another. */
export const NAME_SOURCES: readonly NameSource[] = [
  'dns',
  'mdns',
  'llmnr',
  'tls',
  'quic',
  'http',
  'dhcp',
  'pcapng',
  'hosts',
  'ptr',
]

/** Some 250 bytes each, so 250 MB when somebody makes a capture that is full of names. */
const MOST_NAMES = 1_000_000
/** Of one address: a server that has more is a proxy, and no name of it says much. */
const MOST_OF_ONE = 16
/** Of one address: how often it went over to another name. Beyond, the earlier half is forgotten. */
const MOST_CHANGES = 64

interface Known {
  /** In the order of their coming. */
  readonly names: MutableFact[]
  /** When the address was seen under which of several names, in the order of time; null while it has one. */
  changes: Change[] | null
}

type MutableFact = { -readonly [Field in keyof NameFact]: NameFact[Field] }

interface Change {
  readonly ns: bigint
  readonly fact: MutableFact
}

export interface NameBookOptions {
  readonly mostNames?: number
}

export class NameBook {
  readonly #most: number
  /** IPv4 by number, IPv6 by its bytes as characters: no string is made to look up an IPv4 address. */
  readonly #ipv4 = new Map<number, Known>()
  readonly #ipv6 = new Map<string, Known>()
  readonly #hosts = new Map<string, NameFact>()
  #count = 0
  #isFull = false
  /** Null: every name holds. */
  #endNs: bigint | null = null

  constructor({ mostNames = MOST_NAMES }: NameBookOptions = {}) {
    this.#most = mostNames
  }

  /** Names of the capture. */
  get size(): number {
    return this.#count
  }

  /** Names were left out because there were too many. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** From here on only names that were seen before `endNs` hold; null: all. */
  showBefore(endNs: bigint | null): void {
    this.#endNs = endNs
  }

  add({ address, name, source, ns }: Sighting): void {
    const known = this.#get(address)
    if (known === undefined) {
      if (this.#mayAdd()) this.#set(address, { names: [{ name, source, firstNs: ns }], changes: null })
      return
    }
    let fact = known.names.find((one) => one.name === name)
    if (fact !== undefined) {
      if (isBelieved(source, fact.source)) fact.source = source
      if (ns < fact.firstNs) fact.firstNs = ns
      if (known.changes === null) return
    } else {
      if (known.names.length >= MOST_OF_ONE || !this.#mayAdd()) return
      fact = { name, source, firstNs: ns }
      known.changes ??= known.names.map((only) => ({ ns: only.firstNs, fact: only }))
      known.names.push(fact)
    }
    noteChange(known.changes, { ns, fact })
  }

  /** A name that this machine's user wrote down. It shows where the capture has none, at any time; the first of an address holds. */
  addHost(address: Uint8Array, name: string): void {
    const key = addressKey(address)
    if (!this.#hosts.has(key)) this.#hosts.set(key, { name, source: 'hosts', firstNs: ALWAYS })
  }

  /** The name that holds now: null when nobody told one. */
  find(address: Uint8Array): NameFact | null {
    const known = this.#known(address)
    const fact = known === undefined ? null : factBefore(known, this.#endNs)
    if (fact !== null || this.#hosts.size === 0) return fact
    return this.#hosts.get(addressKey(address)) ?? null
  }

  /** How many other names the capture has for the address by now. */
  others(address: Uint8Array): number {
    const known = this.#known(address)
    if (known === undefined) return 0
    const names = known.names.filter(({ firstNs }) => isBefore(firstNs, this.#endNs))
    return Math.max(0, names.length - 1)
  }

  /** The first `most` names of the capture by address (IPv4 first), time and text. */
  list(most: number): ListedName[] {
    const ipv4 = [...this.#ipv4.keys()]
      .sort((a, b) => a - b)
      .map((key) => [ipv4Bytes(key), this.#ipv4.get(key)!] as const)
    const ipv6 = [...this.#ipv6.keys()].sort().map((key) => [bytesOfKey(key), this.#ipv6.get(key)!] as const)
    const listed: ListedName[] = []
    for (const [address, { names }] of [...ipv4, ...ipv6]) {
      for (const fact of [...names].sort(compareFacts)) {
        if (listed.length >= most) return listed
        listed.push({ address, ...fact })
      }
    }
    return listed
  }

  #mayAdd(): boolean {
    if (this.#count >= this.#most) {
      this.#isFull = true
      return false
    }
    this.#count++
    return true
  }

  #known(address: Uint8Array): Known | undefined {
    if (address.length === 4) return this.#ipv4.size === 0 ? undefined : this.#ipv4.get(ipv4Number(address))
    return address.length !== 16 || this.#ipv6.size === 0 ? undefined : this.#ipv6.get(addressKey(address))
  }

  #get(key: string): Known | undefined {
    return key.length === 4 ? this.#ipv4.get(ipv4Number(bytesOfKey(key))) : this.#ipv6.get(key)
  }

  #set(key: string, known: Known): void {
    if (key.length === 4) this.#ipv4.set(ipv4Number(bytesOfKey(key)), known)
    else this.#ipv6.set(key, known)
  }
}

/**
 * An address that a name can belong to. A blocked name is answered with 0.0.0.0, and lists of senders of spam answer with 127.0.0.2:
 * that is nobody's address. Loopback is everybody's own, whatever one program on it calls another; only the file itself may name it.
 */
export function canHaveName(address: Uint8Array, source: NameSource): boolean {
  const label = labelAddress(address)
  if (label === 'Broadcast' || label === 'Multicast' || label === 'Unspecified' || label === 'This Network')
    return false
  return label !== 'Localhost' || source === 'pcapng'
}

/** The bytes of an address, a character each. */
export function addressKey(address: Uint8Array): string {
  return address.length === 4
    ? String.fromCharCode(address[0]!, address[1]!, address[2]!, address[3]!)
    : String.fromCharCode(...address)
}

/** `source` says more than `other`. */
export function isBelieved(source: NameSource, other: NameSource): boolean {
  return NAME_SOURCES.indexOf(source) < NAME_SOURCES.indexOf(other)
}

function bytesOfKey(key: string): Uint8Array {
  return Uint8Array.from(key, (character) => character.charCodeAt(0))
}

function ipv4Number(address: Uint8Array): number {
  return ((address[0]! << 24) | (address[1]! << 16) | (address[2]! << 8) | address[3]!) >>> 0
}

function ipv4Bytes(address: number): Uint8Array {
  return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address)
}

function isBefore(ns: bigint, endNs: bigint | null): boolean {
  return endNs === null || ns < endNs
}

function factBefore({ names, changes }: Known, endNs: bigint | null): NameFact | null {
  if (changes === null) return isBefore(names[0]!.firstNs, endNs) ? names[0]! : null
  for (let i = changes.length - 1; i >= 0; i--) if (isBefore(changes[i]!.ns, endNs)) return changes[i]!.fact
  // Of a time whose changes are forgotten.
  let latest: NameFact | null = null
  for (const fact of names) {
    if (isBefore(fact.firstNs, endNs) && (latest === null || fact.firstNs > latest.firstNs)) latest = fact
  }
  return latest
}

/** Keeps the order of time. At one time the more believed stands behind, and of two that are believed alike the one that came first. */
function noteChange(changes: Change[], change: Change): void {
  let at = changes.length
  while (at > 0 && isBehind(changes[at - 1]!, change)) at--
  if (changes[at - 1]?.fact === change.fact || (changes[at]?.fact === change.fact && changes[at]!.ns === change.ns))
    return
  changes.splice(at, 0, change)
  if (changes.length > MOST_CHANGES) changes.splice(0, MOST_CHANGES / 2)
}

function isBehind(one: Change, other: Change): boolean {
  return one.ns > other.ns || (one.ns === other.ns && !isBelieved(other.fact.source, one.fact.source))
}

function compareFacts(a: NameFact, b: NameFact): number {
  if (a.firstNs !== b.firstNs) return a.firstNs < b.firstNs ? -1 : 1
  return a.name < b.name ? -1 : 1
}
