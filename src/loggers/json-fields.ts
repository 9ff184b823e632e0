/** Records → the JSON values that the json and jsonl formats share. Their names are a public interface. */
import type { Analysis, CaptureNames, CaptureRecord, Counts, OtherRow, Row } from '../engine/records.ts'
import { jsonText } from './json-text.ts'
import { shapeObject } from './shape-facts.ts'

/** Grows when a field changes its meaning or goes away; new fields do not count. */
export const SCHEMA_VERSION = 1

/** An integer as a number, or as a string of digits where a double may not be exact to every reader (RFC 8259 §6). */
export function exactInteger(value: number): number | string {
  return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : String(BigInt(value))
}

/** Nanoseconds since 1970 pass 2^53 in April of that year, so they are always strings. */
export function jsonNs(ns: bigint | null): string {
  return ns === null ? 'null' : `"${ns}"`
}

/** The members of one row, without braces: `"src":"10.0.0.1",…,"packets":3,"bytes":180,"bits_per_second":288`. */
export function createRowFields(analysis: Analysis): (row: Row) => string {
  const names = analysis.columns.map((column) => `${JSON.stringify(column)}:`)
  const extras = (analysis.extras ?? []).map(({ name }) => `${JSON.stringify(name)}:`)
  return (row) => {
    const key = names.map((name, index) => name + jsonText(row.key[index] ?? null))
    const further = extras.map((name, index) => name + jsonText(row.extras?.[index] ?? null))
    return [...key, countFields(row, row.bitsPerSecond), ...sentFields(row), ...further].join(',')
  }
}

/** The members of the row that stands for the rows beyond `--top`. */
export function otherFields(other: OtherRow): string {
  return `"other":true,"rows":${integer(other.rows)},${countFields(other, other.bitsPerSecond)}`
}

function countFields({ packets, bytes }: Counts, rate: number | null): string {
  return `"packets":${integer(packets)},"bytes":${integer(bytes)},"bits_per_second":${JSON.stringify(rate)}`
}

function sentFields({ packets, bytes, sent }: Row): string[] {
  if (sent === undefined) return []
  return [
    `"sent_packets":${integer(sent.packets)}`,
    `"sent_bytes":${integer(sent.bytes)}`,
    `"received_packets":${integer(packets - sent.packets)}`,
    `"received_bytes":${integer(bytes - sent.bytes)}`,
  ]
}

/** The capture as a plain object, ready for JSON.stringify. */
export function captureObject(capture: CaptureRecord): Readonly<Record<string, unknown>> {
  const { accounting } = capture
  return {
    files: capture.files,
    format: capture.format,
    ...(capture.interrupted && { interrupted: true }),
    linktypes: capture.linktypes.map(({ number, name, ...counts }) => ({ number, name, ...countsObject(counts) })),
    interfaces: capture.interfaces.map(({ name, linktype, snaplen, received, dropped }) => ({
      name,
      linktype,
      snaplen,
      received: received === null ? null : exactInteger(received),
      dropped: dropped === null ? null : exactInteger(dropped),
    })),
    frames: exactInteger(capture.frames),
    bytes: exactInteger(capture.bytes),
    kept: countsObject(capture.kept),
    captured_bytes: exactInteger(capture.capturedBytes),
    first_ns: capture.firstNs === null ? null : String(capture.firstNs),
    last_ns: capture.lastNs === null ? null : String(capture.lastNs),
    truncated: capture.truncated,
    malformed: capture.malformed,
    unsupported: capture.unsupported,
    protocols: capture.protocols.map(({ name, ...counts }) => ({ name, ...countsObject(counts) })),
    accounting: {
      whole: countsObject(accounting.whole),
      shown: countsObject(accounting.shown),
      filtered: countsObject(accounting.filtered),
      undecoded: countsObject(accounting.undecoded),
      evicted: countsObject(accounting.evicted),
      late: countsObject(accounting.late),
      untimed: countsObject(accounting.untimed),
      unreadable_bytes: exactInteger(accounting.unreadableBytes),
      basis: accounting.basis,
      dropped: accounting.dropped === null ? null : exactInteger(accounting.dropped),
      snaplen_cut: accounting.snaplenCut,
      linktypes: capture.linktypes.map(({ name }) => name),
    },
    damage: capture.damage.map(({ file, kind, message }) => ({ file, kind, message })),
    salvage:
      capture.salvage?.map(({ file, offset, bytes, framesBefore, framesAfter, message }) => ({
        file,
        offset: exactInteger(offset),
        bytes: exactInteger(bytes),
        frames_before: exactInteger(framesBefore),
        frames_after: exactInteger(framesAfter),
        message,
      })) ?? null,
    ...(capture.names !== undefined && namesObject(capture.names)),
    ...(capture.shape !== undefined && { shape: shapeObject(capture.shape) }),
  }
}

function namesObject({ listed, more }: CaptureNames): Readonly<Record<string, unknown>> {
  return {
    names: listed.map(({ address, name, source, firstSeenNs }) => ({
      address,
      name,
      source,
      first_seen_ns: firstSeenNs === null ? null : String(firstSeenNs),
    })),
    names_not_listed: more,
  }
}

function integer(value: number): string {
  return JSON.stringify(exactInteger(value))
}

function countsObject({ packets, bytes }: Counts): Readonly<Record<string, number | string>> {
  return { packets: exactInteger(packets), bytes: exactInteger(bytes) }
}
