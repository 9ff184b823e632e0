/**
 * The text of `--assert` → a budget.
 *
 *     budget   = subject "." metric operator value
 *     subject  = "total" | "every" | test { "," test }        test = key column "(" value ")"
 *     operator = "<" | "<=" | ">" | ">=" | "==" | "!="
 *     value    = rate in bit/s | bytes | number | percentage | time, as the metric is
 *
 * Blanks are allowed around the operator. What is wrong is said with the number of the character, from 1.
 */
import { findMeasure } from '../engine/measures.ts'
import type { ExtraColumn, KeyColumn } from '../engine/records.ts'
import { type Budget, type KeyTest, OPERATORS } from '../pipeline/budgets.ts'
import { parseBitRate } from './parse-bit-rate.ts'
import { parseBytes } from './parse-bytes.ts'
import { parseDuration } from './parse-duration.ts'

export interface BudgetWords {
  /** Key columns of rows. */
  readonly keys: readonly KeyColumn[]
  /** Metrics beside rate, bytes and packets. */
  readonly extras: readonly ExtraColumn[]
}

type Kind = ExtraColumn['kind']

const COUNT_METRICS: readonly ExtraColumn[] = [
  { name: 'rate', title: 'rate', kind: 'rate' },
  { name: 'bytes', title: 'bytes', kind: 'bytes' },
  { name: 'packets', title: 'packets', kind: 'count' },
]

const TESTS = /^[a-z_]+\([^)]*\)(?:,[a-z_]+\([^)]*\))*(?=\.|$)/
const TEST = /([a-z_]+)\(([^)]*)\)/g
const NUMBER = /^\d{1,15}(?:\.\d{1,9})?$/

/** Throws an Error that points at the place. */
export function parseBudget(text: string, { keys, extras }: BudgetWords): Budget {
  const fail = (at: number, message: string): never => {
    throw new Error(`'${text}', character ${at + 1}: ${message}`)
  }
  const start = text.length - text.trimStart().length
  const word = TESTS.exec(text.slice(start))?.[0] ?? /^[^.<>=!\s]*/.exec(text.slice(start))![0]
  const subject = readSubject(word, start, keys, fail)
  const dot = start + word.length
  if (text[dot] !== '.') fail(dot, `a '.' and a metric are missing, as in ${word}.rate`)
  const metric = /^[a-z0-9_]*/i.exec(text.slice(dot + 1))![0]
  const metrics = [...COUNT_METRICS, ...extras.filter(({ kind }) => kind !== 'text')]
  const column = metrics[findMeasure(metrics, metric)]
  if (column === undefined) {
    const known = metrics.map(({ title }) => title).join(', ')
    return fail(dot + 1, metric === '' ? `a metric is missing: ${known}` : `no metric '${metric}'; there are ${known}`)
  }
  const behind = dot + 1 + metric.length
  const at = behind + text.slice(behind).length - text.slice(behind).trimStart().length
  const operator = OPERATORS.find((sign) => text.startsWith(sign, at))
  if (operator === undefined) return fail(at, `an operator is missing: ${[...OPERATORS].join(' ')}`)
  const rest = text.slice(at + operator.length)
  const limitText = rest.trim()
  const valueAt = at + operator.length + rest.length - rest.trimStart().length
  if (limitText === '') fail(valueAt, `a value is missing, as in ${EXAMPLES[column.kind]}`)
  let limit = 0
  try {
    limit = parseLimit(limitText, column.kind)
  } catch (error) {
    fail(valueAt, (error as Error).message)
  }
  return { subject, metric, kind: column.kind, operator, limit, name: `${word}.${metric}`, limitText }
}

type Fail = (at: number, message: string) => never

function readSubject(word: string, start: number, keys: readonly KeyColumn[], fail: Fail): Budget['subject'] {
  if (word === 'total' || word === 'every') return word
  if (!TESTS.test(word)) {
    const example = `${keys[0] ?? 'host'}(…)`
    return fail(start, `'${word}' is not total, every, or a row such as ${example}`)
  }
  return [...word.matchAll(TEST)].map((match): KeyTest => {
    const [, name, value] = match
    const column = keys.find((key) => key === name)
    if (column !== undefined) return { column, value: value!.trim() }
    return fail(start + match.index, `rows have no ${name}; they have ${keys.join(', ')}, and --by gives them others`)
  })
}

const EXAMPLES: Readonly<Record<Kind, string>> = {
  rate: '20Mbit/s',
  bytes: '100MB',
  count: '1000',
  share: '5%',
  milliseconds: '20ms',
  text: '',
}

/** In the unit of the metric's kind: bit/s, bytes, milliseconds, a share from 0 to 1. */
function parseLimit(text: string, kind: Kind): number {
  switch (kind) {
    case 'rate':
      // A rate that somebody sets is more than zero; one that is measured may well be zero.
      return isZero(text) ? 0 : parseBitRate(text)
    case 'bytes':
      return parseBytes(text)
    case 'share':
      if (!text.endsWith('%') || !NUMBER.test(text.slice(0, -1).trim())) {
        throw new Error(`'${text}' is not a percentage; write it like ${EXAMPLES.share}`)
      }
      return Number(text.slice(0, -1)) / 100
    case 'milliseconds':
      if (NUMBER.test(text) && !isZero(text)) throw new Error(`'${text}' has no unit; write it like ${EXAMPLES[kind]}`)
      return isZero(text) ? 0 : Number(parseDuration(text)) / 1e6
    default:
      if (!NUMBER.test(text)) throw new Error(`'${text}' is not a number`)
      return Number(text)
  }
}

function isZero(text: string): boolean {
  return /^0+(?:\.0+)?$/.test(text)
}
