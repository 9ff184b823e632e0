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

/** A report: plain JSON. */
export interface ReportData {
  /** {@link REPORT_VERSION}: 1. */
  readonly report_version: 1
  /** Of the program that wrote it. */
  readonly netkit_version: string
  /** The command line that made it, as a shell takes it; null when a page did. */
  readonly command: string | null
  /** What makes another command read the same frames, as a shell takes it: inputs and flags, without the time. Null with --count. */
  readonly inputs: string | null
  /** Of --since and --until; null without. */
  readonly since_ns: string | null
  /** Of --until; null without. */
  readonly until_ns: string | null
  /** What bytes are. */
  readonly basis: Analysis['basis']
  /** That people read rates in. */
  readonly units: Units
  /** The `capture` of the json format. */
  readonly capture: Readonly<Record<string, unknown>>
  /** The same for people, in labelled lines; where every frame went; what could not be read. */
  readonly facts: readonly Fact[]
  /** Where every frame went, as a line. */
  readonly accounting: string
  /** What could not be read, as sentences. */
  readonly damage: readonly string[]
  /** Time of the first frame; null when none has one. */
  readonly first_ns: string | null
  /** Time of the last frame; null when none has one. */
  readonly last_ns: string | null
  /** The buckets that all series are of; null when no frame has a time. */
  readonly time: ReportTime | null
  /** Every frame once. */
  readonly total: ReportCounts
  /** The first is the one that was asked for. */
  readonly tables: readonly ReportTable[]
  /** Who sent how much to whom; null when no frame has a time. */
  readonly matrix: ReportMatrix | null
  /** What netkit check found; null when it was not asked. */
  readonly findings: readonly ReportFinding[] | null
}

/** Bucket i is [origin + i × step, origin + (i + 1) × step). */
export interface ReportTime {
  /** Start of bucket 0. */
  readonly origin_ns: string
  /** Length of a bucket. */
  readonly step_ns: string
  /** How many there are. */
  readonly buckets: number
}

/**
 * Counts of the buckets that have a packet, in the order of time. Bucket `gaps[0]` is the first of them, and each other is so many
 * behind the one before; without gaps every bucket has one.
 */
export interface SeriesData {
  /** Places of the buckets that have a packet; left out when all have one. */
  readonly gaps?: readonly number[]
  /** Packets of each of them. */
  readonly packets: readonly number[]
  /** Bytes of each of them. */
  readonly bytes: readonly number[]
}

/** Over the whole capture; frames without a time are in the sum, and in no bucket. */
export interface ReportCounts {
  /** Over the whole capture. */
  readonly packets: number
  /** Over the whole capture. */
  readonly bytes: number
  /** In the course of time. */
  readonly series: SeriesData
}

/** Who had how much, by some key. */
export interface ReportTable {
  /** As --by takes it. */
  readonly by: string
  /** What one row is: `pair`, `host`. The plural adds an s. */
  readonly noun: string
  /** Key columns of its rows. */
  readonly columns: Analysis['columns']
  /** Columns of rows beside key and counts. */
  readonly extras: readonly ExtraColumn[]
  /** Names of those that the page shows. */
  readonly shown_extras: readonly string[]
  /** Rows have `sent`. */
  readonly bidirectional: boolean
  /** In the order of `sort`, the first of `groups`. */
  readonly rows: readonly ReportRow[]
  /** The column that rows are in the order of. */
  readonly sort: string
  /** How many rows there would be. */
  readonly groups: number
  /** The sum of the rows that are not here, whatever part of the time is looked at; null when all are here. */
  readonly other: ReportCounts | null
}

/** A row of a table. */
export interface ReportRow extends ReportCounts {
  /** Values of the key columns, in their order. */
  readonly key: readonly KeyValue[]
  /** Of two directions: what the row's end sent. */
  readonly sent?: ReportCounts
  /** Values of the further columns, in their order. */
  readonly extras?: readonly (number | string | null)[]
}

/** Bytes between the hosts that have most, in each direction. */
export interface ReportMatrix {
  /** Most bytes first. */
  readonly hosts: readonly { readonly address: KeyValue; readonly name: KeyValue }[]
  /** `from` and `to` are places among the hosts. A direction without a packet has no cell. */
  readonly cells: readonly (ReportCounts & { readonly from: number; readonly to: number })[]
}

/** What is wrong with the capture. */
export interface ReportFinding {
  /** Which finding it is, for programs. */
  readonly kind: string
  /** How much it matters. */
  readonly severity: 'info' | 'warning' | 'error'
  /** What was found, as a sentence. */
  readonly what: string
  /** What it does to the numbers, as a sentence. */
  readonly effect: string
}
