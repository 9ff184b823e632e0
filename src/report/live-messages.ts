/**
 * What `netkit live --web` tells a page: who it is, then each second with its rows, then how it ended. JSON, one message per event.
 *
 * A message is bounded: so many rows of each table, and the sum of all others.
 */
import type { Analysis, KeyValue } from '../engine/records.ts'
import type { Units } from '../loggers/units.ts'

/** How much of the past a page shows, and a new viewer gets. */
export const HISTORY_SECONDS = 600

/** Event `start`: the first of each connection. What came before it on a connection that broke is forgotten. */
export interface LiveStart {
  readonly netkit_version: string
  /** The command line, as a shell takes it. */
  readonly command: string
  /** The interface, the file: what is looked at. */
  readonly title: string
  readonly source: 'capture' | 'recording'
  readonly units: Units
  readonly basis: Analysis['basis']
  /** The first is the one that was asked for. */
  readonly tables: readonly LiveTable[]
  /** Rows of each table that a page keeps. */
  readonly top: number
  readonly sort: string
}

export interface LiveTable {
  readonly by: string
  readonly noun: string
  readonly columns: Analysis['columns']
  readonly bidirectional: boolean
}

/** Event `update`: time has moved on by a second or more, and one of them may have had frames. */
export interface LiveUpdate {
  /** Start of second 0, in nanoseconds since 1970. */
  readonly origin_ns: string
  /** Number of the first second that is not over. */
  readonly until: number
  readonly second: LiveSecond | null
  readonly status: LiveState
}

export interface LiveSecond {
  readonly number: number
  /** Every frame once. */
  readonly packets: number
  readonly bytes: number
  /** In the order of {@link LiveStart.tables}. */
  readonly tables: readonly LiveRows[]
  /** Between rows of the table of hosts, each direction by itself: ids of sender and receiver, packets, bytes. */
  readonly cells: readonly LiveCell[]
}

export interface LiveRows {
  readonly rows: readonly LiveRow[]
  /** The rows that are not here: packets, bytes; null when all are. */
  readonly other: readonly [number, number] | null
  /** How many different rows the last {@link HISTORY_SECONDS} had. */
  readonly groups: number
}

/** Id (the same as long as the capture runs), key, packets, bytes; and what the row's end sent, where there are two directions. */
export type LiveRow = readonly [number, readonly KeyValue[], number, number, number?, number?]
export type LiveCell = readonly [number, number, number, number]

/** Since the start. Event `end` is one of these, too, and the last. */
export interface LiveState {
  readonly state: 'waiting' | 'running' | 'ended'
  /** Everything that was read, whether its second is over or not. */
  readonly frames: number
  readonly bytes: number
  /** Of these: in no second, because they came too late for it or have no time. */
  readonly late_frames: number
  readonly late_bytes: number
  /** Lost by the capture; null when it does not say, or not yet. */
  readonly dropped: number | null
  readonly drops_to_come: boolean
  readonly elapsed_ns: string
  /** Why it ended, or what is wrong with it: a sentence. */
  readonly problem: string | null
}

/** Event `lost`: this viewer did not take so many updates in time. */
export interface LiveLost {
  readonly updates: number
}
