/** One small capture as records, for the tests of every format: five seconds of an office on 2025-11-03. */
import type {
  Analysis,
  AnalysisRecord,
  CaptureRecord,
  Counts,
  IdleRecord,
  KeyColumn,
  KeyValue,
  Row,
  SpanRecord,
} from '../../src/engine/records.ts'
import { createLogger, type LogFormat } from '../../src/loggers/create-logger.ts'
import type { LoggerOptions } from '../../src/loggers/logger.ts'

export const SECOND = 1_000_000_000n

/** 2025-11-03T10:00:05Z, by GNU date. */
export const START = 1_762_164_005n * SECOND

export const PAIR_COLUMNS: readonly KeyColumn[] = ['src', 'src_name', 'dst', 'dst_name', 'protocol', 'protocol_number']

export function counts(packets: number, bytes: number): Counts {
  return { packets, bytes }
}

export function analysis(changes: Partial<Analysis> = {}): Analysis {
  return { columns: PAIR_COLUMNS, windowNs: 5n * SECOND, basis: 'frame', bidirectional: false, ...changes }
}

export function row(key: readonly KeyValue[], packets: number, bytes: number, rate: number | null, sent?: Counts): Row {
  return { key, packets, bytes, bitsPerSecond: rate, ...(sent === undefined ? {} : { sent }) }
}

export const ROWS: readonly Row[] = [
  row(['90.130.70.73', 'No-DNS', '172.21.83.232', 'Private Network', 'TCP', 6], 1530, 2_292_863, 3_668_580.8),
  row(['172.21.80.1', 'Private Network', '224.0.0.251', 'Multicast', 'UDP', 17], 5, 1000, 1600),
]

export function span(changes: Partial<SpanRecord> = {}): SpanRecord {
  return {
    type: 'span',
    startNs: START,
    endNs: START + 5n * SECOND,
    rows: ROWS,
    other: { rows: 12, packets: 100, bytes: 212_563, bitsPerSecond: 340_100.8 },
    total: counts(1635, 2_506_426),
    ...changes,
  }
}

/** A span with one row of that key, 5 packets and 1000 bytes. */
export function spanOf(key: readonly KeyValue[], sent?: Counts): SpanRecord {
  return span({ rows: [row(key, 5, 1000, 1600, sent)], other: null, total: counts(5, 1000) })
}

export const IDLE: IdleRecord = {
  type: 'idle',
  startNs: START + 5n * SECOND,
  endNs: START + 65n * SECOND,
  windows: 12n,
}

export function capture(changes: Partial<CaptureRecord> = {}): CaptureRecord {
  return {
    type: 'capture',
    files: ['office.pcapng'],
    format: 'pcapng (gzip)',
    interrupted: false,
    linktypes: [{ number: 1, name: 'ETHERNET', packets: 1640, bytes: 2_507_000 }],
    interfaces: [{ name: 'eth0', linktype: 1, snaplen: 262_144, received: 1700, dropped: 60 }],
    frames: 1640,
    bytes: 2_507_000,
    kept: counts(1640, 2_507_000),
    capturedBytes: 2_400_000,
    firstNs: START,
    lastNs: START + 5n * SECOND,
    truncated: 2,
    malformed: 1,
    unsupported: 0,
    accounting: {
      whole: counts(1640, 2_507_000),
      basis: 'frame',
      shown: counts(1635, 2_506_426),
      filtered: counts(5, 574),
      undecoded: counts(0, 0),
      evicted: counts(0, 0),
      late: counts(0, 0),
      untimed: counts(0, 0),
      unreadableBytes: 0,
      dropped: null,
      snaplenCut: 0,
    },
    salvage: null,
    damage: [{ file: 'office.pcapng', kind: 'cut', message: 'the file ends within a packet block at byte 123456' }],
    protocols: [
      { name: 'TCP', packets: 1600, bytes: 2_450_000 },
      { name: 'UDP', packets: 39, bytes: 56_940 },
      { name: 'ARP', packets: 1, bytes: 60 },
    ],
    ...changes,
  }
}

/** Everything that a logger writes for these records. */
export function log(
  format: LogFormat,
  about: Analysis,
  records: readonly AnalysisRecord[],
  options: LoggerOptions = {},
): string {
  const logger = createLogger(format, about, options)
  return logger.begin() + records.flatMap((record) => [...logger.record(record)]).join('') + logger.end()
}
