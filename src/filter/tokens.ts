/**
 * The text of a filter to tokens, as libpcap's scanner.l cuts it: the longest match counts, and of several the one that comes
 * first there. So `80-90` is one name, `1.2` is an address and `10.0.0.1.2` is a name.
 */
import { FilterError, type Place } from './filter-error.ts'
import { DIRECTION_WORDS, KIND_WORDS, NUMBERS, OTHER_WORDS, PLAIN_WORDS, PROTOCOL_WORDS, SYNONYMS } from './words.ts'

export type TokenType = 'word' | 'sign' | 'number' | 'name' | 'ipv4' | 'ipv6' | 'mac' | 'arcnet' | 'end'

export interface Token extends Place {
  readonly type: TokenType
  /** Of a word or sign the one way of several to say it; of a name what it names. */
  readonly text: string
  /** Of a number, 0 to 2^32 - 1. */
  readonly number: number
}

/** The parser's depth, and the memory of a program, follow from it. libpcap's programs end at 4096 instructions. */
const MOST_TOKENS = 8192

const SPACE = /[ \r\n\t]+/y
const SIGN = />=|<=|!=|==|<<|>>|&&|\|\||[+\-*/%:[\]!<>()&|^=]/y
const ARCNET = /\$[0-9A-Fa-f]{1,2}/y
const MAC =
  /[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5}|[0-9A-Fa-f]{1,2}(?:-[0-9A-Fa-f]{1,2}){5}|[0-9A-Fa-f]{1,2}(?:\.[0-9A-Fa-f]{1,2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}|[0-9A-Fa-f]{12}/y
const NUMBER = /0[xX][0-9A-Fa-f]+|[0-9]+/y
const IPV4 = /(?:0[xX][0-9A-Fa-f]+|[0-9]+)(?:\.(?:0[xX][0-9A-Fa-f]+|[0-9]+)){1,3}/y
const COLONS = /[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:[0-9A-Fa-f.xX]*[0-9A-Fa-f])?/y
const BROKEN_MAC = /[0-9A-Fa-f]{1,2}:+(?:[0-9A-Fa-f]{1,2}:+)+/y
const NAME = /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y
const ESCAPED = /\\[^ !()\n\t]+/y

const WORDS: ReadonlySet<string> = new Set([
  ...Object.keys(PROTOCOL_WORDS),
  ...Object.keys(KIND_WORDS),
  ...Object.keys(DIRECTION_WORDS),
  ...PLAIN_WORDS,
  ...OTHER_WORDS,
])

/** The tokens of an expression, the last of which is its end. Throws FilterError. */
export function readTokens(expression: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; ; ) {
    at += lengthOf(SPACE, expression, at)
    if (at === expression.length) break
    const token = readToken(expression, at)
    if (tokens.length === MOST_TOKENS) throw new FilterError('the filter is too long', expression, token)
    tokens.push(token)
    at = token.end
  }
  const end = expression.length
  return [...tokens, { type: 'end', text: '', number: 0, start: end, end: end + 1 }]
}

function readToken(expression: string, start: number): Token {
  /** In scanner.l's order, which is what counts between two of one length. */
  const candidates: readonly (readonly [TokenType | 'escaped' | 'broken', number])[] = [
    ['sign', lengthOf(SIGN, expression, start)],
    ['arcnet', lengthOf(ARCNET, expression, start)],
    ['mac', lengthOf(MAC, expression, start)],
    ['number', lengthOf(NUMBER, expression, start)],
    ['ipv4', lengthOf(IPV4, expression, start)],
    ['ipv6', lengthOfIpv6(expression, start)],
    ['broken', lengthOf(BROKEN_MAC, expression, start)],
    ['name', lengthOf(NAME, expression, start)],
    ['escaped', lengthOf(ESCAPED, expression, start)],
  ]
  let [type, length] = candidates[0]!
  for (const candidate of candidates) if (candidate[1] > length) [type, length] = candidate
  const end = start + length
  const text = expression.slice(start, end)
  const fail = (reason: string, to = end): never => {
    throw new FilterError(reason, expression, { start, end: to })
  }
  const token = { start, end, text, number: 0 }
  if (length === 0) return fail('no filter has this character', start + 1)
  if (type === 'broken') return fail(`'${text}' is not an Ethernet address`)
  if (type === 'escaped') return { ...token, type: 'name', text: text.slice(1) }
  if (type === 'number') return { ...token, type, number: readNumber(text, fail) }
  if (type === 'sign')
    return { ...token, type: text === '&&' || text === '||' || text === '!' ? 'word' : type, text: one(text) }
  if (type !== 'name') return { ...token, type }
  if (Object.hasOwn(NUMBERS, text)) return { ...token, type: 'number', number: NUMBERS[text]! }
  return WORDS.has(text) ? { ...token, type: 'word', text: one(text) } : { ...token, type }
}

function one(text: string): string {
  return Object.hasOwn(SYNONYMS, text) ? SYNONYMS[text]! : text
}

/** Decimal, hexadecimal after 0x, octal after 0. */
function readNumber(text: string, fail: (reason: string) => never): number {
  const isOctal = /^0\d/.test(text)
  if (isOctal && /[89]/.test(text)) fail(`'${text}' begins with 0, so it is octal, which has no 8 and 9`)
  const number = isOctal ? Number.parseInt(text, 8) : Number(text)
  return number > 0xffffffff ? fail(`'${text}' is more than 32 bits hold`) : number
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

const GROUP = '[0-9A-Fa-f]{1,4}'
const TAIL = '(?:0[xX][0-9A-Fa-f]+|[0-9]+)(?:\\.(?:0[xX][0-9A-Fa-f]+|[0-9]+)){3}'
const WHOLE_IPV6 = new RegExp(`^${GROUP}(?::${GROUP}){7}$|^${GROUP}(?::${GROUP}){5}:${TAIL}$`)
const SHORT_IPV6 = new RegExp(`^((?:${GROUP}(?::${GROUP})*)?)::((?:${GROUP}(?::${GROUP})*)?:?(?:${TAIL})?)$`)
/** Longer text is no address, and is not looked at. */
const MOST_IPV6 = 100

function lengthOfIpv6(text: string, at: number): number {
  for (let length = Math.min(MOST_IPV6, lengthOf(COLONS, text, at)); length > 1; length--) {
    if (isIpv6(text.slice(at, at + length))) return length
  }
  return 0
}

function isIpv6(text: string): boolean {
  if (WHOLE_IPV6.test(text)) return true
  const [, before, after] = SHORT_IPV6.exec(text) ?? []
  if (before === undefined || after === undefined) return false
  if (after.startsWith(':') || after.endsWith(':') || /[0-9A-Fa-f]{5}/.test(after.replace(/:?[^:]*\..*$/, '')))
    return false
  const groups = [...before.split(':'), ...after.split(':')].filter((group) => group !== '')
  const tail = groups.some((group) => group.includes('.')) ? 1 : 0
  return groups.length + tail <= 7
}
