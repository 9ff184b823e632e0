/** The section of the curve: plots, their key, what is stacked, and the same as a table. */
import type { KeyValue } from '../engine/records.ts'
import { createKeyText } from '../loggers/key-text.ts'
import { formatRate } from '../loggers/units.ts'
import { type LoadedReport, type LoadedTable, timesOf } from '../report/select-time.ts'
import type { BucketRange } from '../report/series.ts'
import { countsTwice, type Layer, stackLayers } from '../report/stack.ts'
import { type Charts, createCharts, shortValue } from './charts.ts'
import { colourOf, OTHER_COLOUR, STACK_COLOURS } from './colours.ts'
import { el } from './dom.ts'
import { pointsTable } from './points-table.ts'
import { rangeForKey } from './range-keys.ts'
import type { State } from './state.ts'
import { TimeAxis } from './time-axis.ts'
import { analysisOf, decimalsOf, isHealth, spanWords, tableNouns } from './words.ts'

/** What keys do on the curve, for a finger. */
const STEPS = [
  ['ArrowLeft', '←', 'Earlier'],
  ['ArrowRight', '→', 'Later'],
  ['+', '+', 'Shorter time'],
  ['-', '−', 'Longer time'],
] as const
/** What fits on A4 and on Letter, upright. */
const PAPER_WIDTH = 680

