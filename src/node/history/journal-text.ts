/**
 * The journal of an open hour, as text: one line of JSON each, so that what a crash left can be read by anybody.
 *
 *     {"netkit_journal":1,"id":"…","file":"2026-11-22/13.parquet",…} once, at the start
 *     {"start":"1795352400000000000","end":…,"packets":3,…}    a window begins, with its total
 *     ["10.0.0.1",…,3,180,144]                                      a row: key, packets, bytes, rate (sent packets, sent bytes)
 *     {"other":{…}}                                                 what --top left out
 *     {"rows":1,"crc":"1a2b3c4d"}                                   it is whole: CRC-32 of its lines before this one
 *
 * A window counts when its last line is there and right; everything after the last such line is what a kill left half written.
 */
import type { Analysis, Counts, KeyValue, OtherRow, SpanRecord } from '../../engine/records.ts'
import type { WindowRow } from '../../loggers/parquet/window-columns.ts'

const VERSION = 1

export interface JournalHeader {
  /** Says which file was made of which journal. */
  readonly id: string
  /** Where the hour is to be, inside the history. */
  readonly file: string
  /** The version of netkit that writes it. */
  readonly version: string
  readonly analysis: Analysis
}

export type JournalLine =
  | { readonly kind: 'begin'; readonly startNs: bigint; readonly endNs: bigint; readonly total: Counts }
  | { readonly kind: 'row'; readonly row: WindowRow }
  | { readonly kind: 'other'; readonly other: OtherRow }
  | { readonly kind: 'end'; readonly rows: number; readonly crc: string }

export function headerLine({ id, file, version, analysis }: JournalHeader): string {
  const { columns, windowNs, basis, bidirectional } = analysis
  return line({
    netkit_journal: VERSION,
    id,
    file,
    version,
    analysis: { columns, window_ns: String(windowNs), basis, bidirectional },
  })
}

/** Null: it is none of ours, or of a version that is not known. */
export function parseHeader(text: string): JournalHeader | null {
  try {
    const { netkit_journal: journal, id, file, version, analysis } = JSON.parse(text)
    if (!/^[0-9a-f-]{36}$/.test(id)) return null
    if (journal !== VERSION || typeof file !== 'string' || typeof version !== 'string') return null
    // It becomes the name of a file.
    if (!/^\d{4}-\d{2}-\d{2}\/\d{2}(-\d{1,6})?\.parquet$/.test(file)) return null
    const { columns, window_ns: windowNs, basis, bidirectional } = analysis
    if (!Array.isArray(columns) || !columns.every((column) => typeof column === 'string')) return null
    return {
      id,
      file,
      version,
      analysis: { columns, windowNs: BigInt(windowNs), basis, bidirectional },
    } as JournalHeader
  } catch {
    return null
  }
}

/** All lines of a window but the last, in pieces of some rows. */
export function* windowLines(span: SpanRecord): Generator<string> {
  const { packets, bytes } = span.total
  let piece = line({ start: String(span.startNs), end: String(span.endNs), packets, bytes })
  for (const { key, packets, bytes, bitsPerSecond, sent } of span.rows) {
    const sentCounts = sent === undefined ? [] : [sent.packets, sent.bytes]
    piece += line([...key, packets, bytes, bitsPerSecond, ...sentCounts])
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  if (span.other !== null) piece += line({ other: span.other })
  yield piece
}

export function endLine(rows: number, crc: number): string {
  return line({ rows, crc: crc.toString(16).padStart(8, '0') })
}

/** Null: no line of a journal with such rows. */
export function parseLine(text: string, { columns, bidirectional }: Analysis): JournalLine | null {
  try {
    const value = JSON.parse(text)
    if (Array.isArray(value)) {
      const counts = value.length - columns.length
      if (counts !== (bidirectional ? 5 : 3) && counts !== 3) return null
      const [packets, bytes, rate, sentPackets, sentBytes] = value.slice(columns.length) as number[]
      return {
        kind: 'row',
        row: {
          key: value.slice(0, columns.length) as KeyValue[],
          packets: packets!,
          bytes: bytes!,
          bitsPerSecond: rate ?? null,
          ...(counts === 5 && { sent: { packets: sentPackets!, bytes: sentBytes! } }),
        },
      }
    }
    if (value.start !== undefined) {
      const { start, end, packets, bytes } = value
      return { kind: 'begin', startNs: BigInt(start), endNs: BigInt(end), total: { packets, bytes } }
    }
    if (value.other !== undefined) return { kind: 'other', other: value.other }
    return typeof value.crc === 'string' ? { kind: 'end', rows: value.rows, crc: value.crc } : null
  } catch {
    return null
  }
}

const PIECE_LENGTH = 1 << 16

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}
