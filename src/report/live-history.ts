/**
 * What a running capture tells second by second → the data of a report over the last minutes. What is older is forgotten, so a page that
 * is open for a month holds as much as one that is open for ten minutes.
 *
 * Exact: the total, and every row that was named in each of its seconds. A row that was not, since too many others had more, has a part
 * of its traffic among the others.
 */
import type { Counts, KeyValue } from '../engine/records.ts'
import { printable } from '../loggers/printable.ts'
import { formatClock, formatDate } from '../loggers/time-text.ts'
import { formatBytes, formatCount } from '../loggers/units.ts'
import {
  HISTORY_SECONDS,
  type LiveSecond,
  type LiveStart,
  type LiveState,
  type LiveTable,
  type LiveUpdate,
} from './live-messages.ts'
import { REPORT_VERSION, type ReportCounts, type ReportData } from './report-data.ts'
import type { Curve, LoadedCell, LoadedReport, LoadedRow, LoadedTable } from './select-time.ts'
import { encodeCurve, SeriesBuilder } from './series-builder.ts'

/** Less would be no curve: the time before the capture is empty. */
const FEWEST_BUCKETS = 60
const MATRIX_ROWS = 20
const SECOND_NS = 1_000_000_000n

export class LiveHistory {
  readonly start: LiveStart
  /** Those with a frame, earliest first. */
  readonly #seconds: LiveSecond[] = []
  /** By table and id: what all of these seconds had. Ids come and go, so curves are only made of those that are kept. */
  readonly #sums: readonly Map<number, Sum>[]
  #originNs = 0n
  /** First second that was told of, and the first that is not over; null before any. */
  #first: number | null = null
  #until = 0
  #state: LiveState | null = null
  #lost = 0

  constructor(start: LiveStart) {
    this.start = start
    this.#sums = start.tables.map(() => new Map())
  }

  get state(): LiveState | null {
    return this.#state
  }

  /** Updates that this page did not get. */
  get lost(): number {
    return this.#lost
  }

  /** In the last second that is over. */
  get bitsPerSecondNow(): number {
    const last = this.#seconds.at(-1)
    return last !== undefined && last.number === this.#until - 1 ? last.bytes * 8 : 0
  }

  add({ origin_ns, until, second, status }: LiveUpdate): void {
    this.#originNs = BigInt(origin_ns)
    this.#first ??= second?.number ?? until
    this.#until = until
    this.#state = status
    if (second !== null) {
      this.#seconds.push(second)
      this.#count(second, 1)
    }
    while (this.#seconds.length > 0 && this.#seconds[0]!.number < until - HISTORY_SECONDS) {
      this.#count(this.#seconds.shift()!, -1)
    }
  }

  end(status: LiveState): void {
    this.#state = status
  }

  miss(updates: number): void {
    this.#lost += updates
  }

