/** The sums of one bucket whose flows are the groups: its rows, as they are. */
import type { FlowCountRows } from '../capture/counter.ts'
import type { Groups } from './groups.ts'
import { type SpanSums, sumRows } from './ranking.ts'
import type { Counts } from './records.ts'

export class FlowSums implements SpanSums {
  readonly groups: Groups
  readonly #rows: FlowCountRows

  /** `groups.areFlows`, and each flow is in the rows once. */
  constructor(groups: Groups, rows: FlowCountRows) {
    this.groups = groups
    this.#rows = rows
  }

  rows(): FlowCountRows {
    return this.#rows
  }

  /** Flows go one way. */
  sent(): Counts {
    return { packets: 0, bytes: 0 }
  }

  get total(): Counts {
    return sumRows(this.#rows)
  }
}
