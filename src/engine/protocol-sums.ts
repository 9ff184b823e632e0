/** Counts per flow to counts per protocol, and of what has no address: facts that a flow's row tells. */
import { FAMILY_NONE } from '../abi/families.ts'
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import { protocolName } from '../names/protocols.ts'
import type { Counts } from './records.ts'

export interface NamedCounts extends Counts {
  readonly name: string
}

interface Protocol {
  readonly family: number
  readonly protocol: number
}

/** Family and protocol as one number, small enough to be an index of a Map that needs no object. */
const FAMILY_UNIT = 1 << 16

export class ProtocolSums {
  readonly #table: FlowTable
  /** In the order in which flows of them came, and the sums beside them. */
  readonly #protocols: Protocol[] = []
  #packets: Float64Array = new Float64Array(64)
  #bytes: Float64Array = new Float64Array(64)
  /** Place of a protocol by family and number; and by flow, for the flows looked at so far. */
  readonly #known = new Map<number, number>()
  #placeOf: Uint32Array = new Uint32Array(0)
  #flowCount = 0

  constructor(table: FlowTable) {
    this.#table = table
  }

  add(rows: FlowCountRows): void {
    this.#update()
    const placeOf = this.#placeOf
    const packets = this.#packets
    const bytes = this.#bytes
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      const place = placeOf[rows[i]!]!
      packets[place]! += rows[i + 1]!
      bytes[place]! += rows[i + 2]!
    }
  }

  get total(): Counts {
    return this.#sumOf(() => true)
  }

  /** The part without any address: frames of an unknown link type, or too broken to say. */
  get undecoded(): Counts {
    return this.#sumOf(({ family }) => family === FAMILY_NONE)
  }

  /** Most bytes first, then by name. Several numbers may have one name. */
  named(): NamedCounts[] {
    const byName = new Map<string, Counts>()
    for (const [place, { family, protocol }] of this.#protocols.entries()) {
      const name = protocolName(family, protocol)
      byName.set(name, addUp([this.#at(place), byName.get(name) ?? { packets: 0, bytes: 0 }]))
    }
    return Array.from(byName, ([name, counts]) => ({ name, ...counts }))
      .filter(({ packets }) => packets > 0)
      .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
  }

  #sumOf(isWanted: (protocol: Protocol) => boolean): Counts {
    return addUp(this.#protocols.flatMap((protocol, place) => (isWanted(protocol) ? [this.#at(place)] : [])))
  }

  #at(place: number): Counts {
    return { packets: this.#packets[place]!, bytes: this.#bytes[place]! }
  }

  #update(): void {
    const { size } = this.#table
    if (size > this.#placeOf.length) {
      const grown = new Uint32Array(Math.max(1024, size, this.#placeOf.length * 2))
      grown.set(this.#placeOf)
      this.#placeOf = grown
    }
    let lastKey = -1
    let place = 0
    for (; this.#flowCount < size; this.#flowCount++) {
      const { family, protocol } = this.#table.row(this.#flowCount)
      const key = family * FAMILY_UNIT + protocol
      if (key !== lastKey) place = this.#known.get(key) ?? this.#addProtocol(key, { family, protocol })
      lastKey = key
      this.#placeOf[this.#flowCount] = place
    }
  }

  #addProtocol(key: number, protocol: Protocol): number {
    const place = this.#protocols.push(protocol) - 1
    this.#known.set(key, place)
    if (place >= this.#packets.length) {
      this.#packets = doubled(this.#packets)
      this.#bytes = doubled(this.#bytes)
    }
    return place
  }
}

function doubled(values: Float64Array): Float64Array {
  const grown = new Float64Array(values.length * 2)
  grown.set(values)
  return grown
}

export function addUp(parts: readonly Counts[]): Counts {
  let packets = 0
  let bytes = 0
  for (const part of parts) {
    packets += part.packets
    bytes += part.bytes
  }
  return { packets, bytes }
}

export function subtract(from: Counts, part: Counts): Counts {
  return { packets: from.packets - part.packets, bytes: from.bytes - part.bytes }
}
