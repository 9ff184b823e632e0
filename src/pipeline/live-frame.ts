/** What a live screen shows: the picture of one moment, ready to be drawn, and how the capture is doing. */
import type { Analysis, Counts, KeyValue } from '../engine/records.ts'

/** Descending, but names ascending. */
export type LiveSort = 'rate' | 'peak' | 'total' | 'packets' | 'name'

export const LIVE_SORTS: readonly LiveSort[] = ['rate', 'peak', 'total', 'packets', 'name']

/** A row, or a part of it. Packets and bytes are those of the window. */
export interface LiveCountsOfRow extends Counts {
  readonly bitsPerSecond: number
  /** Of the busiest second since the start, or, after another grouping was chosen, of the last minute and since. */
  readonly peakBitsPerSecond: number
  /** Since the start. */
  readonly total: Counts
  /** Bits per second of each of the last 60 seconds, the latest last. */
  readonly history: Float64Array
}

export interface LiveRow extends LiveCountsOfRow {
  /** Tells the row from others as long as the grouping stays. */
  readonly group: number
  readonly key: readonly KeyValue[]
}

/** The rows that are not shown. */
export interface LiveOther extends Counts {
  readonly rows: number
  readonly bitsPerSecond: number
  readonly total: Counts
}

export interface LiveFrame {
  /** Columns of the keys, the length of the window, what bytes count. */
  readonly analysis: Analysis
  /** The window, made of whole seconds: [startNs, endNs). Its first seconds may be from before the capture began. */
  readonly startNs: bigint
  readonly endNs: bigint
  /** Everything seen since the start, in the chosen order; no more than asked for. */
  readonly rows: readonly LiveRow[]
  readonly other: LiveOther | null
  /** Every frame once, whatever the grouping does. */
  readonly all: LiveCountsOfRow
  /** What this machine received and sent in the window; null when its addresses are not known. */
  readonly inOut: { readonly bitsPerSecondIn: number; readonly bitsPerSecondOut: number } | null
}

export interface LiveDetail {
  readonly row: LiveRow
  /** First and last second with a frame of it: start of the one, end of the other. Null before its first second is over. */
  readonly firstNs: bigint | null
  readonly lastNs: bigint | null
  /** The row as its key reads: from the source, sent by the host, from the first endpoint. */
  readonly forward: LiveCountsOfRow
  /** The other direction, also where the row is one direction only; null where there are no directions. */
  readonly backward: LiveCountsOfRow | null
  /** The largest flows in it. Keys have the FLOW_COLUMNS of live-members.ts. */
  readonly flows: readonly LiveFlow[]
  readonly flowCount: number
}

export interface LiveFlow {
  readonly key: readonly KeyValue[]
  readonly bitsPerSecond: number
  readonly total: Counts
}

export interface LiveStatus {
  /** `waiting`: no frame yet. `ended`: nothing more will come; a recording can still be set back. */
  readonly state: 'waiting' | 'running' | 'ended'
  /** The picture stands still; of a recording, its time too. */
  readonly paused: boolean
  /** The capture's clock: of the recording, or of the machine that stamps the frames; null before it is known. */
  readonly nowNs: bigint | null
  /** Since the session began, or since the first frame of the recording. */
  readonly elapsedNs: bigint
  readonly frames: number
  readonly bytes: number
  /** Frames that the capture lost; null as long as it does not say. */
  readonly dropped: number | null
  /** It may still say: capture tools do with their last words. False for what has ended, and for a file that has no place for it. */
  readonly dropsToCome: boolean
  /** What is wrong with the capture's bytes; null when nothing is. */
  readonly fault: string | null
  readonly replay: {
    readonly speed: number
    /** On the way to another moment: the picture is that of before. */
    readonly seeking: boolean
    /** Stored bytes read and all of them; null when nobody knows. */
    readonly position: number
    readonly size: number | null
  } | null
}
