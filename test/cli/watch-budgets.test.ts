import { expect, test } from 'vitest'
import { parseBudget } from '../../src/cli/parse-budget.ts'
import { watchBudgets } from '../../src/cli/watch-budgets.ts'
import { shapeColumns } from '../../src/engine/shape-columns.ts'
import { analysis, counts, ROWS, SECOND, span } from '../loggers/records.ts'

const shape = { windowNs: SECOND, burstNs: null, link: null }
const extras = shapeColumns(shape)
const rows = ROWS.map((row) => ({ ...row, extras: [0, 1, 2, 3, row.bitsPerSecond!, 5] }))
const whole = span({ rows, total: counts(5, 2500), totalExtras: [0, 1, 2, 3, 23.4e6, null] })

function linesOf(budgets: readonly string[], windowNs: bigint | null): readonly string[] {
  const about = analysis({ windowNs })
  const parsed = budgets.map((text) => parseBudget(text, { keys: about.columns, extras }))
  // With windows the rows that are shown have no such columns.
  const { onWhole, broken } = watchBudgets(parsed, about, { shape, ...(windowNs === null && { extras }) })
  expect(onWhole.rows).toBe(budgets.every((text) => text.startsWith('total')) ? 'none' : 'all')
  expect(broken).toEqual([])
  onWhole.take(whole)
  return broken
}

test.each([[null], [SECOND]])('a line for each that is broken, windows %s', (windowNs) => {
  expect(linesOf(['total.p95 < 20 Mbit/s', 'total.p95 < 24M', 'total.bytes<=2kB', 'total.p99 < 1G'], windowNs)).toEqual(
    [
      'budget broken: total.p95 = 23.40 Mbit/s, not < 20 Mbit/s',
      'budget broken: total.bytes = 2.50 kB, not <= 2kB',
      'budget broken: total.p99 is not known, not < 1G',
    ],
  )
  expect(linesOf(['every.p95 < 1k', 'src(172.21.80.1).rate<1k', 'src(10.9.9.9).packets > 0'], windowNs)).toEqual([
    'budget broken: every.p95: 90.130.70.73 (No-DNS) → 172.21.83.232 (Private Network) (TCP) = 3.67 Mbit/s, not < 1k; 1 other row too',
    'budget broken: src(172.21.80.1).rate: 172.21.80.1 (Private Network) → 224.0.0.251 (Multicast) (UDP) = 1.60 kbit/s, not < 1k',
    'budget broken: src(10.9.9.9).packets = 0 (no such row), not > 0',
  ])
})
