/** What is shown: the report of the moment, and what the person has chosen. The page is drawn from it, and nothing else changes. */
import type { LoadedReport, LoadedTable, TimeChoice } from '../report/select-time.ts'
import { rangeOfSpan, spanOfRange, type TimeSpan } from '../report/time-span.ts'
import { isHealth, tableKey } from './words.ts'

export interface Picture {
  readonly report: LoadedReport
  /** Null: the whole capture. */
  readonly range: TimeChoice
  readonly search: string
  /** Whose rows the curve is stacked by. */
  readonly stack: LoadedTable
  readonly measure: 'bytes' | 'packets'
}

export interface Choices {
  readonly range: TimeChoice
  readonly search: string
  /** The key of a table. */
  readonly stack: string
  readonly measure: Picture['measure']
}

export class State {
  #report: LoadedReport
  /** What came while it was held. */
  #waiting: LoadedReport | null = null
  #isHeld = false
  /** In time that no other report changes: buckets are those of one. */
  #span: TimeSpan | null = null
  #search = ''
  /** Null: the first table, whichever that is. */
  #stack: string | null = null
  #measure: Picture['measure'] = 'bytes'
  #picture: Picture
  readonly #draw: (picture: Picture) => void

  constructor(report: LoadedReport, draw: (picture: Picture) => void) {
    this.#report = report
    this.#draw = draw
    this.#picture = this.#look()
  }

  get picture(): Picture {
    return this.#picture
  }

  choose({ range, search, stack, measure }: Partial<Choices>): void {
    const { time } = this.#report.data
    if (range !== undefined) this.#span = range === null || time === null ? null : spanOfRange(time, range)
    if (search !== undefined) this.#search = search
    if (stack !== undefined) this.#stack = stack
    if (measure !== undefined) this.#measure = measure
    this.#show()
  }

  update(report: LoadedReport): void {
    if (this.#isHeld) {
      this.#waiting = report
      return
    }
    this.#report = report
    this.#show()
  }

  /** While a hand draws over the curve, it stays the curve that it draws over. */
  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
    const report = this.#waiting
    this.#waiting = null
    if (report !== null) this.update(report)
  }

  #show(): void {
    this.#picture = this.#look()
    this.#draw(this.#picture)
  }

  #look(): Picture {
    const report = this.#report
    const { time } = report.data
    const stacks = stacksOf(report)
    return {
      report,
      range: time === null || this.#span === null ? null : rangeOfSpan(time, this.#span),
      search: this.#search,
      stack: stacks.find((table) => tableKey(table) === this.#stack) ?? stacks[0]!,
      measure: this.#measure,
    }
  }
}

/** What the curve can be stacked by: that of TCP health has the rows of another. */
export function stacksOf({ tables }: LoadedReport): readonly LoadedTable[] {
  return tables.filter((table) => !isHealth(table))
}
