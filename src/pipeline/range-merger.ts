/** Counts of ranges, whose flows have ids of their own, into one engine. */
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { Parser } from '../capture/parser.ts'
import type { FrameCounts } from '../engine/frame-counter.ts'
import type { RangeCounts } from './range-counter.ts'

/** What takes the counts: an engine, or another that counts the same frames. */
export interface CountSink {
  merge(counts: FrameCounts): void
}

export class RangeMerger {
  readonly #parser: Parser
  readonly #engine: CountSink
  /** Ids here of the flows of each counter of ranges. */
  readonly #ids = new Map<number, Uint32Array>()

  constructor(parser: Parser, engine: CountSink) {
    this.#parser = parser
    this.#engine = engine
  }

  /** Notes what the counts of `counter` say of its flows. To be called for all its counts, in their order, merged or not. */
  learn(counter: number, { flows, flowsBeginAgain }: RangeCounts): void {
    const known = flowsBeginAgain ? undefined : this.#ids.get(counter)
    const added = this.#parser.importFlows(flows)
    const ids = new Uint32Array((known?.length ?? 0) + added.length)
    if (known !== undefined) ids.set(known)
    ids.set(added, known?.length ?? 0)
    this.#ids.set(counter, ids)
  }

  /** Adds the counts: the frames that come next in the capture. */
  merge(counter: number, counts: RangeCounts): void {
    const ids = this.#ids.get(counter)!
    for (const { rows } of counts.buckets) rename(rows, ids)
    rename(counts.untimed, ids)
    this.#parser.addInterfaceCounts(counts.interfaces)
    this.#engine.merge(counts)
  }
}

function rename(rows: FlowCountRows, ids: Uint32Array): void {
  for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) rows[i] = ids[rows[i]!]!
}
