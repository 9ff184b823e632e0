/**
 * What a report holds: plain JSON, inside of the page, for the page itself and for programs that get it out of there.
 *
 * Names and values of rows and of the capture are those of the json format. Times are nanoseconds since 1970-01-01 UTC, in
 * strings of digits; packets and bytes are exact.
 */
import type { Analysis, ExtraColumn, KeyValue } from '../engine/records.ts'
import type { Fact } from '../loggers/capture-facts.ts'
import type { Units } from '../loggers/units.ts'

/** Grows when a field changes its meaning or goes away; new fields do not count. */
export const REPORT_VERSION = 1

export interface ReportData {
  readonly report_version: typeof REPORT_VERSION
  /** Of the program that wrote it. */
  readonly netkit_version: string
  /** The command line that made it, as a shell takes it. */
  readonly command: string
  /** What makes another command read the same frames, as a shell takes it: inputs and flags, without the time. Null with --count. */
  readonly inputs: string | null
  /** Of --since and --until; null without. */
  readonly since_ns: string | null
  readonly until_ns: string | null
  readonly basis: Analysis['basis']
  /** That people read rates in. */
  readonly units: Units
  /** The `capture` of the json format. */
  readonly capture: Readonly<Record<string, unknown>>
  /** The same for people, in labelled lines; where every frame went; what could not be read. */
  readonly facts: readonly Fact[]
  readonly accounting: string
  readonly damage: readonly string[]
  readonly first_ns: string | null
  readonly last_ns: string | null
  /** The buckets that all series are of; null when no frame has a time. */
  readonly time: ReportTime | null
  readonly total: ReportCounts
  readonly tables: readonly ReportTable[]
  readonly matrix: ReportMatrix | null
  /** What netkit check found; null when it was not asked. */
  readonly findings: readonly ReportFinding[] | null
}

/** Bucket i is [origin + i × step, origin + (i + 1) × step). */
export interface ReportTime {
  readonly origin_ns: string
  readonly step_ns: string
  readonly buckets: number
}

/**
 * Counts of the buckets that have a packet, in the order of time. Bucket `gaps[0]` is the first of them, and each other is so many
 * behind the one before; without gaps every bucket has one.
 */
export interface SeriesData {
  readonly gaps?: readonly number[]
  readonly packets: readonly number[]
  readonly bytes: readonly number[]
}

/** Over the whole capture; frames without a time are in the sum, and in no bucket. */
export interface ReportCounts {
  readonly packets: number
  readonly bytes: number
  readonly series: SeriesData
}

export interface ReportTable {
  /** As --by takes it. */
  readonly by: string
  /** What one row is: `pair`, `host`. The plural adds an s. */
  readonly noun: string
  readonly columns: Analysis['columns']
  /** Columns of rows beside key and counts. */
  readonly extras: readonly ExtraColumn[]
  /** Names of those that the page shows. */
  readonly shown_extras: readonly string[]
  readonly bidirectional: boolean
  /** In the order of `sort`, the first of `groups`. */
  readonly rows: readonly ReportRow[]
  readonly sort: string
  /** How many rows there would be. */
  readonly groups: number
  /** The sum of the rows that are not here, whatever part of the time is looked at; null when all are here. */
  readonly other: ReportCounts | null
}

export interface ReportRow extends ReportCounts {
  readonly key: readonly KeyValue[]
  /** Of two directions: what the row's end sent. */
  readonly sent?: ReportCounts
  readonly extras?: readonly (number | string | null)[]
}

/** Bytes between the hosts that have most, in each direction. */
export interface ReportMatrix {
  readonly hosts: readonly { readonly address: KeyValue; readonly name: KeyValue }[]
  /** `from` and `to` are places among the hosts. A direction without a packet has no cell. */
  readonly cells: readonly (ReportCounts & { readonly from: number; readonly to: number })[]
}

export interface ReportFinding {
  readonly kind: string
  readonly severity: 'info' | 'warning' | 'error'
  readonly what: string
  readonly effect: string
}