  report(): LoadedReport {
    const { start, state } = this
    const until = this.#until
    const first = Math.max(this.#first ?? until, until - HISTORY_SECONDS)
    const buckets = Math.max(FEWEST_BUCKETS, until - first)
    const seconds = this.#seconds
    const origin = until - buckets
    const startOf = (second: number) => this.#originNs + BigInt(second) * SECOND_NS
    const isEmpty = this.#first === null
    const made = start.tables.map((table, place) =>
      tableOf(table, { place, sums: this.#sums[place]!, seconds, origin, start }),
    )
    const tables = made.map(({ table }) => table)
    const total = new SeriesBuilder(seconds.length)
    for (const { number, packets, bytes } of seconds) total.add(number - origin, packets, bytes)
    const place = start.tables.findIndex(({ by }) => by === 'host')
    const cells = place === -1 ? [] : cellsOf(made[place]!.ids, seconds, origin)
    const data: ReportData = {
      report_version: REPORT_VERSION,
      netkit_version: start.netkit_version,
      command: start.command,
      inputs: null,
      since_ns: null,
      until_ns: null,
      basis: start.basis,
      units: start.units,
      capture: {
        files: [start.title],
        frames: state?.frames ?? 0,
        bytes: state?.bytes ?? 0,
        drops_to_come: state?.drops_to_come ?? false,
        accounting: { basis: start.basis, dropped: state?.dropped ?? null },
      },
      facts: this.#facts(),
      accounting: this.#accounting(),
      damage: this.#damage(),
      first_ns: isEmpty ? null : String(startOf(first)),
      last_ns: isEmpty ? null : String(startOf(until)),
      time: isEmpty ? null : { origin_ns: String(startOf(origin)), step_ns: String(SECOND_NS), buckets },
      total: countsOf(total.curve, buckets),
      tables: tables.map((table) => reportedTable(table, buckets)),
      matrix:
        place === -1
          ? null
          : { hosts: hostsOf(tables[place]!), cells: cells.map((cell) => reportedCell(cell, buckets)) },
      findings: null,
    }
    return { data, total: total.curve, tables, cells }
  }

  /** Whole numbers: what is taken away again leaves nothing. */
  #count({ tables }: LiveSecond, sign: 1 | -1): void {
    for (const [place, sums] of this.#sums.entries()) {
      for (const [id, key, packets, bytes] of tables[place]!.rows) {
        let sum = sums.get(id)
        if (sum === undefined) {
          sum = { id, key, packets: 0, bytes: 0, seconds: 0 }
          sums.set(id, sum)
        }
        if (sign === 1) sum.key = key
        sum.packets += sign * packets
        sum.bytes += sign * bytes
        sum.seconds += sign
        if (sum.seconds === 0) sums.delete(id)
      }
    }
  }

  #facts() {
    const { start, state } = this
    const facts = [{ label: start.source === 'recording' ? 'File' : 'Interface', lines: [printable(start.title)] }]
    const fact = (label: string, line: string) => facts.push({ label, lines: [line] })
    if (this.#first !== null) {
      const ns = this.#originNs + BigInt(Math.max(this.#first, this.#until - HISTORY_SECONDS)) * SECOND_NS
      fact('Shown since', `${formatDate(ns)} ${formatClock(ns, 0)} UTC`)
    }
    if (state !== null) {
      fact('Frames since the start', String(state.frames))
      fact('Bytes since the start', `${formatBytes(state.bytes, start.units)} (${state.bytes} bytes)`)
      fact('Dropped', droppedWords(state))
    }
    return facts
  }

  #accounting(): string {
    const { state } = this
    if (state === null) return 'No frame yet.'
    const { packets, bytes } = this.#seconds.reduce(
      (sum, second) => ({ packets: sum.packets + second.packets, bytes: sum.bytes + second.bytes }),
      { packets: 0, bytes: 0 },
    )
    const words = (counts: Counts) => `${formatCount(counts.packets, 'frame')} (${formatCount(counts.bytes, 'byte')})`
    const late =
      state.late_frames === 0
        ? ''
        : `In no second, as they came too late or have no time: ${words({ packets: state.late_frames, bytes: state.late_bytes })}. `
    const since = words({ packets: state.frames, bytes: state.bytes })
    return `Since the start: ${since}. Shown, of the last ${HISTORY_SECONDS / 60} minutes and up to the last second that is over: ${words({ packets, bytes })}. ${late}Drops: ${droppedWords(state)}.`
  }

  #damage(): string[] {
    const lines: string[] = []
    if (this.#lost > 0) {
      lines.push(
        `This page fell behind: ${formatCount(this.#lost, 'update')} dropped, so that what is shown is less than there was. The capture lost nothing by it.`,
      )
    }
    const problem = this.#state?.problem ?? null
    if (problem !== null) lines.push(printable(problem))
    return lines
  }
}

function droppedWords({ dropped, drops_to_come }: LiveState): string {
  if (dropped !== null) return String(dropped)
  return drops_to_come ? 'told when it ends' : 'not told'
}

interface Sum {
  readonly id: number
  /** The latest: names come later than addresses. */
  key: readonly KeyValue[]
  packets: number
  bytes: number
  /** That it is named in. */
  seconds: number
}

interface TableSource {
  /** Among those of each second. */
  readonly place: number
  readonly sums: ReadonlyMap<number, Sum>
  readonly seconds: readonly LiveSecond[]
  /** The second of bucket 0. */
  readonly origin: number
  readonly start: LiveStart
}