export function createTimeline(
  report: LoadedReport,
  state: State,
): { element: HTMLElement; start(): void; redraw(): void } {
  const { data, tables } = report
  const { time } = data
  if (time === null) {
    const nothing = el('p', { class: 'note' }, 'No frame has a time, so there is nothing to draw over it.')
    return { element: el('section', {}, el('h2', {}, 'Rate over time'), nothing), start() {}, redraw() {} }
  }
  const { buckets } = time
  const stepNs = BigInt(time.step_ns)
  const decimals = decimalsOf(stepNs)
  const axis = new TimeAxis(time)
  const detail = el('div', { class: 'detail' })
  const overview = el('div', { class: 'overview' })
  const legend = el('ul', { class: 'legend' })
  const moment = el('p', { class: 'moment' })
  const points = el('details', { class: 'points' }, el('summary', {}, 'The curve as a table'))
  let charts: Charts | null = null
  let layers: Layer[] = []
  let names: string[] = []
  let hovered: number | null = null

  const plots = el(
    'div',
    {
      class: 'plots',
      tabindex: '0',
      role: 'group',
      'aria-label': 'Rate over time',
      'aria-describedby': 'plots-hint',
      onkeydown: (event: KeyboardEvent) => onKey(event),
    },
    detail,
    overview,
  )
  const stackedBy = el(
    'select',
    { onchange: () => state.choose({ stackedBy: stackedBy.selectedIndex }) },
    // That of TCP health, which is the last, has the rows of another.
    ...tables.filter((table) => !isHealth(table)).map((table) => el('option', {}, tableNouns(table))),
  )
  const measure = el(
    'select',
    { onchange: () => state.choose({ measure: measure.selectedIndex === 0 ? 'bytes' : 'packets' }) },
    el('option', {}, 'bits'),
    el('option', {}, 'packets'),
  )
  const element = el(
    'section',
    { class: 'timeline', id: 'rate' },
    el(
      'div',
      { class: 'heading' },
      el('h2', {}, 'Rate over time'),
      el(
        'div',
        { class: 'controls' },
        el('div', { class: 'steps', role: 'group', 'aria-label': 'Time' }, ...STEPS.map(stepButton)),
        el('label', {}, 'Stacked by ', stackedBy),
        el('label', {}, 'in ', measure),
      ),
    ),
    plots,
    moment,
    legend,
    el(
      'p',
      { class: 'note', id: 'plots-hint' },
      'Draw over the curve to choose a time: every table follows. On the keyboard, arrows move the time, + and - change its length, Esc shows all.',
    ),
    points,
  )

  function stepButton([key, sign, label]: (typeof STEPS)[number]): HTMLElement {
    const onclick = () => state.choose({ range: rangeForKey(key, state.choices.range, buckets) ?? null })
    return el('button', { type: 'button', class: 'step', title: label, 'aria-label': label, onclick }, sign)
  }

  function onKey(event: KeyboardEvent): void {
    const range = rangeForKey(event.key, state.choices.range, buckets)
    if (range === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    state.choose({ range })
  }

  const perSecond = (layer: Layer, i: number): number =>
    (state.choices.measure === 'bytes' ? 8 * layer.bytes[i]! : layer.packets[i]!) / axis.stepSeconds

  function showStack(table: LoadedTable): void {
    const keyText = createKeyText(analysisOf(data, table))
    layers = stackLayers(report, table, STACK_COLOURS.length)
    names = layers.map(({ row }) =>
      row === null ? `all other ${tableNouns(table)}` : keyText(withoutLabels(row.key, table.columns)),
    )
    const values = layers.map((layer) => Array.from({ length: buckets }, (_, i) => perSecond(layer, i)))
    charts?.setLayers(values, layers.at(-1)?.row === null)
    legend.replaceChildren(
      ...layers.map(({ row }, i) => {
        const swatch = el('span', { class: 'swatch' })
        swatch.style.background = row === null ? OTHER_COLOUR : colourOf(i)
        return el(
          'li',
          {},
          swatch,
          el('span', { class: 'name', title: names[i] }, names[i]!),
          el('span', { class: 'value' }),
        )
      }),
    )
  }

  /** Of the bucket under the pointer, or the mean over the chosen time. */
  function showValues(): void {
    const { range, measure: chosen, stackedBy: place } = state.choices
    const span: BucketRange =
      hovered === null ? (range ?? { start: 0, end: buckets }) : { start: hovered, end: hovered + 1 }
    const table = tables[place]!
    const each = countsTwice(table) ? ', by what each sent' : ''
    const words = spanWords(timesOf(data, span), decimals)
    moment.textContent = `${hovered === null ? 'Mean of ' : ''}${words}${each}`
    for (const [i, item] of [...legend.children].entries()) {
      let sum = 0
      for (let bucket = span.start; bucket < span.end; bucket++) sum += perSecond(layers[i]!, bucket)
      const mean = sum / (span.end - span.start)
      const text = chosen === 'bytes' ? formatRate(mean, data.units) : shortValue(mean, data.units, false)
      item.lastElementChild!.textContent = text
    }
  }

  function showPoints(): void {
    if (!points.open) return
    points.replaceChildren(
      points.firstElementChild!,
      pointsTable({ data, layers, names, range: state.choices.range, isRate: state.choices.measure === 'bytes' }),
    )
  }
  points.addEventListener('toggle', showPoints)

  return {
    element,
    /** Once the element is on the page, and has a width. */
    start() {
      charts = createCharts({
        axis,
        detail,
        overview,
        units: data.units,
        isRate: () => state.choices.measure === 'bytes',
        onRange: (range) => state.choose({ range }),
        onPoint(bucket) {
          if (bucket === hovered) return
          hovered = bucket
          showValues()
        },
      })
      // Paper is laid out when it is too late to measure it.
      addEventListener('beforeprint', () => charts!.setWidth(PAPER_WIDTH))
      addEventListener('afterprint', () => charts!.setWidth(null))
      let drawn = ''
      state.onChange(({ range, stackedBy: place, measure: chosen }) => {
        const wanted = `${place} ${chosen}`
        if (drawn !== wanted) showStack(tables[place]!)
        drawn = wanted
        charts!.setRange(range)
        showValues()
        showPoints()
      })
    },
    redraw: () => charts?.redraw(),
  }
}

/** Names that somebody told are worth the room; kinds of addresses are not. */
function withoutLabels(key: readonly KeyValue[], columns: LoadedTable['columns']): readonly KeyValue[] {
  return key.map((value, i) => (columns[i]!.endsWith('_name') && key[i + 1] === null ? null : value))
}
