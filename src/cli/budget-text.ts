/** A broken budget → one line for stderr: `budget broken: total.p95 = 23.40 Mbit/s, not < 20 Mbit/s`. */
import type { Analysis } from '../engine/records.ts'
import { formatExtra } from '../loggers/extra-text.ts'
import { createKeyText } from '../loggers/key-text.ts'
import { formatCount } from '../loggers/units.ts'
import type { BrokenBudget } from '../pipeline/budgets.ts'

export function createBudgetText(analysis: Analysis): (broken: BrokenBudget) => string {
  const keyText = createKeyText(analysis)
  return ({ budget, value, row, rows }) => {
    const { name, subject, operator, limitText, kind } = budget
    const whose = row === null ? '' : `: ${keyText(row.key)}`
    const actual = value === null ? ' is not known' : ` = ${formatExtra(value, kind, 'auto')}`
    const missing = row === null && subject !== 'total' ? ' (no such row)' : ''
    const others = rows > 1 ? `; ${formatCount(rows - 1, 'other row')} too` : ''
    return `budget broken: ${name}${whose}${actual}${missing}, not ${operator} ${limitText}${others}`
  }
}
