/**
 * The text of a filter to its tree: the grammar of pcap-filter(7) as libpcap 1.10 has it (grammar.y), by recursive descent.
 *
 * `and` and `or` have the same rank and group from the left; `not` takes the next primitive. A value without qualifiers has
 * those of the primitive before it: `tcp port 80 or 443`. Only a value that follows `and` or `or` can, and only where what
 * stands before it has some.
 */

import { readMac } from './addresses.ts'
import type { Expression, Primitive, Qualifiers, Value } from './ast.ts'
import { FilterError, type Place } from './filter-error.ts'
import { parseArithmetic, parseRelation } from './parse-arithmetic.ts'
import { parseLlc, parseWlan } from './parse-wlan.ts'
import { isWord, TokenReader } from './token-reader.ts'
import { readTokens, type Token } from './tokens.ts'
import { DIRECTION_WORDS, KIND_WORDS, OTHER_WORDS, PROTOCOL_WORDS } from './words.ts'

/** The tree of an expression; null for one that is empty, which takes every frame. Throws {@link FilterError}. */
export function parseFilter(text: string): Expression | null {
  const tokens = new TokenReader(text, readTokens(text))
  if (tokens.peek().type === 'end') return null
  const { expression } = parseExpression(tokens, null)
  const rest = tokens.peek()
  if (rest.type === 'end') return expression
  const { last } = tokens
  // A word that is misspelt was taken for the name of a host or a port.
  if (last.type === 'name')
    throw tokens.error(`${describe(last)} is no word of filters, and as a name it ends here`, last)
  throw tokens.error(unexpected(rest), rest)
}

interface Parsed {
  readonly expression: Expression
  /** What a value that follows inherits. */
  readonly qualifiers: Qualifiers | null
}

function parseExpression(tokens: TokenReader, inherited: Qualifiers | null): Parsed {
  let { expression, qualifiers } = parseTerm(tokens, inherited, false)
  for (;;) {
    const word = tokens.peek()
    if (!isWord(word, 'and') && !isWord(word, 'or')) return { expression, qualifiers }
    tokens.next()
    const right = parseTerm(tokens, qualifiers, true)
    expression = { type: word.text as 'and' | 'or', left: expression, right: right.expression }
    qualifiers = right.qualifiers
  }
}

/** `mayInherit`: it may be a value alone. */
function parseTerm(tokens: TokenReader, inherited: Qualifiers | null, mayInherit: boolean): Parsed {
  const token = tokens.peek()
  if (isWord(token, 'not')) {
    tokens.next()
    const { expression, qualifiers } = tokens.deeper(() => parseTerm(tokens, inherited, mayInherit))
    return { expression: { type: 'not', operand: expression }, qualifiers }
  }
  if (token.type === 'sign' && token.text === '(') return parseParenthesis(tokens, inherited, mayInherit)
  if (token.type === 'number') {
    const relation = tokens.attempt(() => parseRelation(tokens))
    if (relation !== null) return { expression: relation, qualifiers: null }
  }
  if (isValue(token)) {
    if (!mayInherit || inherited === null) throw tokens.error(bare(token), token)
    return { expression: parseId(tokens, inherited), qualifiers: inherited }
  }
  return parsePrimitive(tokens)
}

/** Calculation, an expression, or values that share what they inherit. */
function parseParenthesis(tokens: TokenReader, inherited: Qualifiers | null, mayInherit: boolean): Parsed {
  const relation = tokens.attempt(() => parseRelation(tokens))
  if (relation !== null) return { expression: relation, qualifiers: null }
  if (mayInherit && inherited !== null) {
    const values = tokens.attempt(() => tokens.deeper(() => parseId(tokens, inherited)))
    if (values !== null) return { expression: values, qualifiers: inherited }
  }
  const open = tokens.next()
  const { expression } = tokens.deeper(() => parseExpression(tokens, inherited))
  tokens.close(open, ')')
  return { expression, qualifiers: inherited }
}

