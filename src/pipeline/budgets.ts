/**
 * Budgets and the span over the whole capture → the budgets that are broken, for `--assert`.
 *
 * A budget on rows holds when it holds for each of them. A number that is not known breaks its budget: what nobody measured was
 * not within anything. Rows are passed over that have no such number because it does not apply to them: retransmissions of UDP,
 * a round trip that nobody made.
 */
import { findMeasure } from '../engine/measures.ts'
import { bitsPerSecond } from '../engine/rate.ts'
import type { Counts, ExtraColumn, KeyColumn, Row, SpanRecord } from '../engine/records.ts'

export const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const
export type Operator = (typeof OPERATORS)[number]

/** A value of a key column that rows must have. */
export interface KeyTest {
  readonly column: KeyColumn
  /** Letter case is forgiven. */
  readonly value: string
}

export interface Budget {
  /** `total`: everything, each frame once. `every`: each row. Else the rows that pass all tests; when none does, one of zeros. */
  readonly subject: 'total' | 'every' | readonly KeyTest[]
  /** `rate`, `bytes`, `packets`, or the name of a column. */
  readonly metric: string
  readonly kind: ExtraColumn['kind']
  readonly operator: Operator
  readonly limit: number
  /** As the user wrote them, for messages: `host(10.0.0.1).p95`, `20 Mbit/s`. */
  readonly name: string
  readonly limitText: string
}

export interface BrokenBudget {
  readonly budget: Budget
  /** The value that is furthest off; null when it is not known. */
  readonly value: number | null
  /** The row that has it; null for the total, and for rows that there are not. */
  readonly row: Row | null
  /** How many rows break it. */
  readonly rows: number
}

/** What rows and totals have beside their counts, and what the keys of rows are. */
export interface BudgetColumns {
  readonly keys: readonly KeyColumn[]
  readonly extras: readonly ExtraColumn[]
}

/** In the order of the budgets. */
export function brokenBudgets(budgets: readonly Budget[], whole: SpanRecord, columns: BudgetColumns): BrokenBudget[] {
  return budgets.flatMap((budget) => {
    const broken = budget.subject === 'total' ? judgeTotal(budget, whole, columns) : judgeRows(budget, whole, columns)
    return broken === null ? [] : [broken]
  })
}

function judgeTotal(budget: Budget, whole: SpanRecord, { extras }: BudgetColumns): BrokenBudget | null {
  const { startNs, endNs, total, totalExtras } = whole
  const rate = startNs === null || endNs === null ? null : bitsPerSecond(total.bytes, endNs - startNs)
  const value = numberOf(budget, { ...total, bitsPerSecond: rate, extras: totalExtras }, extras)
  return holds(budget, value) ? null : { budget, value, row: null, rows: 0 }
}

function judgeRows(budget: Budget, whole: SpanRecord, { keys, extras }: BudgetColumns): BrokenBudget | null {
  const tests = budget.subject as 'every' | readonly KeyTest[]
  const rows = tests === 'every' ? whole.rows : whole.rows.filter((row) => passes(row, tests, keys))
  if (rows.length === 0 && tests !== 'every' && budget.kind !== 'milliseconds') {
    return holds(budget, 0) ? null : { budget, value: 0, row: null, rows: 0 }
  }
  let worst: BrokenBudget | null = null
  let broken = 0
  for (const row of rows) {
    const value = numberOf(budget, row, extras)
    if ((value === null && !isOfEvery(budget)) || holds(budget, value)) continue
    broken++
    if (worst === null || isWorse(budget, value, worst.value)) worst = { budget, value, row, rows: 0 }
  }
  return worst === null ? null : { ...worst, rows: broken }
}

/** Every row has it: when it is missing, it is not known. */
function isOfEvery({ kind }: Budget): boolean {
  return kind === 'rate' || kind === 'share'
}

function passes(row: Row, tests: readonly KeyTest[], keys: readonly KeyColumn[]): boolean {
  return tests.every(({ column, value }) => {
    const own = row.key[keys.indexOf(column)] ?? null
    return own !== null && String(own).toLowerCase() === value.toLowerCase()
  })
}

interface Measured extends Counts {
  readonly bitsPerSecond: number | null
  readonly extras?: Row['extras']
}

function numberOf({ metric }: Budget, measured: Measured, extras: readonly ExtraColumn[]): number | null {
  if (metric === 'packets' || metric === 'bytes') return measured[metric]
  if (metric === 'rate') return measured.bitsPerSecond
  const value = measured.extras?.[findMeasure(extras, metric)] ?? null
  return typeof value === 'number' ? value : null
}

function holds({ operator, limit }: Budget, value: number | null): boolean {
  if (value === null) return false
  switch (operator) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '==':
      return value === limit
    case '!=':
      return value !== limit
  }
}

/** Whether a value is further off than another one that breaks the budget too. Of the same, the first stays. */
function isWorse({ limit }: Budget, value: number | null, than: number | null): boolean {
  if (than === null) return value !== null
  return value !== null && Math.abs(value - limit) > Math.abs(than - limit)
}
