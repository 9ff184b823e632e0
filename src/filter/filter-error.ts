/** What is wrong with a filter expression, and where: text that says it shows the place, with carets under it. */

/** Characters [start, end) of an expression. */
export interface Place {
  /** First character, from 0. */
  readonly start: number
  /** Behind the last. */
  readonly end: number
}

/** Characters of the expression shown on either side of the place: lines stay readable for any length. */
const SHOWN_AROUND = 60

/** A filter expression that is none, or that frames of a link type cannot be asked. */
export class FilterError extends Error {
  /** The sentence alone. */
  readonly reason: string
  /** Two lines: the expression, and carets under the place. Nothing in them acts on a terminal. */
  readonly picture: string

  constructor(reason: string, expression: string, place: Place) {
    const picture = pointAt(expression, place)
    super(`${reason}\n${picture}`)
    this.name = 'FilterError'
    this.reason = reason
    this.picture = picture
  }
}

function pointAt(expression: string, { start, end }: Place): string {
  const from = Math.max(0, start - SHOWN_AROUND)
  const to = Math.min(expression.length, end + SHOWN_AROUND)
  const before = from > 0 ? '…' : ''
  const after = to < expression.length ? '…' : ''
  // One character for each, so that carets stay where they are; what a terminal would act upon does not get there.
  const shown = expression.slice(from, to).replace(/[^\x20-\x7e]/g, (char) => (/\s/.test(char) ? ' ' : '?'))
  const carets = '^'.repeat(Math.max(1, Math.min(end, to) - start))
  return `  ${before}${shown}${after}\n  ${' '.repeat(before.length + start - from)}${carets}`
}
