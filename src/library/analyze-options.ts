/** What to count of a capture, in plain values → what the pipeline takes. */
import { parseBy } from '../engine/by.ts'
import { findMeasure } from '../engine/measures.ts'
import { shapeColumns } from '../engine/shape-columns.ts'
import { tcpColumns } from '../engine/tcp-columns.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { LOCAL_BY_KIND, parseLocalNetworks } from '../names/local-networks.ts'
import { NameBook } from '../names/name-book.ts'
import type { AnalyzeOptions } from '../pipeline/analyze.ts'
import { type CountChoice, durationNs, type FrameChoice, framesOf, MOST_FLOWS } from './frame-choice.ts'

/** What {@link analyzeCapture} is asked. The flags of `netkit analyze` have the same names and meanings. */
export interface AnalyzeCaptureOptions extends FrameChoice, CountChoice {
  /**
   * What a row is: `pair` (source, destination, protocol), `flow`, `conversation`, `host`, `src`, `dst`, `protocol`, `service`, `vlan`,
   * `mac`, `interface`, `direction`, a subnet such as `src/24` or `host/16/48` (IPv4/IPv6), or several with commas. Default: `pair`; with
   * `tcp`, `conversation`.
   */
  readonly by?: string
  /** For `direction`: which networks are ours, as in `192.168.0.0/16,2001:db8::/32`. Default: private, loopback and link-local ones. */
  readonly local?: string
  /** Length of a window in seconds: a span for each, [start, end). Left out: one span over the whole capture. */
  readonly window?: number
  /** A window begins every so many seconds: sliding windows. The window is a multiple of it. */
  readonly step?: number
  /** Where windows begin: at the first frame (`start`), or at round times of the clock, UTC (`clock`). Default: `start`. */
  readonly align?: 'start' | 'clock'
  /** A span for each window without traffic, in place of one record for a run of them. */
  readonly idle?: boolean
  /** Rows of a span; the rest is added up in `other`. Left out: all of them. */
  readonly top?: number
  /** Order of rows: `bytes`, `packets`, a key column such as `src`, or a further one such as `p95` or `retransmissions`. Default: `bytes`. */
  readonly sort?: string
  /** Names that the capture holds (DNS, TLS, QUIC, HTTP, DHCP, pcapng) beside addresses. Default: true. */
  readonly names?: boolean
  /**
   * TCP health of each row, as further columns: state, round-trip times, retransmissions and so on, as Wireshark has them. Not with
   * windows.
   */
  readonly tcp?: boolean
  /**
   * How the rate of each row varies, as further columns: min, mean, max, p50, p95, p99 over windows of `window` seconds (1 unless given).
   * One span then.
   */
  readonly stats?: boolean
  /** The highest rate of each row in any interval of so many seconds, as a further column. One span then. */
  readonly burst?: number
  /** Threads that read a file that is not compressed (Node). No result depends on it. Default: 1. */
  readonly jobs?: number
  /** Called now and then with the frames so far and the stored bytes that were read. */
  readonly onProgress?: (frames: number, bytes: number) => void
}

const SECOND_NS = 1_000_000_000n

/** Throws an Error in the user's terms where options contradict each other, or are none. */
export function analyzeOptionsOf(asked: AnalyzeCaptureOptions): AnalyzeOptions {
  const { by, local, top, sort = 'bytes', names = true, tcp: hasTcp = false, stats = false, onProgress } = asked
  const windowNs = durationNs(asked.window, 'window')
  const stepNs = durationNs(asked.step, 'step')
  const burstNs = durationNs(asked.burst, 'burst')
  if (stepNs !== null && (windowNs === null || windowNs % stepNs !== 0n)) {
    throw new RangeError('step needs a window that is a whole multiple of it')
  }
  const hasShape = stats || burstNs !== null
  if (hasShape && stepNs !== null) throw new RangeError('step is not for stats and burst')
  if (burstNs !== null && !stats && windowNs !== null) throw new RangeError('window is not for burst without stats')
  if (hasTcp && windowNs !== null && !stats) throw new RangeError('tcp is of the whole capture, not of windows')
  if (top !== undefined && !(Number.isInteger(top) && top > 0)) throw new RangeError('top is a whole number from 1')
  const shape = hasShape ? { windowNs: stats ? (windowNs ?? SECOND_NS) : null, burstNs, link: null } : undefined
  const tcp = hasTcp ? tcpColumns(false, []) : []
  const extras = [...(shape === undefined ? [] : shapeColumns(shape)), ...tcp]
  const grouping = parseBy(
    by ?? (hasTcp ? 'conversation' : 'pair'),
    local === undefined ? LOCAL_BY_KIND : parseLocalNetworks(local),
  )
  const sortable = ['bytes', 'packets', ...grouping.columns, ...extras.map(({ name }) => name)]
  if (!sortable.includes(sort) && findMeasure(extras, sort) < 0) {
    throw new RangeError(`cannot sort by '${sort}': it is none of ${sortable.join(', ')}`)
  }
  const book = names ? new NameBook() : undefined
  return {
    ...framesOf(asked),
    grouping,
    names: createEndpointNamer({ book }),
    book,
    windowNs: hasShape ? null : windowNs,
    stepNs,
    align: asked.align ?? 'start',
    idle: asked.idle ?? false,
    basis: asked.bytes ?? 'frame',
    inner: asked.inner ?? false,
    maxFlows: asked.maxFlows ?? MOST_FLOWS,
    sort,
    top: top ?? null,
    tcp,
    shape,
    extras,
    ...(onProgress !== undefined && { onProgress }),
  }
}
