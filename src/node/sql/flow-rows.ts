/** Frames → what each flow sent, in all and in each window, as rows of `flows` and `windows`. */
import { NO_TIME_HIGH_WORD } from '../../capture/frame-batch.ts'
import type { FrameRun } from '../../pipeline/frame-run.ts'
import type { FlowValues } from './flow-values.ts'
import type { ColumnBuffer, TableWriter } from './table-writer.ts'

const TWO_32 = 0x1_0000_0000
const LEAST_FLOWS = 1 << 10

/** Sums of a flow: 32 bytes. */
export class FlowRows {
  #packets = new Float64Array(LEAST_FLOWS)
  #bytes = new Float64Array(LEAST_FLOWS)
  /** Times in two words, high signed; the lowest number where no frame had one. */
  #first = new Uint32Array(2 * LEAST_FLOWS)
  #last = new Uint32Array(2 * LEAST_FLOWS)

  add({ batch, start, end }: FrameRun, flows: number): void {
    if (flows > this.#packets.length) this.#grow(flows)
    const { flow, origlen, time } = batch
    const first = this.#first
    const last = this.#last
    for (let i = start; i < end; i++) {
      const id = flow[i]!
      this.#packets[id]! += 1
      this.#bytes[id]! += origlen[i]!
      const low = time[2 * i]!
      const high = time[2 * i + 1]!
      if (high === NO_TIME_HIGH_WORD && low === 0) continue
      const isNew = last[2 * id + 1] === NO_TIME_HIGH_WORD && last[2 * id] === 0
      if (isNew || isEarlier(high, low, first[2 * id + 1]!, first[2 * id]!)) {
        first[2 * id] = low
        first[2 * id + 1] = high
      }
      if (isNew || isEarlier(last[2 * id + 1]!, last[2 * id]!, high, low)) {
        last[2 * id] = low
        last[2 * id + 1] = high
      }
    }
  }

  /** Rows of the flows below `count`, at the end. */
  write(writer: TableWriter, values: FlowValues, count: number): void {
    values.learn()
    const ids = new Uint32Array(writer.room)
    for (let start = 0; start < count; start += ids.length) {
      const rows = Math.min(ids.length, count - start)
      for (let row = 0; row < rows; row++) ids[row] = start + row
      for (const [name, column] of writer.columns) {
        if (values.write(name, column, 0, ids, 0, rows)) continue
        for (let row = 0; row < rows; row++) this.#writeOwn(name, column, row, start + row)
      }
      writer.advance(rows)
      writer.flush()
    }
  }

  #writeOwn(name: string, column: ColumnBuffer, row: number, id: number): void {
    if (name === 'packets') column.setCount(row, this.#packets[id]!)
    else if (name === 'bytes') column.setCount(row, this.#bytes[id]!)
    else {
      const times = name === 'first_time' ? this.#first : this.#last
      column.words[2 * row] = times[2 * id]!
      column.words[2 * row + 1] = times[2 * id + 1]!
      if (times[2 * id + 1] === NO_TIME_HIGH_WORD && times[2 * id] === 0) column.setNull(row)
    }
  }

  #grow(least: number): void {
    const from = this.#packets.length
    const flows = Math.max(least, 2 * from)
    this.#packets = longer(this.#packets, flows, Float64Array)
    this.#bytes = longer(this.#bytes, flows, Float64Array)
    this.#first = longer(this.#first, 2 * flows, Uint32Array)
    this.#last = longer(this.#last, 2 * flows, Uint32Array)
    markNone(this.#last, from, flows)
    markNone(this.#first, from, flows)
  }

  constructor() {
    markNone(this.#last, 0, LEAST_FLOWS)
    markNone(this.#first, 0, LEAST_FLOWS)
  }
}

/**
 * Counts of the window that is open, by flow: 20 bytes a flow. When the time goes on into another window they become rows, so that
 * a window to which the time comes back has several rows of a flow: {@link isSplit}.
 */
export class WindowRows {
  /** Rows of the same flow and window have to be added up. */
  isSplit = false
  readonly #writer: TableWriter
  readonly #values: FlowValues
  readonly #windowNs: bigint
  readonly #length: number
  #packets = new Float64Array(LEAST_FLOWS)
  #bytes = new Float64Array(LEAST_FLOWS)
  /** Flows that have a count. */
  #touched = new Uint32Array(LEAST_FLOWS)
  #count = 0
  /** Start of the window in two words, and the latest that there was. */
  #low = 0
  #high = Number.NaN
  #start = 0n
  #latest: bigint | null = null

  constructor(writer: TableWriter, values: FlowValues, windowNs: bigint) {
    this.#writer = writer
    this.#values = values
    this.#windowNs = windowNs
    this.#length = Number(windowNs)
  }

  add({ batch, start, end }: FrameRun, flows: number): void {
    if (flows > this.#packets.length) this.#grow(flows)
    const { flow, origlen, time } = batch
    for (let i = start; i < end; i++) {
      const low = time[2 * i]!
      const high = time[2 * i + 1]!
      if (high === NO_TIME_HIGH_WORD && low === 0) continue
      // Exact for what is near; what is far is far in a double too. False for the first, which is compared with no number.
      const rest = ((high | 0) - this.#high) * TWO_32 + (low - this.#low)
      if (!(rest >= 0 && rest < this.#length)) this.#open(high, low)
      const id = flow[i]!
      if (this.#packets[id] === 0) this.#touched[this.#count++] = id
      this.#packets[id]! += 1
      this.#bytes[id]! += origlen[i]!
    }
  }

  /** Writes the window that is open. */
  close(): void {
    this.#values.learn()
    const ids = this.#touched
    for (let from = 0; from < this.#count; ) {
      const row = this.#writer.rows
      const to = Math.min(this.#count, from + this.#writer.room - row)
      for (const [name, column] of this.#writer.columns) {
        if (this.#values.write(name, column, row, ids, from, to)) continue
        for (let i = from; i < to; i++) this.#writeOwn(name, column, row + i - from, ids[i]!)
      }
      this.#writer.advance(to - from)
      from = to
    }
    for (let i = 0; i < this.#count; i++) {
      this.#packets[ids[i]!] = 0
      this.#bytes[ids[i]!] = 0
    }
    this.#count = 0
  }

  #open(high: number, low: number): void {
    this.close()
    const ns = (BigInt(high | 0) << 32n) | BigInt(low)
    const into = ((ns % this.#windowNs) + this.#windowNs) % this.#windowNs
    // Not below what 64 bits can say.
    this.#start = ns - into < MOST_EARLY ? MOST_EARLY : ns - into
    this.#low = Number(BigInt.asUintN(32, this.#start))
    this.#high = Number(this.#start >> 32n)
    if (this.#latest !== null && this.#start <= this.#latest) this.isSplit = true
    else this.#latest = this.#start
  }

  #writeOwn(name: string, column: ColumnBuffer, row: number, id: number): void {
    if (name === 'packets') column.setCount(row, this.#packets[id]!)
    else if (name === 'bytes') column.setCount(row, this.#bytes[id]!)
    else {
      column.words[2 * row] = this.#low
      column.words[2 * row + 1] = this.#high >>> 0
    }
  }

  #grow(least: number): void {
    const flows = Math.max(least, 2 * this.#packets.length)
    this.#packets = longer(this.#packets, flows, Float64Array)
    this.#bytes = longer(this.#bytes, flows, Float64Array)
    this.#touched = longer(this.#touched, flows, Uint32Array)
  }
}

/** The lowest that DuckDB takes for a time is two more than the lowest of 64 bits. */
const MOST_EARLY = -(2n ** 63n) + 2n

/** The high words are unsigned as they lie in a batch. */
function isEarlier(high: number, low: number, thanHigh: number, thanLow: number): boolean {
  const a = high | 0
  const b = thanHigh | 0
  return a < b || (a === b && low < thanLow)
}

function markNone(times: Uint32Array, from: number, to: number): void {
  for (let flow = from; flow < to; flow++) {
    times[2 * flow] = 0
    times[2 * flow + 1] = NO_TIME_HIGH_WORD
  }
}

function longer<T extends Float64Array | Uint32Array>(values: T, length: number, Kind: new (length: number) => T): T {
  const grown = new Kind(length)
  grown.set(values)
  return grown
}
