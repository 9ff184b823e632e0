/** Text that all frames of a flow share, made once a flow and kept as the words that LineBuffer copies. */
import type { FlowRow, FlowTable } from '../../capture/flow-row.ts'
import { formatAddress } from '../../decoders/address-text.ts'
import { protocolName } from '../../names/protocols.ts'
import { type FixedText, fixedText, LineBuffer, wordsOf } from '../line-buffer.ts'

/** Writes what a flow has in a line. At most 65535 bytes. */
export type WriteFlow = (out: LineBuffer, row: FlowRow) => void

/** A power of two. With more flows at a time the later takes the place of the earlier. */
const SLOTS = 1 << 19
/** 32 MiB; those of FLOWS_AT_ONCE may come on top. */
const MOST_WORDS = 1 << 23
export const FLOWS_AT_ONCE = 64
/** Before the texts: the id of the flow, and their lengths (before: high half, behind: low). */
const HEAD_WORDS = 2

/** One array in place of an object a flow: with 360 k flows the collector took a fifth of the time. */
export class FlowTexts {
  readonly #flows: FlowTable
  readonly #writeBefore: WriteFlow
  readonly #writeBehind: WriteFlow
  /** By slot: where in #words its flow begins; 0 for none. Grown with the ids. */
  #starts = new Uint32Array(1 << 10)
  #words = new Uint32Array(1 << 14)
  #length = 1
  readonly #found = new Uint32Array(FLOWS_AT_ONCE)
  readonly #before = new LineBuffer()
  readonly #behind = new LineBuffer()

  /** What stands in a line before the numbers of the frame, and what behind them. */
  constructor(flows: FlowTable, writeBefore: WriteFlow, writeBehind: WriteFlow) {
    this.#flows = flows
    this.#writeBefore = writeBefore
    this.#writeBehind = writeBehind
  }

  /**
   * Where the texts of the flows ids[start, end) are, for the two below: at most FLOWS_AT_ONCE of them, valid until the next are
   * looked up. Looked up between lines, each would wait for the memory on its own; here they wait together.
   */
  find(ids: Uint32Array, start: number, end: number): Uint32Array {
    if (this.#length > MOST_WORDS) this.clear()
    for (let i = start; i < end; i++) {
      const id = ids[i]!
      const slot = id & (SLOTS - 1)
      const at = slot < this.#starts.length ? this.#starts[slot]! : 0
      this.#found[i - start] = at !== 0 && this.#words[at] === id ? at : this.#add(id, slot)
    }
    return this.#found
  }

  writeBefore(out: LineBuffer, at: number): void {
    out.words(this.#words, at + HEAD_WORDS, this.#words[at + 1]! >>> 16)
  }

  writeBehind(out: LineBuffer, at: number): void {
    const lengths = this.#words[at + 1]!
    out.words(this.#words, at + HEAD_WORDS + wordsOf(lengths >>> 16), lengths & 0xffff)
  }

  clear(): void {
    this.#starts.fill(0)
    this.#length = 1
  }

  #add(id: number, slot: number): number {
    const row = this.#flows.row(id)
    this.#writeBefore(this.#before, row)
    this.#writeBehind(this.#behind, row)
    const before = this.#before.length
    const behind = this.#behind.length
    const beforeWords = wordsOf(before)
    const words = HEAD_WORDS + beforeWords + wordsOf(behind)
    while (this.#length + words > this.#words.length) this.#words = doubled(this.#words)
    while (slot >= this.#starts.length) this.#starts = doubled(this.#starts)
    const at = this.#length
    this.#words[at] = id
    this.#words[at + 1] = before * 0x10000 + behind
    this.#before.takeWords(this.#words, at + HEAD_WORDS)
    this.#behind.takeWords(this.#words, at + HEAD_WORDS + beforeWords)
    this.#starts[slot] = at
    this.#length += words
    return at
  }
}

function doubled(from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(2 * from.length)
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
  return {
    source: formatAddress(row.source) || null,
    destination: formatAddress(row.destination) || null,
    protocol: protocolName(row.family, row.protocol),
    sourcePort: row.sourcePort || null,
    destinationPort: row.destinationPort || null,
    vlan: formatVlan(row.vlan),
  }
}

/** Of a flow row's tags; null for none. */
export function formatVlan(vlan: number): string | null {
  const outer = vlan & 0xffff
  const inner = vlan >>> 16
  if (outer === 0) return null
  return inner === 0 ? `${outer - 1}` : `${outer - 1}.${inner - 1}`
}

/** What `make` says of each interface by its name, or its index where it has none. */
export function createInterfaceTexts(
  nameOf: (id: number) => string | null,
  make: (name: string | number) => string,
): (id: number) => FixedText {
  const texts: FixedText[] = []
  return (id) => {
    texts[id] ??= fixedText(make(nameOf(id) ?? id))
    return texts[id]
  }
}
