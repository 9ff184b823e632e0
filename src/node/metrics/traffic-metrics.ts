/**
 * Windows → what Prometheus scrapes: counters of packets and bytes by row, and of everything; the process's own. Imported when
 * somebody asks for metrics.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Counts, KeyColumn, KeyValue } from '../../engine/records.ts'
import { packageVersion } from '../package-version.ts'
import { type SeriesRow, SeriesTable } from './series-table.ts'

export interface MeasuredRow extends Counts {
  /** In the order of the columns. */
  readonly key: readonly KeyValue[]
}

export interface MeasuredWindow {
  /** Nanoseconds since 1970; null for what belongs to no window. */
  readonly endNs: bigint | null
  readonly rows: readonly MeasuredRow[]
  /** What is in no row. */
  readonly rest: Counts
  /** Every frame once. */
  readonly total: Counts
}

/** Gauges of prom-client that are named as counters: promtool complains of them, and they say little. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** All labels of the series of the rows that have none of their own. */
const OTHER = 'other'

export class TrafficMetrics {
  readonly #registry = new Registry()
  /** Places in a key of what tells rows apart. */
  readonly #places: readonly number[]
  readonly #labels: readonly KeyColumn[]
  readonly #table: SeriesTable
  readonly #told: { rows: readonly SeriesRow[] } = { rows: [] }
  readonly #seen = { packets: 0, bytes: 0 }
  #dropped: number | null = null
  #endSeconds: number | null = null

  constructor(columns: readonly KeyColumn[], mostSeries: number) {
    this.#places = columns.flatMap((column, i) => (isLabel(column) ? [i] : []))
    this.#labels = this.#places.map((place) => columns[place]!)
    this.#table = new SeriesTable(mostSeries)
    this.#countRows('packets', `Packets of the largest rows; of all others where every label is '${OTHER}'.`)
    this.#countRows('bytes', `Bytes of the largest rows; of all others where every label is '${OTHER}'.`)
    this.#countAll('packets', 'Packets of the capture, each once.')
    this.#countAll('bytes', 'Bytes of the capture, each packet once.')
    this.#gauge('netkit_series', 'Rows that have a series of their own.', () => this.#table.size)
    this.#gauge('netkit_series_limit', 'Rows that may have one.', () => mostSeries)
    this.#gauge(
      'netkit_dropped_packets',
      'Packets that the capture lost, by its own count. Missing until it tells, which most do when they end.',
      () => this.#dropped,
    )
    this.#gauge(
      'netkit_last_window_timestamp_seconds',
      'End of the last window that was counted, in the time of its packets.',
      () => this.#endSeconds,
    )
    const info = { name: 'netkit_build_info', help: 'The version that runs.', labelNames: ['version'] }
    new Gauge({ ...info, registers: [this.#registry] }).set({ version: packageVersion() }, 1)
    collectDefaultMetrics({ register: this.#registry })
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name)
  }

  add({ endNs, rows, rest, total }: MeasuredWindow): void {
    const seconds = endNs === null ? this.#endSeconds : Number(endNs / 1_000_000n) / 1000
    const measured = rows.map(({ key, packets, bytes }) => ({
      labels: this.#places.map((place) => String(key[place] ?? '')),
      packets,
      bytes,
    }))
    this.#table.add(seconds ?? 0, measured, rest)
    this.#seen.packets += total.packets
    this.#seen.bytes += total.bytes
    if (seconds !== null && seconds > (this.#endSeconds ?? 0)) this.#endSeconds = seconds
  }

  /** By the capture's own count, from its start; null: it has not told. */
  setDropped(dropped: number | null): void {
    this.#dropped = dropped ?? this.#dropped
  }

  /** Of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    this.#told.rows = this.#table.tell()
    return this.#registry.metrics()
  }

  #countRows(unit: keyof Counts, help: string): void {
    const labels = this.#labels
    const table = this.#table
    const told = this.#told
    new Counter({
      name: `netkit_${unit}_total`,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      collect() {
        this.reset()
        for (const row of told.rows) this.labels(...row.labels).inc(row[unit])
        this.labels(...labels.map(() => OTHER)).inc(table.other[unit])
      },
    })
  }

  #countAll(unit: keyof Counts, help: string): void {
    const seen = this.#seen
    new Counter({
      name: `netkit_capture_${unit}_total`,
      help,
      registers: [this.#registry],
      collect() {
        this.reset()
        this.inc(seen[unit])
      },
    })
  }

  #gauge(name: string, help: string, read: () => number | null): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        const value = read()
        if (value === null) this.remove()
        else this.set(value)
      },
    })
  }
}

/** Names of addresses come and go: each would be another series. A protocol's number says no more than its name. */
function isLabel(column: KeyColumn): boolean {
  return !/_name(_source)?$/.test(column) && column !== 'protocol_number'
}
