/** The curve as a table of numbers, for whoever does not see it: neighbours added up until it can be read. */
import { formatClock, formatDate } from '../loggers/time-text.ts'
import { formatRate } from '../loggers/units.ts'
import type { ReportData } from '../report/report-data.ts'
import { type TimeChoice, timesOf } from '../report/select-time.ts'
import type { Layer } from '../report/stack.ts'
import { shortValue } from './charts.ts'
import { el } from './dom.ts'
import { decimalsOf, durationWords, fullText } from './words.ts'

const MOST_ROWS = 60

export interface PointsTable {
  readonly data: ReportData
  readonly layers: readonly Layer[]
  readonly names: readonly string[]
  readonly range: TimeChoice
  readonly isRate: boolean
}

export function pointsTable({ data, layers, names, range, isRate }: PointsTable): HTMLElement {
  const time = data.time!
  const { start, end } = range ?? { start: 0, end: time.buckets }
  const together = Math.ceil((end - start) / MOST_ROWS)
  const stepNs = BigInt(time.step_ns) * BigInt(together)
  const decimals = decimalsOf(stepNs)
  const rows: HTMLElement[] = []
  for (let at = start; at < end; at += together) {
    const last = Math.min(end, at + together)
    const { startNs } = timesOf(data, { start: at, end: last })
    const seconds = (Number(time.step_ns) / 1e9) * (last - at)
    const rates = layers.map((layer) => {
      let sum = 0
      for (let i = at; i < last; i++) sum += isRate ? 8 * layer.bytes[i]! : layer.packets[i]!
      return sum / seconds
    })
    const cells = [rates.reduce((sum, rate) => sum + rate, 0), ...rates]
    const text = (rate: number) => (isRate ? formatRate(rate, data.units) : shortValue(rate, data.units, false))
    rows.push(
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, `${formatDate(startNs!)} ${formatClock(startNs!, decimals)}`),
        ...cells.map((rate) => el('td', { class: 'number' }, text(rate))),
      ),
    )
  }
  const heads = ['Total', ...names].map((name) =>
    el('th', { scope: 'col', class: 'number', title: fullText(name) }, name),
  )
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'The curve as a table' },
    el(
      'table',
      {},
      el('caption', {}, `Mean rates of ${durationWords(stepNs)} each, from the time on (UTC)`),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Time'), ...heads)),
      el('tbody', {}, ...rows),
    ),
  )
}
