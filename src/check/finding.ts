/** What is known about the quality of a capture: plain values, ready for a logger. */
import type { CaptureRecord } from '../engine/records.ts'

/** `info`: good to know, the numbers hold. `warning`: numbers are off, or may be. `error`: a part of the capture is not in them. */
export type Severity = 'info' | 'warning' | 'error'

/** Names are a public interface. */
export type FindingKind =
  | 'unreadable'
  | 'no-frames'
  | 'drops'
  | 'drops-unknown'
  | 'lost-segments'
  | 'one-way'
  | 'no-handshake'
  | 'conversation-limit'
  | 'duplicates'
  | 'oversized'
  | 'snaplen'
  | 'headers-cut'
  | 'lengths'
  | 'malformed'
  | 'unknown-link'
  | 'undecoded'
  | 'untimed'
  | 'time-backwards'
  | 'time-gap'

/** A frame of the capture, counted from 1 as tshark does; several inputs are counted as one, merged by time. */
export interface Place {
  readonly frame: number
  /** Nanoseconds since 1970; null for a frame without a time. */
  readonly timeNs: bigint | null
}

export interface Finding {
  readonly kind: FindingKind
  readonly severity: Severity
  /** How many of how many; null where nothing is counted. */
  readonly count: number | null
  readonly of: number | null
  readonly unit: 'frame' | 'TCP conversation' | 'TCP segment' | null
  /** Where it was met first; null where it has no place. */
  readonly first: Place | null
  /** What more there is to say, by names of its own. Names are a public interface. */
  readonly details: Readonly<Record<string, number | string>>
}

export interface CheckReport {
  readonly capture: CaptureRecord
  /** By addresses and ports. */
  readonly tcpConversations: number
  /** The worst first; of the same severity in a fixed order. */
  readonly findings: readonly Finding[]
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error']

/** Negative when `a` is worse. */
export function compareSeverities(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(b) - SEVERITIES.indexOf(a)
}

/** Null without findings. */
export function worstSeverity(findings: readonly Finding[]): Severity | null {
  return findings.map(({ severity }) => severity).sort(compareSeverities)[0] ?? null
}
