/** What was read of each file → rows of `captures`. */
import { STOP_MALFORMED, STOP_TRUNCATED, STOP_UNSUPPORTED } from '../../decoders/frame.ts'
import type { CaptureFile } from '../../pipeline/describe-capture.ts'
import type { FrameRun } from '../../pipeline/frame-run.ts'
import type { InputProblem } from '../../pipeline/input-problem.ts'
import { type Input, timeOf } from '../../pipeline/inputs.ts'
import type { DuckDb } from './duckdb.ts'
import { InternedTexts } from './interned-texts.ts'
import type { ColumnBuffer, TableWriter } from './table-writer.ts'

interface Sums {
  frames: number
  bytes: number
  captured: number
  cut: number
  untimed: number
  /** By STOP_ constant. */
  readonly stops: number[]
  first: bigint | null
  last: bigint | null
}

type Value = string | number | bigint | null

const NOTHING: Sums = { frames: 0, bytes: 0, captured: 0, cut: 0, untimed: 0, stops: [], first: null, last: null }

export class CaptureRows {
  readonly #sums = new Map<string, Sums>()

  add({ batch, start, end, stream }: FrameRun): void {
    const { name } = stream.source
    let sums = this.#sums.get(name)
    if (sums === undefined) {
      sums = { ...NOTHING, stops: [0, 0, 0, 0] }
      this.#sums.set(name, sums)
    }
    const { origlen, caplen, stop } = batch
    sums.frames += end - start
    for (let i = start; i < end; i++) {
      sums.bytes += origlen[i]!
      sums.captured += caplen[i]!
      if (caplen[i]! < origlen[i]!) sums.cut++
      sums.stops[stop[i]!]! += 1
    }
    addTimes(sums, batch, start, end)
  }

  write(
    duckdb: DuckDb,
    writer: TableWriter,
    inputs: readonly Input[],
    files: readonly CaptureFile[],
    problems: readonly InputProblem[],
  ): void {
    const texts = new InternedTexts(duckdb)
    for (const { name, size } of inputs) {
      const file = files.find((one) => one.name === name)
      const messages = problems.filter((problem) => problem.file === name).map(({ message }) => message)
      const sums = this.#sums.get(name) ?? NOTHING
      const frames = file?.frames ?? sums.frames
      const values: Readonly<Record<string, Value>> = {
        file: name,
        format: file?.format ?? null,
        compression: file?.compression ?? null,
        stored_bytes: size,
        frames,
        filtered: frames - sums.frames,
        bytes: sums.bytes,
        captured_bytes: sums.captured,
        first_time: sums.first,
        last_time: sums.last,
        untimed: sums.untimed,
        cut: sums.cut,
        truncated: sums.stops[STOP_TRUNCATED] ?? 0,
        malformed: sums.stops[STOP_MALFORMED] ?? 0,
        unsupported: sums.stops[STOP_UNSUPPORTED] ?? 0,
        damage: messages.length === 0 ? null : messages.join('; '),
      }
      writeRow(writer, texts, values)
    }
    writer.flush()
  }
}

/** One row, for tables of few. */
export function writeRow(writer: TableWriter, texts: InternedTexts, values: Readonly<Record<string, Value>>): void {
  for (const [name, column] of writer.columns) writeValue(column, writer.rows, texts, values[name] ?? null)
  writer.advance(1)
}

function writeValue(column: ColumnBuffer, row: number, texts: InternedTexts, value: Value): void {
  if (value === null) {
    column.setNull(row)
  } else if (typeof value === 'number') {
    column.setCount(row, value)
  } else if (typeof value === 'bigint') {
    column.words[2 * row] = Number(BigInt.asUintN(32, value))
    column.words[2 * row + 1] = Number(BigInt.asUintN(32, value >> 32n))
  } else {
    const entry = texts.add(value)
    texts.settle()
    column.setText(row, texts.words, entry)
  }
}

function addTimes(sums: Sums, batch: FrameRun['batch'], start: number, end: number): void {
  const times = new BigInt64Array(batch.time.buffer, batch.time.byteOffset, batch.count)
  for (let i = start; i < end; i++) {
    if (timeOf(batch, i) === null) {
      sums.untimed++
      continue
    }
    const ns = times[i]!
    if (sums.first === null || ns < sums.first) sums.first = ns
    if (sums.last === null || ns > sums.last) sums.last = ns
  }
}
