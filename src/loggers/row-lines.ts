/**
 * Ranked rows → lines as bytes, without an object or a string for a row. What csv, tsv and jsonl write for rows that are objects
 * (delimited.ts, json-fields.ts) has the same bytes; tests hold them to each other.
 */
import type { KeyNames, KeySink } from '../engine/key-parts.ts'
import type { RankedGroups } from '../engine/ranked-groups.ts'
import type { KeyColumn } from '../engine/records.ts'
import type { FieldForm } from './field-form.ts'
import { type FixedText, fixedText, LineBuffer } from './line-buffer.ts'

/** A write to a file is a turn of the event loop, which smaller pieces would pay too often. */
const PIECE_BYTES = 1 << 18
const ROWS_TOGETHER = 64
/** Names, protocols, VLANs of a column. There are few of them, unless somebody made them. */
const MOST_TEXTS = 1 << 12

export const COUNT_COLUMNS = ['packets', 'bytes', 'bits_per_second'] as const
export const DIRECTION_COLUMNS = ['sent_packets', 'sent_bytes', 'received_packets', 'received_bytes'] as const

export type RowColumn = KeyColumn | (typeof COUNT_COLUMNS)[number] | (typeof DIRECTION_COLUMNS)[number]

export interface RowLineForm extends FieldForm<RowColumn> {
  /** Key columns that lines do not have. */
  readonly without: readonly KeyColumn[]
  /** A count that is no safe integer. */
  encodeCount(value: number): string
}

export class RowLines implements KeySink {
  readonly #options: { readonly columns: readonly KeyColumn[]; readonly form: RowLineForm }
  readonly #out = new LineBuffer()
  /** What stands before the value of each key column; null where lines do not have it. */
  readonly #before: readonly (FixedText | null)[]
  /** The same with the quote of an address. */
  readonly #beforeAddress: readonly (FixedText | null)[]
  readonly #beforeCounts: readonly FixedText[]
  readonly #beforeDirections: readonly FixedText[]
  readonly #none: FixedText
  readonly #quote: FixedText
  readonly #end: FixedText
  /** By key column: the texts of values, and the last of them. */
  readonly #texts: readonly Map<string | null, FixedText>[]
  readonly #lastValues: (string | null | undefined)[]
  readonly #lastTexts: FixedText[]
  #column = 0

  constructor(columns: readonly KeyColumn[], form: RowLineForm) {
    const before = (column: RowColumn) => fixedText(form.before(column))
    this.#options = { columns, form }
    const beforeKey = (column: KeyColumn, quote: string) =>
      form.without.includes(column) ? null : fixedText(form.before(column) + quote)
    this.#before = columns.map((column) => beforeKey(column, ''))
    this.#beforeAddress = columns.map((column) => beforeKey(column, form.quote))
    this.#beforeCounts = COUNT_COLUMNS.map(before)
    this.#beforeDirections = DIRECTION_COLUMNS.map(before)
    this.#none = fixedText(form.none)
    this.#quote = fixedText(form.quote)
    this.#end = fixedText(form.end)
    this.#texts = columns.map(() => new Map())
    this.#lastValues = columns.map(() => undefined)
    this.#lastTexts = columns.map(() => this.#none)
  }

  /** A line for each row, each with `lead` before its first column, in pieces of whole lines. */
  *pieces(ranked: RankedGroups, lead: string): Generator<Uint8Array> {
    const leadText = fixedText(lead)
    for (let i = 0; i < ranked.length; ) {
      i = this.#fill(ranked, i, leadText)
      yield this.#out.take()
    }
  }

  /** Writes rows from `start` on until they are a piece, or there are no more. Returns the one that is next. */
  #fill(ranked: RankedGroups, start: number, lead: FixedText): number {
    const out = this.#out
    for (let i = start; i < ranked.length; ) {
      const end = Math.min(ranked.length, i + ROWS_TOGETHER)
      ranked.touch(i, end)
      for (; i < end; i++) {
        out.text(lead)
        this.#column = 0
        ranked.writeKey(i, this)
        this.#counts(ranked, i)
        if (ranked.hasSent) this.#directions(ranked, i)
        out.text(this.#end)
      }
      if (out.length >= PIECE_BYTES) return i
    }
    return ranked.length
  }

  address(bytes: Uint8Array, names: KeyNames): void {
    if (names.nameOf === undefined) {
      const { address, name, source = null } = names.describe(bytes)
      this.text(address)
      this.text(name)
      this.text(source)
      return
    }
    const before = this.#beforeAddress[this.#column++]!
    if (before !== null) {
      const out = this.#out
      out.text(before)
      out.address(bytes)
      if (this.#quote.length > 0) out.text(this.#quote)
    }
    this.text(names.nameOf(bytes))
    this.text(names.nameSource ?? null)
  }

  text(value: string | null): void {
    const column = this.#column++
    // Neighbours often have the same.
    if (this.#lastValues[column] !== value) {
      this.#lastValues[column] = value
      this.#lastTexts[column] = this.#textOf(column, value)
    }
    this.#out.text(this.#lastTexts[column]!)
  }

  number(value: number | null): void {
    if (value === null) {
      this.text(null)
      return
    }
    const before = this.#before[this.#column++]!
    if (before === null) return
    this.#out.text(before)
    this.#out.number(value)
  }

  #counts(ranked: RankedGroups, i: number): void {
    const [packets, bytes, rate] = this.#beforeCounts
    const bitsPerSecond = ranked.bitsPerSecond(i)
    this.#count(packets!, ranked.packets(i))
    this.#count(bytes!, ranked.bytes(i))
    this.#out.text(rate!)
    if (bitsPerSecond === null) this.#out.text(this.#none)
    else this.#out.decimal(bitsPerSecond)
  }

  #directions(ranked: RankedGroups, i: number): void {
    const [sentPackets, sentBytes, receivedPackets, receivedBytes] = this.#beforeDirections
    const packets = ranked.sentPackets(i)
    const bytes = ranked.sentBytes(i)
    this.#count(sentPackets!, packets)
    this.#count(sentBytes!, bytes)
    this.#count(receivedPackets!, ranked.packets(i) - packets)
    this.#count(receivedBytes!, ranked.bytes(i) - bytes)
  }

  #count(before: FixedText, value: number): void {
    this.#out.text(before)
    if (value <= Number.MAX_SAFE_INTEGER) this.#out.number(value)
    else this.#out.ascii(this.#options.form.encodeCount(value))
  }

  /** With what stands before it. */
  #textOf(column: number, value: string | null): FixedText {
    const texts = this.#texts[column]!
    const known = texts.get(value)
    if (known !== undefined) return known
    const { form, columns } = this.#options
    if (texts.size >= MOST_TEXTS) texts.clear()
    const before = form.before(columns[column]!)
    const isLeftOut = form.without.includes(columns[column]!)
    const text = fixedText(isLeftOut ? '' : before + (value === null ? form.none : form.encode(value)))
    texts.set(value, text)
    return text
  }
}