/** A value, `not` a value, or several in parentheses: `(80 or 443)`. */
function parseId(tokens: TokenReader, qualifiers: Qualifiers): Expression {
  const token = tokens.peek()
  if (isWord(token, 'not')) {
    tokens.next()
    return { type: 'not', operand: tokens.deeper(() => parseId(tokens, qualifiers)) }
  }
  if (token.type !== 'sign' || token.text !== '(') return parseValue(tokens, qualifiers)
  tokens.next()
  const first = tokens.peek()
  let expression = tokens.deeper(() => parseId(tokens, qualifiers))
  let several = false
  for (;;) {
    const word = tokens.peek()
    if (!isWord(word, 'and') && !isWord(word, 'or')) break
    tokens.next()
    several = true
    const right = tokens.deeper(() => parseId(tokens, qualifiers))
    expression = { type: word.text as 'and' | 'or', left: expression, right }
  }
  tokens.close(token, ')')
  // libpcap's grammar has a second pair of parentheses around numbers only.
  if (first.type === 'sign' && !isNumber(expression))
    throw tokens.error(several ? unexpected(first) : unexpected(first), first)
  return expression
}

function isNumber(expression: Expression): boolean {
  return expression.type === 'match' && expression.value.type === 'number'
}

function parseValue(tokens: TokenReader, qualifiers: Qualifiers): Primitive {
  const token = tokens.next()
  const value = readValue(tokens, token)
  if (value === null) throw tokens.error(`${describe(token)} stands where ${wanted(qualifiers)} should`, token)
  return { type: 'match', qualifiers, value, place: { start: token.start, end: tokens.last.end } }
}

function readValue(tokens: TokenReader, token: Token): Value | null {
  switch (token.type) {
    case 'number':
      return { type: 'number', number: token.number }
    case 'name':
      return { type: 'name', text: token.text }
    case 'mac':
      return { type: 'mac', bytes: readMac(token.text) }
    case 'ipv6': {
      const prefix = readPrefix(tokens)
      return { type: 'ipv6', text: token.text, ...(prefix !== null && { prefix }) }
    }
    case 'ipv4': {
      if (isWord(tokens.peek(), 'mask')) {
        tokens.next()
        const mask = tokens.next()
        if (mask.type !== 'ipv4') throw tokens.error(`${describe(mask)} stands where a mask should`, mask)
        return { type: 'ipv4', text: token.text, mask: mask.text }
      }
      const prefix = readPrefix(tokens)
      return { type: 'ipv4', text: token.text, ...(prefix !== null && { prefix }) }
    }
    default:
      return null
  }
}

function readPrefix(tokens: TokenReader): number | null {
  if (!tokens.takeSign('/')) return null
  const prefix = tokens.next()
  if (prefix.type !== 'number')
    throw tokens.error(`${describe(prefix)} stands where the length of a prefix should`, prefix)
  return prefix.number
}

function parsePrimitive(tokens: TokenReader): Parsed {
  const token = tokens.peek()
  if (token.type === 'sign' && token.text === '-') return { expression: parseRelation(tokens), qualifiers: null }
  if (token.type !== 'word') throw tokens.error(unexpected(token), token)
  const protocol = Object.hasOwn(PROTOCOL_WORDS, token.text) ? PROTOCOL_WORDS[token.text]! : null
  if (protocol !== null) tokens.next()
  const place = (): Place => ({ start: token.start, end: tokens.last.end })
  const qualifiers = parseQualifiers(tokens, protocol)
  if (qualifiers !== null) {
    const expression = parseId(tokens, qualifiers)
    // An error of a single value is shown with its qualifiers.
    const shown = expression.type === 'match' ? { ...expression, place: place() } : expression
    return { expression: shown, qualifiers }
  }
  const word = tokens.peek()
  if (isWord(word, 'broadcast') || isWord(word, 'multicast')) {
    tokens.next()
    return alone({ type: word.text as 'broadcast' | 'multicast', protocol, place: place() })
  }
  if (isWord(word, 'type') || isWord(word, 'subtype') || isWord(word, 'dir')) return alone(parseWlan(tokens))
  if (protocol !== null) {
    if (word.type === 'sign' && word.text === '[') {
      tokens.back(token)
      return alone(parseRelation(tokens))
    }
    return alone({ type: 'protocol', protocol, place: place() })
  }
  return alone(parseWord(tokens))
}

function alone(expression: Primitive): Parsed {
  return { expression, qualifiers: null }
}

