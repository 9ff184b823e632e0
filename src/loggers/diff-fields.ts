/** What changed between two captures → the named values of a row and of the whole, which machine formats share. */
import type { DiffReport, DiffRow, DiffSection, SideFacts } from '../engine/diff-rows.ts'
import type { KeyColumn, KeyValue } from '../engine/records.ts'
import { exactInteger } from './json-fields.ts'
import { formatSeconds } from './time-text.ts'

type Value = KeyValue

/** What rows have beside their key: the public interface. */
export const DIFF_COLUMNS = [
  'a_packets',
  'a_bytes',
  'a_bits_per_second',
  'b_packets',
  'b_bytes',
  'b_bits_per_second',
  'change_bits_per_second',
  'factor',
] as const

/** In the order of {@link DIFF_COLUMNS}. */
export function diffValues({ a, b, change, factor }: DiffRow): Value[] {
  const side = (counts: DiffRow['a']) =>
    counts === null
      ? [null, null, null]
      : [exactInteger(counts.packets), exactInteger(counts.bytes), counts.bitsPerSecond]
  return [...side(a), ...side(b), change, factor]
}

/** A row as an object: by, status, the key, and the rest. */
export function rowObject({ by, analysis }: DiffSection, row: DiffRow): Readonly<Record<string, Value>> {
  const values = diffValues(row)
  return {
    by,
    status: row.status,
    ...Object.fromEntries(analysis.columns.map((column, i) => [column, row.key[i] ?? null])),
    ...Object.fromEntries(DIFF_COLUMNS.map((column, i) => [column, values[i]!])),
  }
}

export function reportObject({ a, b, sections }: DiffReport): Readonly<Record<string, unknown>> {
  return {
    a: sideObject(a),
    b: sideObject(b),
    sections: sections.map(({ by, analysis, counts }) => ({ by, columns: analysis.columns, ...counts })),
  }
}

function sideObject({
  files,
  durationNs,
  packets,
  bytes,
  bitsPerSecond,
}: SideFacts): Readonly<Record<string, unknown>> {
  return {
    files,
    duration_seconds: durationNs === null ? null : Number(formatSeconds(durationNs)),
    packets: exactInteger(packets),
    bytes: exactInteger(bytes),
    bits_per_second: bitsPerSecond,
  }
}

/** Key columns of any section, each once: what tables have that hold all sections. The protocol's number only repeats its name. */
export function keyColumnsOf({ sections }: DiffReport): KeyColumn[] {
  const columns = sections.flatMap(({ analysis }) => analysis.columns)
  return [...new Set(columns)].filter((column) => column !== 'protocol_number')
}
