/** The flags of the metrics that `netkit live` serves, and what they are counted from: records, or seconds of a live session. */
import { Flags, type Interfaces } from '@oclif/core'
import { NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { Grouping } from '../engine/grouping.ts'
import { bitsPerSecond } from '../engine/rate.ts'
import type { AnalysisRecord, Counts, OtherRow, SpanRecord } from '../engine/records.ts'
import { WebServerError } from '../node/web/listen-errors.ts'
import type { Closed } from '../pipeline/live-counts.ts'
import type { World } from '../pipeline/live-world.ts'
import { CommandError, EXIT_RUNTIME_ERROR, usageError } from './exit-codes.ts'
import { parseCount, parseFlag } from './parse-flag.ts'

const helpGroup = 'METRICS'

export const metricsFlags = {
  metrics: Flags.string({
    helpValue: ':PORT|HOST:PORT',
    helpGroup,
    summary:
      'Serve counters of packets and bytes for Prometheus at http://HOST:PORT/metrics, beside the output. Without HOST only this machine can reach it.',
  }),
  'metrics-series': Flags.string({
    helpValue: 'N',
    helpGroup,
    dependsOn: ['metrics'],
    summary: 'Rows that have a counter of their own; all others are one. Default: 100.',
  }),
}

type MetricsFlags = Partial<Interfaces.InferredFlags<typeof metricsFlags>> & { readonly read?: string | undefined }

export interface LiveMetrics {
  /** Rows that the records must have; null for all. */
  top(shown: number | null): number | null
  /** The records, counted, with as many rows as are to be shown. */
  count(records: AsyncIterable<AnalysisRecord>, shown: number | null): AsyncIterable<AnalysisRecord>
  /** Seconds of a session, counted. */
  readonly onClosed: (closed: Closed, world: World) => void
}

export interface MetricsView {
  readonly grouping: Grouping
  readonly windowNs: bigint
  readonly stepNs: bigint
  /** Records are counted, and not the seconds of a session. */
  readonly asRecords: boolean
}

const LOOPBACK = '127.0.0.1'
const DEFAULT_SERIES = 100
const MOST_SERIES = 10_000
const HIGHEST_PORT = 65_535
/** Rows of a window that are looked at: what is below them is a packet or two. */
const ROWS_PER_WINDOW = 1000

/** Null without --metrics. `say` gets the address. */
export async function openMetrics(
  flags: MetricsFlags,
  { grouping, windowNs, stepNs, asRecords }: MetricsView,
  say: (sentence: string) => void,
): Promise<LiveMetrics | null> {
  if (flags.metrics === undefined) return null
  if (flags.read !== undefined) throw usageError('--metrics: only of a running capture, not with --read')
  // What is in two windows would be counted twice.
  if (asRecords && windowNs !== stepNs) throw usageError('--metrics: not with --detailed, but on the full screen')
  const { host, port } = parseFlag('metrics', flags.metrics, parseAddress)
  const series = parseFlag('metrics-series', flags['metrics-series'], parseSeries) ?? DEFAULT_SERIES
  const { TrafficMetrics } = await import('../node/metrics/traffic-metrics.ts')
  const { startMetricsServer } = await import('../node/metrics/metrics-server.ts')
  const { isLoopback } = await import('../node/web/host-header.ts')
  const { LiveFeed } = await import('../pipeline/live-feed.ts')
  const metrics = new TrafficMetrics(grouping.columns, series)
  // It ends with the process.
  const { url } = await startMetricsServer(metrics, host, port).catch((error: unknown) => {
    if (error instanceof WebServerError) throw new CommandError(`--metrics: ${error.message}`, EXIT_RUNTIME_ERROR)
    throw error
  })
  say(`metrics are at ${url}`)
  if (!isLoopback(host)) say(`${host} is not loopback: everybody who can reach this machine can read them`)
  let feed: InstanceType<typeof LiveFeed> | null = null
  const { columns, bidirectional } = grouping
  const tables = [{ by: 'metrics', noun: 'row', columns, bidirectional, grouping }]

  async function* count(records: AsyncIterable<AnalysisRecord>, shown: number | null): AsyncGenerator<AnalysisRecord> {
    for await (const record of records) {
      if (record.type === 'span') {
        metrics.add({ endNs: record.endNs, rows: record.rows, rest: record.other ?? NOTHING, total: record.total })
      } else if (record.type === 'capture') metrics.setDropped(record.accounting.dropped)
      yield record.type === 'span' ? firstRows(record, shown) : record
    }
  }

  return {
    top: (shown) => (shown === null ? null : Math.max(shown, ROWS_PER_WINDOW)),
    count,
    onClosed(closed, world) {
      const { counts } = world
      feed ??= new LiveFeed(world, tables, ROWS_PER_WINDOW)
      for (const second of closed.seconds) {
        const { rows, other } = feed.tell(second).tables[0]!
        const measured = rows.map(([, key, packets, bytes]) => ({ key, packets, bytes }))
        const rest = other === null ? NOTHING : { packets: other[0], bytes: other[1] }
        metrics.add({ endNs: counts.startOf(second.number + 1), rows: measured, rest, total: second })
      }
      const late = sumOf(closed.stragglers)
      if (late.packets > 0) metrics.add({ endNs: null, rows: [], rest: late, total: late })
    },
  }
}

const NOTHING: Counts = { packets: 0, bytes: 0 }

function sumOf(rows: Closed['stragglers']): Counts {
  let packets = 0
  let bytes = 0
  for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
    packets += rows[i + 1]!
    bytes += rows[i + 2]!
  }
  return { packets, bytes }
}

/** The span with that many rows; what is left out is in its `other`. */
function firstRows(span: SpanRecord, most: number | null): SpanRecord {
  if (most === null || span.rows.length <= most) return span
  const rest = span.rows.slice(most)
  const sum = (unit: keyof Counts) => rest.reduce((total, row) => total + row[unit], span.other?.[unit] ?? 0)
  const bytes = sum('bytes')
  const { startNs, endNs } = span
  const other: OtherRow = {
    packets: sum('packets'),
    bytes,
    bitsPerSecond: startNs === null || endNs === null ? null : bitsPerSecond(bytes, endNs - startNs),
    rows: rest.length + (span.other?.rows ?? 0),
  }
  return { ...span, rows: span.rows.slice(0, most), other }
}

/** `:9464`, `0.0.0.0:9464`, `[::1]:9464`, `host:9464`. */
function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s/]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > HIGHEST_PORT) throw new Error(`'${text}' is neither :PORT nor HOST:PORT`)
  return { host: match[1] ?? (match[2] || LOOPBACK), port }
}

function parseSeries(text: string): number {
  const series = parseCount(text, 1)
  if (series > MOST_SERIES) throw new Error(`at most ${MOST_SERIES}: Prometheus keeps each of them`)
  return series
}