function tableOf(
  { by, noun, columns, bidirectional }: LiveTable,
  { place, sums, seconds, origin, start }: TableSource,
): { readonly table: LoadedTable; readonly ids: readonly number[] } {
  const measure = start.sort === 'packets' ? 'packets' : 'bytes'
  const kept = [...sums.values()].sort((a, b) => b[measure] - a[measure] || a.id - b.id).slice(0, start.top)
  const whole = kept.map((sum) => new SeriesBuilder(sum.seconds))
  const sent = kept.map((sum) => new SeriesBuilder(bidirectional ? sum.seconds : 0))
  const rowOf = new Map(kept.map(({ id }, row) => [id, row]))
  const other = new SeriesBuilder(seconds.length)
  for (const { number, tables } of seconds) {
    const bucket = number - origin
    const told = tables[place]!
    for (const [id, , packets, bytes, sentPackets = 0, sentBytes = 0] of told.rows) {
      const row = rowOf.get(id)
      if (row === undefined) other.add(bucket, packets, bytes)
      else {
        whole[row]!.add(bucket, packets, bytes)
        if (sentPackets > 0) sent[row]!.add(bucket, sentPackets, sentBytes)
      }
    }
    if (told.other !== null) other.add(bucket, ...told.other)
  }
  const rows = kept.map(
    ({ key }, row): LoadedRow => ({
      key,
      ...whole[row]!.curve,
      sent: bidirectional ? sent[row]!.curve : null,
      extras: [],
    }),
  )
  const others = other.curve
  // What the last minutes had when they last had any: it may have become less since.
  const groups = Math.max(seconds.at(-1)?.tables[place]?.groups ?? 0, sums.size)
  const table: LoadedTable = {
    by,
    noun,
    columns,
    bidirectional,
    extras: [],
    shown_extras: [],
    rows,
    sort: start.sort,
    groups: others.packets > 0 ? groups : rows.length,
    other: others.packets > 0 ? others : null,
  }
  return { table, ids: kept.map(({ id }) => id) }
}

function cellsOf(ids: readonly number[], seconds: readonly LiveSecond[], origin: number): LoadedCell[] {
  const rowOf = new Map(ids.slice(0, MATRIX_ROWS).map((id, row) => [id, row]))
  const cells = new Map<number, SeriesBuilder>()
  for (const { number, cells: told } of seconds) {
    for (const [fromId, toId, packets, bytes] of told) {
      const from = rowOf.get(fromId)
      const to = rowOf.get(toId)
      if (from === undefined || to === undefined) continue
      const place = from * MATRIX_ROWS + to
      let cell = cells.get(place)
      if (cell === undefined) {
        cell = new SeriesBuilder(seconds.length)
        cells.set(place, cell)
      }
      cell.add(number - origin, packets, bytes)
    }
  }
  return [...cells]
    .sort(([a], [b]) => a - b)
    .map(([place, cell]) => ({ from: Math.floor(place / MATRIX_ROWS), to: place % MATRIX_ROWS, ...cell.curve }))
}

/** The same as plain data. Numbers of a curve are only written out when somebody saves them: a page does so once, if ever, not each second. */
function countsOf({ packets, bytes, series }: Curve, buckets: number): ReportCounts {
  return {
    packets,
    bytes,
    get series() {
      return encodeCurve(series, buckets)
    },
  }
}

function reportedTable(table: LoadedTable, buckets: number): ReportData['tables'][number] {
  return {
    ...table,
    rows: table.rows.map((row) => ({
      key: row.key,
      packets: row.packets,
      bytes: row.bytes,
      get series() {
        return encodeCurve(row.series, buckets)
      },
      ...(row.sent !== null && { sent: countsOf(row.sent, buckets) }),
    })),
    other: table.other && countsOf(table.other, buckets),
  }
}

function reportedCell({ from, to, packets, bytes, series }: LoadedCell, buckets: number) {
  return {
    from,
    to,
    packets,
    bytes,
    get series() {
      return encodeCurve(series, buckets)
    },
  }
}

function hostsOf({ columns, rows }: LoadedTable) {
  const address = columns.indexOf('host')
  const name = columns.indexOf('host_name')
  return rows.slice(0, MATRIX_ROWS).map(({ key }) => ({ address: key[address] ?? null, name: key[name] ?? null }))
}
