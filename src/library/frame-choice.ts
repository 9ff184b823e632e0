/** Which frames of a capture count, in plain values → what the pipeline takes. */
import type { Basis } from '../capture/parser.ts'
import { compileFilter } from '../filter/compile-filter.ts'

/** Which frames of a capture are read. Left out: all of them. */
export interface FrameChoice {
  /** Only frames that it takes: the language of tcpdump, pcap-filter(7), as in `tcp port 443 and not host 10.0.0.1`. */
  readonly filter?: string
  /** Leaves out frames before it: a Date (milliseconds), or nanoseconds since 1970-01-01 UTC. */
  readonly since?: Date | bigint
  /** Leaves out frames at it and later. */
  readonly until?: Date | bigint
  /** Stops after so many frames. */
  readonly limit?: number
  /** Goes on behind damage, at the next place where several records in a row fit. Without it, reading ends at the first damage. */
  readonly salvage?: boolean
  /** Ends reading: what was read until then is handed out, and nothing is thrown. */
  readonly signal?: AbortSignal
}

/** What bytes are, and whose addresses. */
export interface CountChoice {
  /**
   * What counts: whole frames on the wire whatever the capture cut (`frame`), IP packets (`ip`), or what TCP, UDP and the like carry
   * (`payload`). Default: `frame`.
   */
  readonly bytes?: Basis
  /** By the innermost IP header of tunnels in place of the outermost. */
  readonly inner?: boolean
  /** Flows kept at once, some 100 bytes each. Beyond, the least are added up in one row, `(evicted)`. Default: ten million. */
  readonly maxFlows?: number
}

export const MOST_FLOWS = 10_000_000

/** Throws a FilterError for a filter that is none, and a RangeError for times that leave no frame. */
export function framesOf({ filter, since, until, limit, salvage, signal }: FrameChoice) {
  const sinceNs = nanoseconds(since, 'since')
  const untilNs = nanoseconds(until, 'until')
  if (sinceNs !== undefined && untilNs !== undefined && sinceNs >= untilNs) {
    throw new RangeError('until is not after since')
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    throw new RangeError('limit is a whole number from 1')
  return {
    filter: filter === undefined ? undefined : compileFilter(filter),
    sinceNs,
    untilNs,
    limit,
    salvage: salvage ?? false,
    ...(signal !== undefined && { signal }),
  }
}

function nanoseconds(time: Date | bigint | undefined, name: string): bigint | undefined {
  if (time === undefined || typeof time === 'bigint') return time
  const ms = time.getTime()
  if (Number.isNaN(ms)) throw new RangeError(`${name} is no date`)
  return BigInt(ms) * 1_000_000n
}

const NS_PER_SECOND = 1e9
/** Longer ones, in nanoseconds, are no exact integers any more: 104 days. */
const MOST_SECONDS = Number.MAX_SAFE_INTEGER / NS_PER_SECOND

/** Seconds with decimals → nanoseconds; null for none. */
export function durationNs(seconds: number | undefined, name: string): bigint | null {
  if (seconds === undefined) return null
  const ns = Math.round(seconds * NS_PER_SECOND)
  if (!(ns >= 1 && seconds <= MOST_SECONDS))
    throw new RangeError(`${name} is a number of seconds, from a nanosecond to 104 days`)
  return BigInt(ns)
}
