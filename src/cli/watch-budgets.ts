/** Budgets and the span over the whole capture → lines for stderr, one for each that is broken. */
import type { Analysis } from '../engine/records.ts'
import { shapeColumns } from '../engine/shape-columns.ts'
import type { AnalyzeOptions } from '../pipeline/analyze.ts'
import { type Budget, brokenBudgets } from '../pipeline/budgets.ts'
import { createBudgetText } from './budget-text.ts'

export interface WatchedBudgets {
  readonly onWhole: NonNullable<AnalyzeOptions['onWhole']>
  /** None until the span came. */
  readonly broken: readonly string[]
}

/** `options.extras` are the columns that the engine makes: what is added behind it is no number. */
export function watchBudgets(
  budgets: readonly Budget[],
  analysis: Analysis,
  { shape, extras = [] }: Pick<AnalyzeOptions, 'shape' | 'extras'>,
): WatchedBudgets {
  const broken: string[] = []
  const shown = analysis.windowNs === null
  const columns = { keys: analysis.columns, extras: shown || shape === undefined ? extras : shapeColumns(shape) }
  const text = createBudgetText(analysis)
  return {
    broken,
    onWhole: {
      rows: budgets.every(({ subject }) => subject === 'total') ? 'none' : 'all',
      take: (whole) => broken.push(...brokenBudgets(budgets, whole, columns).map(text)),
    },
  }
}
