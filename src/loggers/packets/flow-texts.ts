/** Text that all frames of a flow share, made once a flow and kept as UTF-8. */
import type { FlowRow, FlowTable } from '../../capture/flow-row.ts'
import { formatAddress } from '../../decoders/address-text.ts'
import { protocolName } from '../../names/protocols.ts'
import { encode, type LineBuffer } from './line-buffer.ts'

/** What stands in a line before and behind the numbers of the frame. */
export type FlowText = readonly [before: string, behind: string]

/** A power of two. With more flows at a time the later takes the place of the earlier. */
const SLOTS = 1 << 19
const MOST_BYTES = 1 << 25

/** Bytes in one place instead of an object a flow: with 360 k flows the collector took a fifth of the time. */
export class FlowTexts {
  readonly #flows: FlowTable
  readonly #make: (row: FlowRow) => FlowText
  /** By slot: flow id + 1, or 0 for none; where its texts start; how long they are. Grown with the ids. */
  #ids = new Uint32Array(1 << 10)
  #starts = new Uint32Array(1 << 10)
  #before = new Uint16Array(1 << 10)
  #behind = new Uint16Array(1 << 10)
  #bytes = new Uint8Array(1 << 16)
  #length = 0

  constructor(flows: FlowTable, make: (row: FlowRow) => FlowText) {
    this.#flows = flows
    this.#make = make
  }

  /** Where the texts of a flow are, for the two below; valid until the next flow is looked up. */
  find(id: number): number {
    const slot = id & (SLOTS - 1)
    if (this.#ids[slot] !== id + 1) this.#add(id, slot)
    return slot
  }

  writeBefore(out: LineBuffer, slot: number): void {
    const start = this.#starts[slot]!
    out.copy(this.#bytes, start, start + this.#before[slot]!)
  }

  writeBehind(out: LineBuffer, slot: number): void {
    const start = this.#starts[slot]! + this.#before[slot]!
    out.copy(this.#bytes, start, start + this.#behind[slot]!)
  }

  clear(): void {
    this.#ids.fill(0)
    this.#length = 0
  }

  #add(id: number, slot: number): void {
    const [before, behind] = this.#make(this.#flows.row(id)).map(encode) as [Uint8Array, Uint8Array]
    const length = before.length + behind.length
    if (this.#length + length > MOST_BYTES) this.clear()
    if (this.#length + length > this.#bytes.length)
      this.#bytes = grown(this.#bytes, new Uint8Array(2 * this.#bytes.length))
    while (slot >= this.#ids.length) this.#growSlots()
    this.#bytes.set(before, this.#length)
    this.#bytes.set(behind, this.#length + before.length)
    this.#ids[slot] = id + 1
    this.#starts[slot] = this.#length
    this.#before[slot] = before.length
    this.#behind[slot] = behind.length
    this.#length += length
  }

  #growSlots(): void {
    const slots = 2 * this.#ids.length
    this.#ids = grown(this.#ids, new Uint32Array(slots))
    this.#starts = grown(this.#starts, new Uint32Array(slots))
    this.#before = grown(this.#before, new Uint16Array(slots))
    this.#behind = grown(this.#behind, new Uint16Array(slots))
  }
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** What the columns of a packet say of its flow. Null: there is none. */
export interface FlowFacts {
  /** IP addresses, or those of the link layer where there is no IP. */
  readonly source: string | null
  readonly destination: string | null
  readonly protocol: string
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  /** Ids from the outermost: `10`, `10.20`. */
  readonly vlan: string | null
}

export function describeFlow(row: FlowRow): FlowFacts {
  const outer = row.vlan & 0xffff
  const inner = row.vlan >>> 16
  return {
    source: formatAddress(row.source) || null,
    destination: formatAddress(row.destination) || null,
    protocol: protocolName(row.family, row.protocol),
    sourcePort: row.sourcePort || null,
    destinationPort: row.destinationPort || null,
    vlan: outer === 0 ? null : inner === 0 ? `${outer - 1}` : `${outer - 1}.${inner - 1}`,
  }
}

/** What `make` says of each interface by its name, or its index where it has none. */
export function createInterfaceTexts(
  nameOf: (id: number) => string | null,
  make: (name: string | number) => string,
): (id: number) => Uint8Array {
  const texts: Uint8Array[] = []
  return (id) => {
    texts[id] ??= encode(make(nameOf(id) ?? id))
    return texts[id]
  }
}
