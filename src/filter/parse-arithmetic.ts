/**
 * Calculation in a filter: `tcp[tcpflags] & (tcp-syn|tcp-ack) != 0`.
 *
 * Ranks are those of libpcap's grammar, from | over & and shifts and + - to * /. It gives % and ^ none: they take all that
 * follows for their right side, and are taken before anything to their left.
 */
import type { Arithmetic, Operator, Primitive, Relation } from './ast.ts'
import type { TokenReader } from './token-reader.ts'
import { PROTOCOL_WORDS } from './words.ts'

const RANKS: Readonly<Record<string, number>> = { '|': 1, '&': 2, '<<': 3, '>>': 3, '+': 4, '-': 4, '*': 5, '/': 5 }
const NEGATION_RANK = 6
const RELATIONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>=']

export function parseRelation(tokens: TokenReader): Primitive {
  const { start } = tokens.peek()
  const left = parseArithmetic(tokens, 0)
  const sign = tokens.next()
  if (sign.type !== 'sign' || !RELATIONS.includes(sign.text)) {
    throw tokens.error('a comparison is missing here: =, !=, <, <=, > or >=', sign)
  }
  const right = parseArithmetic(tokens, 0)
  return { type: 'relation', relation: sign.text as Relation, left, right, place: { start, end: tokens.last.end } }
}

/** Operators of a rank below `rank` are left to the caller. */
export function parseArithmetic(tokens: TokenReader, rank: number): Arithmetic {
  const { start } = tokens.peek()
  let left = parseOperand(tokens)
  for (;;) {
    const { type, text } = tokens.peek()
    if (type !== 'sign') return left
    const isUnranked = text === '%' || text === '^'
    const own = Object.hasOwn(RANKS, text) ? RANKS[text]! : -1
    if (!isUnranked && (own < 0 || own < rank)) return left
    if (rank === Number.POSITIVE_INFINITY) return left
    tokens.next()
    const right = tokens.deeper(() => parseArithmetic(tokens, isUnranked ? 0 : own + 1))
    left = { type: 'operation', operator: text as Operator, left, right, place: { start, end: tokens.last.end } }
  }
}

function parseOperand(tokens: TokenReader): Arithmetic {
  const token = tokens.next()
  const place = () => ({ start: token.start, end: tokens.last.end })
  if (token.type === 'number') return { type: 'constant', number: token.number, place: place() }
  if (token.type === 'sign' && token.text === '-') {
    const operand = tokens.deeper(() => parseArithmetic(tokens, NEGATION_RANK))
    return { type: 'negate', operand, place: place() }
  }
  if (token.type === 'sign' && token.text === '(') {
    const inside = tokens.deeper(() => parseArithmetic(tokens, 0))
    tokens.close(token, ')')
    return { ...inside, place: place() }
  }
  if (token.type === 'word' && token.text === 'len') return { type: 'len', place: place() }
  const protocol =
    token.type === 'word' && Object.hasOwn(PROTOCOL_WORDS, token.text) ? PROTOCOL_WORDS[token.text]! : null
  const open = tokens.peek()
  if (protocol === null || !tokens.takeSign('[')) {
    throw tokens.error('a number, len or a field such as tcp[13] is missing here', token)
  }
  const index = tokens.deeper(() => parseArithmetic(tokens, 0))
  const size = tokens.takeSign(':') ? tokens.number('1, 2 or 4 bytes') : 1
  tokens.close(open, ']')
  return { type: 'load', protocol, index, size, place: place() }
}
