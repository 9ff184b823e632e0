/** What the person has chosen. Everything on the page is drawn from it, and nothing else changes. */
import type { TimeChoice } from '../report/select-time.ts'

export interface Choices {
  /** Null: the whole capture. */
  readonly range: TimeChoice
  readonly search: string
  /** What the curve is stacked by: which of the tables. */
  readonly stackedBy: number
  readonly measure: 'bytes' | 'packets'
}

export class State {
  #choices: Choices = { range: null, search: '', stackedBy: 0, measure: 'bytes' }
  readonly #listeners: ((choices: Choices) => void)[] = []

  get choices(): Choices {
    return this.#choices
  }

  choose(some: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...some }
    for (const listener of this.#listeners) listener(this.#choices)
  }

  /** Calls at once, and after each choice. */
  onChange(listener: (choices: Choices) => void): void {
    this.#listeners.push(listener)
    listener(this.#choices)
  }
}
