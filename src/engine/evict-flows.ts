/**
 * Which flows stay when there are too many, and what becomes of the counts of the others.
 *
 * A flow lives as long as a bucket that is not yet written has a row of it. The others are forgotten: they come back as new
 * flows, and nothing shows it. If more live than half of what may be kept, those with the fewest bytes are folded into one flow
 * that stands for all of them, id {@link EVICTED}.
 */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import { nthLargest } from './ranking.ts'

/** The id of the evicted flow in a table that was rebuilt; those that stay follow in their order. */
export const EVICTED = 0

export interface Eviction {
  /** Ids of the flows that stay, ascending. */
  readonly kept: Uint32Array
  /** How many flows with counts were folded into one. */
  readonly evicted: number
  /** Rows of the old ids to rows of the new ones, each flow once. */
  rename(rows: FlowCountRows): FlowCountRows
}

/** `rows`: all that is not written, of flows below `flows`. `isEvicted`: flow 0 is the evicted one already. */
export function chooseFlows(rows: Iterable<FlowCountRows>, flows: number, most: number, isEvicted: boolean): Eviction {
  const bytes = new Float64Array(flows).fill(-1)
  for (const part of rows) {
    for (let i = 0; i < part.length; i += NUMBERS_PER_ROW) {
      const flow = part[i]!
      bytes[flow] = Math.max(0, bytes[flow]!) + part[i + 2]!
    }
  }
  if (isEvicted) bytes[EVICTED] = -1
  const live = new Uint32Array(flows).map((_, flow) => flow).filter((flow) => bytes[flow]! >= 0)
  const kept = largest(live, bytes, Math.min(live.length, Math.floor(most / 2)))
  const newId = new Uint32Array(flows).fill(EVICTED)
  for (const [place, flow] of kept.entries()) newId[flow] = place + 1
  return { kept, evicted: live.length - kept.length, rename: (part) => rename(part, newId) }
}

/** The `count` flows of the most bytes; of those that tie with the last, the ones seen first. Ascending. */
function largest(flows: Uint32Array, bytes: Float64Array, count: number): Uint32Array {
  if (count === flows.length) return flows
  const floor = nthLargest(bytes, flows, count)
  let room = count - flows.filter((flow) => bytes[flow]! > floor).length
  return flows.filter((flow) => bytes[flow]! > floor || (bytes[flow] === floor && room-- > 0))
}

function rename(rows: FlowCountRows, newId: Uint32Array): FlowCountRows {
  const renamed = new Float64Array(rows.length + NUMBERS_PER_ROW)
  let to = NUMBERS_PER_ROW
  for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
    const flow = newId[rows[i]!]!
    const at = flow === EVICTED ? 0 : to
    if (flow !== EVICTED) to += NUMBERS_PER_ROW
    renamed[at] = flow
    renamed[at + 1]! += rows[i + 1]!
    renamed[at + 2]! += rows[i + 2]!
  }
  return renamed.slice(renamed[1] === 0 ? NUMBERS_PER_ROW : 0, to)
}
