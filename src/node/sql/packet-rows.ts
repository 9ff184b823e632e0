/** Frames → rows of `packets`, those columns that are asked for. */
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../../capture/frame-batch.ts'
import type { Parser } from '../../capture/parser.ts'
import { STOP_MALFORMED, STOP_TRUNCATED, STOP_UNSUPPORTED } from '../../decoders/frame.ts'
import type { FrameRun } from '../../pipeline/frame-run.ts'
import type { DuckDb } from './duckdb.ts'
import { FlowValues } from './flow-values.ts'
import { InternedTexts } from './interned-texts.ts'
import type { ColumnBuffer, TableWriter } from './table-writer.ts'
import { isWalked, WalkedColumns } from './walked-columns.ts'

/** Frames [from, to) of a batch, into rows from `row` on. */
type Write = (column: ColumnBuffer, row: number, run: FrameRun, from: number, to: number) => void

/** `stop` of a frame → entry. */
const FAULTS: readonly (readonly [stop: number, text: string])[] = [
  [STOP_TRUNCATED, 'truncated'],
  [STOP_MALFORMED, 'malformed'],
  [STOP_UNSUPPORTED, 'unsupported'],
]

export class PacketRows {
  readonly flows: FlowValues
  readonly #writer: TableWriter
  readonly #writes: readonly (readonly [ColumnBuffer, Write])[]
  readonly #ofFlows: readonly (readonly [string, ColumnBuffer])[]
  readonly #walked: WalkedColumns | null
  #frames = 0

  constructor(duckdb: DuckDb, writer: TableWriter, parser: Parser) {
    this.#writer = writer
    const columns = [...writer.columns]
    const texts = new InternedTexts(duckdb)
    const writes = this.#createWrites(texts, parser)
    this.flows = new FlowValues(
      duckdb,
      parser.flows,
      columns.map(([name]) => name),
    )
    this.#writes = columns.flatMap(([name, column]) => (name in writes ? [[column, writes[name]!] as const] : []))
    this.#ofFlows = columns.filter(([name]) => !(name in writes) && !isWalked(name))
    const walked = columns.filter(([name]) => isWalked(name))
    const linktypes: number[] = []
    const linktypeOf = (id: number) => {
      linktypes[id] ??= parser.interface(id).linktype
      return linktypes[id]
    }
    this.#walked = walked.length === 0 ? null : new WalkedColumns(duckdb, walked, writer.room, linktypeOf)
  }

  add(run: FrameRun): void {
    this.flows.learn()
    for (let from = run.start; from < run.end; ) {
      const { rows, room } = this.#writer
      const to = Math.min(run.end, from + room - rows)
      for (const [column, write] of this.#writes) write(column, rows, run, from, to)
      for (const [name, column] of this.#ofFlows) this.flows.write(name, column, rows, run.batch.flow, from, to)
      this.#walked?.write(run.batch, rows, from, to)
      this.#frames += to - from
      this.#writer.advance(to - from)
      from = to
    }
    if (this.#walked?.isFull) {
      this.#writer.flush()
      this.#walked.forget()
    }
  }

  /** Ids of flows begin at 0 again. */
  forgetFlows(): void {
    this.#writer.flush()
    this.flows.forget()
  }

  #createWrites(texts: InternedTexts, parser: Parser): Readonly<Record<string, Write>> {
    const entryOfFault = new Map(FAULTS.map(([stop, text]) => [stop, texts.add(text)]))
    const none = texts.add(null)
    const files = new Map<string, number>()
    const interfaces: number[] = []
    const addText = (text: string) => {
      const entry = texts.add(text)
      texts.settle()
      return entry
    }
    return {
      frame: (column, row, _run, from, to) => {
        for (let i = from; i < to; i++, row++) column.setCount(row, this.#frames + 1 + i - from)
      },
      time: (column, row, { batch }, from, to) => writeTimes(column, row, batch, from, to),
      length: (column, row, { batch }, from, to) => writeWords(column, row, batch.origlen, from, to),
      captured_length: (column, row, { batch }, from, to) => writeWords(column, row, batch.caplen, from, to),
      file: (column, row, { stream }, from, to) => {
        const { name } = stream.source
        if (!files.has(name)) files.set(name, addText(name))
        const entry = files.get(name)!
        for (let i = from; i < to; i++, row++) column.setText(row, texts.words, entry)
      },
      interface: (column, row, { batch }, from, to) => {
        for (let i = from; i < to; i++, row++) {
          const id = batch.interface[i]!
          interfaces[id] ??= addText(parser.interface(id).name ?? String(id))
          column.setText(row, texts.words, interfaces[id])
        }
      },
      fault: (column, row, { batch }, from, to) => {
        for (let i = from; i < to; i++, row++)
          column.setText(row, texts.words, entryOfFault.get(batch.stop[i]!) ?? none)
      },
    }
  }
}

function writeTimes(column: ColumnBuffer, row: number, { time }: StreamBatch, from: number, to: number): void {
  column.words.set(time.subarray(2 * from, 2 * to), 2 * row)
  for (let i = from; i < to; i++, row++) {
    if (time[2 * i + 1] === NO_TIME_HIGH_WORD && time[2 * i] === 0) column.setNull(row)
  }
}

function writeWords({ words }: ColumnBuffer, row: number, values: Uint32Array, from: number, to: number): void {
  for (let i = from; i < to; i++, row++) {
    words[2 * row] = values[i]!
    words[2 * row + 1] = 0
  }
}
