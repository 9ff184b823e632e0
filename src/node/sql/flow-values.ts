/**
 * Flows → the values that all rows of a flow have, by its id: made when the flow is met first, copied into every row of it.
 * Some 130 bytes a flow, with both addresses.
 */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../../abi/families.ts'
import type { FlowRow, FlowTable } from '../../capture/flow-row.ts'
import { formatAddress } from '../../decoders/address-text.ts'
import { protocolName } from '../../names/protocols.ts'
import type { DuckDb } from './duckdb.ts'
import { InternedTexts, NO_TEXT, TEXT_WORDS } from './interned-texts.ts'
import type { ColumnBuffer } from './table-writer.ts'

/** In place of a number: NULL. */
const NO_NUMBER = -1

const NUMBERS: Readonly<Record<string, (row: FlowRow) => number>> = {
  src_port: ({ sourcePort }) => sourcePort || NO_NUMBER,
  dst_port: ({ destinationPort }) => destinationPort || NO_NUMBER,
  protocol_number: ({ family, protocol }) => (family === FAMILY_IPV4 || family === FAMILY_IPV6 ? protocol : NO_NUMBER),
}

export class FlowValues {
  readonly #flows: FlowTable
  readonly #texts: InternedTexts
  readonly #numbers: ReadonlyMap<string, { values: Int32Array; of(row: FlowRow): number }>
  /** Entries of #texts. */
  readonly #entries: ReadonlyMap<string, { values: Int32Array; of(row: FlowRow): number }>
  readonly #shared = new Map<string, number>()
  #known = 0
  /** Ids given to flows that are forgotten. */
  #before = 0

  /** `columns`: names of those that are asked for. */
  constructor(duckdb: DuckDb, flows: FlowTable, columns: Iterable<string>) {
    this.#flows = flows
    this.#texts = new InternedTexts(duckdb)
    const texts: Readonly<Record<string, (row: FlowRow) => number>> = {
      src: ({ source }) => this.#texts.add(source.length === 0 ? null : formatAddress(source)),
      dst: ({ destination }) => this.#texts.add(destination.length === 0 ? null : formatAddress(destination)),
      protocol: ({ family, protocol }) => this.#share(protocolName(family, protocol)),
      vlan: ({ vlan }) => this.#share(vlanText(vlan)),
    }
    const asked = [...new Set(columns)]
    const chosen = (from: typeof texts) =>
      new Map(
        asked
          .filter((name) => name in from)
          .map((name) => [name, { values: new Int32Array(1 << 10), of: from[name]! }]),
      )
    this.#numbers = chosen(NUMBERS)
    this.#entries = chosen(texts)
  }

  /** Learns the flows that are new in the table; to be called before rows of them are written. */
  learn(): void {
    const { size } = this.#flows
    if (size === this.#known) return
    const all = [...this.#numbers.values(), ...this.#entries.values()]
    for (const one of all) one.values = grown(one.values, size)
    for (; this.#known < size; this.#known++) {
      const row = this.#flows.row(this.#known)
      for (const { values, of } of all) values[this.#known] = of(row)
    }
    this.#texts.settle()
  }

  /** Ids in the table begin at 0 again. What was written must be appended. */
  forget(): void {
    this.#before += this.#known
    this.#known = 0
    this.#texts.clear()
    this.#shared.clear()
  }

  /** Writes `column` of flows ids[from, to) into rows from `row` on. False: it is none of a flow. */
  write(name: string, column: ColumnBuffer, row: number, ids: Uint32Array, from: number, to: number): boolean {
    const entries = this.#entries.get(name)?.values
    if (entries !== undefined) {
      this.#writeTexts(column, row, entries, ids, from, to)
      return true
    }
    const numbers = this.#numbers.get(name)?.values
    if (numbers !== undefined) {
      for (let i = from; i < to; i++, row++) {
        const value = numbers[ids[i]!]!
        if (value === NO_NUMBER) column.setNull(row)
        else column.numbers[row] = value
      }
      return true
    }
    if (name !== 'flow') return false
    for (let i = from; i < to; i++, row++) column.setCount(row, this.#before + ids[i]!)
    return true
  }

  #writeTexts(
    column: ColumnBuffer,
    row: number,
    entries: Int32Array,
    ids: Uint32Array,
    from: number,
    to: number,
  ): void {
    const { words } = this.#texts
    const into = column.words
    for (let i = from; i < to; i++, row++) {
      const at = entries[ids[i]!]! * TEXT_WORDS
      const out = row * TEXT_WORDS
      into[out] = words[at]!
      into[out + 1] = words[at + 1]!
      into[out + 2] = words[at + 2]!
      into[out + 3] = words[at + 3]!
      if (words[at] === NO_TEXT) column.setNull(row)
    }
  }

  /** Few texts that many flows have. */
  #share(text: string | null): number {
    const key = text ?? ''
    let entry = this.#shared.get(key)
    if (entry === undefined) {
      entry = this.#texts.add(text)
      this.#shared.set(key, entry)
    }
    return entry
  }
}

/** As key-parts.ts has it. */
function vlanText(vlan: number): string | null {
  const outer = vlan & 0xffff
  const inner = vlan >>> 16
  if (outer === 0) return null
  return inner === 0 ? `${outer - 1}` : `${outer - 1}.${inner - 1}`
}

function grown(values: Int32Array, least: number): Int32Array {
  if (values.length >= least) return values
  const longer = new Int32Array(Math.max(least, 2 * values.length))
  longer.set(values)
  return longer
}
