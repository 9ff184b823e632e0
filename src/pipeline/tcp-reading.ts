/** TCP health beside the counting of frames: what the parser's flows have to tell apart, and the measures of it. */
import { KEY_DESTINATION, KEY_DESTINATION_PORT, KEY_SOURCE, KEY_SOURCE_PORT } from '../abi/key-fields.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import type { Parser } from '../capture/parser.ts'
import type { Groups } from '../engine/groups.ts'
import type { Measures } from '../engine/measures.ts'
import type { TcpColumn } from '../engine/tcp-columns.ts'
import { createTcpMeasures } from '../engine/tcp-measures.ts'

/** Flows are those of connections, whatever rows are: their key has these fields at least. */
export const TCP_KEY_FIELDS = KEY_SOURCE | KEY_SOURCE_PORT | KEY_DESTINATION | KEY_DESTINATION_PORT

/** Two flows each: at most 1.2 GB in all (see TcpHealth). */
const MOST_CONVERSATIONS = 2_000_000

export interface TcpReading {
  add(batch: StreamBatch, start: number, end: number): void
  /** Before the parser keeps these flows only. */
  keep(flows: Uint32Array): void
  measures(groups: Groups): Measures
  /** Flows of which nothing is known, because there were too many conversations. */
  readonly untrackedFlows: number
}

export function startTcpReading(
  parser: Parser,
  columns: readonly TcpColumn[],
  maxFlows = 2 * MOST_CONVERSATIONS,
): TcpReading {
  const health = parser.createTcpHealth(Math.min(MOST_CONVERSATIONS, Math.ceil(maxFlows / 2)))
  return {
    add: (batch, start, end) => health.add(batch, start, end),
    keep: (flows) => health.keepFlows(flows, parser.flows.size),
    measures: (groups) => createTcpMeasures(health, parser.flows.size, groups, columns),
    get untrackedFlows() {
      return health.untrackedFlows(parser.flows.size)
    },
  }
}