/** Direction and kind, either of which may be left out, but not both. */
function parseQualifiers(tokens: TokenReader, protocol: Qualifiers['protocol']): Qualifiers | null {
  let direction: Qualifiers['direction'] = null
  const first = tokens.peek()
  if (first.type === 'word' && Object.hasOwn(DIRECTION_WORDS, first.text)) {
    tokens.next()
    direction = DIRECTION_WORDS[first.text]!
    const joint = tokens.peek()
    const second = tokens.peek(1)
    const other = direction === 'src' ? 'dst' : 'src'
    if ((direction === 'src' || direction === 'dst') && isWord(second, other)) {
      if (isWord(joint, 'or')) direction = 'src or dst'
      else if (isWord(joint, 'and')) direction = 'src and dst'
      if (direction.length > 3) {
        tokens.next()
        tokens.next()
      }
    }
  }
  const word = tokens.peek()
  if (word.type === 'word' && Object.hasOwn(KIND_WORDS, word.text)) {
    const kind = KIND_WORDS[word.text]!
    if (direction === null || (kind !== 'proto' && kind !== 'protochain' && kind !== 'gateway')) {
      tokens.next()
      return { protocol, direction, kind }
    }
  }
  return direction === null ? null : { protocol, direction, kind: null }
}

/** A primitive that begins with none of the words for a protocol, a direction or a kind. */
function parseWord(tokens: TokenReader): Primitive {
  const token = tokens.next()
  const { text } = token
  const place = (): Place => ({ start: token.start, end: tokens.last.end })
  switch (text) {
    case 'less':
    case 'greater':
      return { type: text, length: tokens.number('a length'), place: place() }
    case 'len':
      tokens.back(token)
      return parseRelation(tokens)
    case 'inbound':
    case 'outbound':
    case 'pppoed':
      return { type: text, place: place() }
    case 'ifindex':
      return { type: text, number: tokens.number('the index of an interface'), place: place() }
    case 'vlan':
    case 'mpls':
    case 'pppoes':
      return { type: text, number: tokens.attempt(() => parseNumber(tokens)), place: place() }
    case 'byte':
      return parseByte(tokens, token)
    case 'llc':
      return parseLlc(tokens, token)
  }
  if (OTHER_WORDS.includes(text)) throw tokens.error(`netkit's filters do not have '${text}'`, token)
  throw tokens.error(unexpected(token), token)
}

/** A number in any number of parentheses. */
function parseNumber(tokens: TokenReader): number {
  const start = tokens.peek()
  const tree = parseArithmetic(tokens, Number.POSITIVE_INFINITY)
  if (tree.type !== 'constant') throw tokens.error(unexpected(start), start)
  return tree.number
}

function parseByte(tokens: TokenReader, start: Token): Primitive {
  const index = tokens.number('an offset')
  const operator = tokens.next()
  const { text } = operator
  if (operator.type !== 'sign' || !'=<>&|'.includes(text))
    throw tokens.error(`${describe(operator)} stands where =, < or > should`, operator)
  const number = tokens.number('a number')
  const place = { start: start.start, end: tokens.last.end }
  // libpcap 1.10 forgets to load the byte here, so that there is no meaning to keep.
  if (text === '&' || text === '|')
    throw tokens.error(`'byte' with ${text}: write link[${index}] ${text} ${number} != 0`, place)
  return { type: 'byte', index, operator: text as '=' | '<' | '>', number, place }
}

function isValue({ type }: Token): boolean {
  return (
    type === 'number' || type === 'name' || type === 'ipv4' || type === 'ipv6' || type === 'mac' || type === 'arcnet'
  )
}

function bare(token: Token): string {
  const say =
    token.type === 'ipv4' || token.type === 'ipv6'
      ? `say host ${token.text} or net ${token.text}`
      : 'say host, net, port or proto before it'
  return `what ${token.text} is, nothing says: ${say}`
}

function unexpected(token: Token): string {
  return token.type === 'end' ? 'the filter ends too soon' : `${describe(token)} does not belong here`
}

function describe({ type, text }: Token): string {
  return type === 'end' ? 'the end' : `'${text}'`
}

function wanted({ kind }: Qualifiers): string {
  if (kind === 'port' || kind === 'portrange') return `a ${kind === 'port' ? 'port' : 'range of ports'}`
  if (kind === 'proto' || kind === 'protochain')
    return 'the number or name of a protocol (names that are words: \\tcp, \\udp)'
  return 'an address'
}
