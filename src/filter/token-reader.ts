/** A place in the tokens of a filter: looking ahead, going back, and errors that know where they are. */
import { FilterError, type Place } from './filter-error.ts'
import type { Token } from './tokens.ts'

/** Parentheses and `not` in one another: beyond it the parser would run out of stack. */
const MOST_DEPTH = 200

export class TokenReader {
  /** The token that was read last. */
  last: Token
  readonly #expression: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(expression: string, tokens: readonly Token[]) {
    this.#expression = expression
    this.#tokens = tokens
    this.last = tokens[0]!
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!
  }

  next(): Token {
    this.last = this.peek()
    if (this.#at < this.#tokens.length - 1) this.#at++
    return this.last
  }

  /** Goes back to a token that was read. */
  back(token: Token): void {
    this.#at = this.#tokens.indexOf(token)
  }

  takeSign(text: string): boolean {
    const token = this.peek()
    if (token.type !== 'sign' || token.text !== text) return false
    this.next()
    return true
  }

  number(what: string): number {
    const token = this.next()
    if (token.type !== 'number') throw this.error(`${what} is missing here`, token)
    return token.number
  }

  /** Takes the sign that closes what `open` opened. */
  close(open: Token, sign: string): void {
    if (this.takeSign(sign)) return
    const token = this.peek()
    if (token.type === 'end') throw this.error(`the '${open.text}' here is not closed`, open)
    throw this.error(`'${token.text}' does not belong here: ${sign} does`, token)
  }

  /** What `parse` gives, or null and the same place as before when it does not fit. */
  attempt<Result>(parse: () => Result): Result | null {
    const { last } = this
    const at = this.#at
    const depth = this.#depth
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof FilterError) || error instanceof FilterDepthError) throw error
      this.#at = at
      this.#depth = depth
      this.last = last
      return null
    }
  }

  deeper<Result>(parse: () => Result): Result {
    if (++this.#depth > MOST_DEPTH)
      throw new FilterDepthError('the filter is nested too deeply', this.#expression, this.peek())
    const result = parse()
    this.#depth--
    return result
  }

  error(reason: string, { start, end }: Place): FilterError {
    return new FilterError(reason, this.#expression, { start, end })
  }
}

/** No other reading would be less deep. */
class FilterDepthError extends FilterError {}

export function isWord(token: Token, text: string): boolean {
  return token.type === 'word' && token.text === text
}
