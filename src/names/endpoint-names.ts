/**
 * Address bytes to what a table prints for an endpoint: its address, its name, and who told the name.
 */
import { formatAddress } from '../decoders/address-text.ts'
import type { NameSource } from '../sightings/sighting.ts'
import { labelAddress } from './labels.ts'
import type { NameBook } from './name-book.ts'

export interface EndpointDescription {
  /** Canonical text; '' for an endpoint without an address. */
  readonly address: string
  /** The host's name when somebody knows it, else the label of its kind of address: `Private Network`, `No-DNS`. */
  readonly name: string
  /** Who told the name; null for a label. */
  readonly source: NameSource | null
}

export interface EndpointNamer {
  /** Reads `bytes` (4, 16, 6 or 0 of them) before it returns and keeps no reference. Answers may be shared. */
  describe(bytes: Uint8Array): EndpointDescription
  /** The name alone; without host names nothing is kept, and no string made. */
  nameOf(bytes: Uint8Array): string
  /** Who told the name that `nameOf` gave last; null for a label. */
  readonly nameSource: NameSource | null
}

export interface EndpointNamerOptions {
  /** Names of the capture, and those that the user wrote down. */
  readonly book?: NameBook | undefined
  /**
   * The name of a host by the canonical text of its address, printed as given; undefined or '' when nobody knows. Asked each
   * time that the book has none, because names arrive while a capture is read; so it has to be a lookup, not a question to the network. `label` is
   * what is printed without a name.
   */
  readonly hostNames?: ((address: string, label: string) => string | undefined) | undefined
}

/** Entries of the cache; a power of two. Full of IPv6 addresses it takes some 15 MB (Node 20). */
const CACHE_SLOTS = 32768

interface Entry {
  readonly bytes: Uint8Array
  readonly label: string
  /** Replaced when the host's name changes. */
  description: EndpointDescription
}

/**
 * A namer with a direct-mapped cache: the hash of an address picks its one slot, and a newcomer takes the slot over.
 * So a repeated address costs a hash and a comparison and makes no garbage, memory is bounded, and addresses chosen
 * to collide cost no more than a namer without a cache.
 */
export function createEndpointNamer(options: EndpointNamerOptions = {}): EndpointNamer {
  const { book, hostNames } = options
  let nameSource: NameSource | null = null
  const slots = new Array<Entry | undefined>(CACHE_SLOTS).fill(undefined)

  function find(bytes: Uint8Array): Entry {
    const slot = hashBytes(bytes) & (CACHE_SLOTS - 1)
    const known = slots[slot]
    if (known !== undefined && sameBytes(known.bytes, bytes)) return known
    const label = labelAddress(bytes)
    const entry: Entry = {
      bytes: new Uint8Array(bytes),
      label,
      description: { address: formatAddress(bytes), name: label, source: null },
    }
    slots[slot] = entry
    return entry
  }

  function describe(bytes: Uint8Array): EndpointDescription {
    const entry = find(bytes)
    const { address, name: lastName, source: lastSource } = entry.description
    const fact = book?.find(bytes)
    const hostName = fact ? '' : hostNames?.(address, entry.label)
    const name = fact ? fact.name : hostName || entry.label
    const source = fact ? fact.source : hostName ? 'ptr' : null
    if (name !== lastName || source !== lastSource) entry.description = { address, name, source }
    return entry.description
  }

  function nameOf(bytes: Uint8Array): string {
    const fact = book?.find(bytes)
    if (fact) {
      nameSource = fact.source
      return fact.name
    }
    nameSource = null
    if (hostNames === undefined) return labelAddress(bytes)
    const { name, source } = describe(bytes)
    nameSource = source
    return name
  }

  return {
    describe,
    nameOf: book === undefined && hostNames === undefined ? labelAddress : nameOf,
    get nameSource() {
      return nameSource
    },
  }
}

/** FNV-1a, its high half folded into the low one, from which the slot is taken. */
function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return hash ^ (hash >>> 16)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false
  }
  return true
}
