/** The section of the curve: plots, their key, what is stacked, and the same as a table. */
import type { KeyValue } from '../engine/records.ts'
import { createKeyText } from '../loggers/key-text.ts'
import { formatRate, type Units } from '../loggers/units.ts'
import type { ReportTime } from '../report/report-data.ts'
import { type LoadedTable, rateIn, timesOf } from '../report/select-time.ts'
import { countsTwice, type Layer, pileUp, stackLayers } from '../report/stack.ts'
import { type Charts, type Curves, createCharts, shortValue } from './charts.ts'
import { LayerColours, OTHER_COLOUR, STACK_COLOURS } from './colours.ts'
import { el } from './dom.ts'
import { morphChildren } from './morph.ts'
import type { Part } from './part.ts'
import { pointsTable } from './points-table.ts'
import { rangeForKey } from './range-keys.ts'
import { type Picture, type State, stacksOf } from './state.ts'
import { TimeAxis } from './time-axis.ts'
import { analysisOf, decimalsOf, fullText, isBeside, spanWords, tableKey, tableNouns } from './words.ts'

/** What keys do on the curve, for a finger. */
const STEPS = [
  ['ArrowLeft', '←', 'Earlier'],
  ['ArrowRight', '→', 'Later'],
  ['+', '+', 'Shorter time'],
  ['-', '−', 'Longer time'],
] as const
/** What fits on A4 and on Letter, upright. */
const PAPER_WIDTH = 680

/** The part, which is empty until `start`: plots need the width of a page. */
export interface Timeline extends Part {
  start(): void
  redraw(): void
}

export function createTimeline(state: State, signal: AbortSignal): Timeline {
  const detail = el('div', { class: 'detail' })
  const overview = el('div', { class: 'overview' })
  const legend = el('ul', { class: 'legend' })
  const moment = el('p', { class: 'moment' })
  const pointsBody = el('div')
  const points = el('details', { class: 'points' }, el('summary', {}, 'The curve as a table'), pointsBody)
  const plots = el(
    'div',
    {
      class: 'plots',
      tabindex: '0',
      role: 'group',
      'aria-label': 'Rate over time',
      'aria-describedby': 'plots-hint',
      onkeydown: (event: KeyboardEvent) => onKey(event),
      onmousedown: () => state.hold(),
    },
    detail,
    overview,
  )
  const stackedBy = el('select', {
    onchange: () => state.choose({ stack: tableKey(stacksOf(state.picture.report)[stackedBy.selectedIndex]!) }),
  })
  const measure = el(
    'select',
    { onchange: () => state.choose({ measure: measure.selectedIndex === 0 ? 'bytes' : 'packets' }) },
    el('option', {}, 'bits'),
    el('option', {}, 'packets'),
  )
  const controls = el(
    'div',
    { class: 'controls' },
    el('div', { class: 'steps', role: 'group', 'aria-label': 'Time' }, ...STEPS.map(stepButton)),
    el('label', {}, 'Stacked by ', stackedBy),
    el('label', {}, 'in ', measure),
  )
  const curve = el(
    'div',
    {},
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
  const nothing = el('p', { class: 'note' }, 'No frame has a time, so there is nothing to draw over it.')
  const heading = el('div', { class: 'heading' }, el('h2', {}, 'Rate over time'), controls)
  const element = el('section', { class: 'timeline', id: 'rate' }, heading, curve, nothing)

  /** By table. */
  const layerColours = new Map<string, LayerColours>()
  let charts: Charts | null = null
  let drawn: Drawn | null = null
  let hovered: number | null = null

  function stepButton([key, sign, label]: (typeof STEPS)[number]): HTMLElement {
    const onclick = () => press(key)
    return el('button', { type: 'button', class: 'step', title: label, 'aria-label': label, onclick }, sign)
  }

  /** Whether the key means something here. */
  function press(key: string): boolean {
    const { report, range } = state.picture
    const chosen = rangeForKey(key, range, report.data.time?.buckets ?? 1)
    if (chosen !== undefined) state.choose({ range: chosen })
    return chosen !== undefined
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (press(event.key)) event.preventDefault()
  }

  function draw(picture: Picture): void {
    const { report, stack, range } = picture
    const { time } = report.data
    curve.hidden = controls.hidden = time === null
    nothing.hidden = time !== null
    if (time === null) return
    const stacks = stacksOf(report)
    morphChildren(
      stackedBy,
      stacks.map((table) => el('option', {}, tableNouns(table))),
    )
    stackedBy.selectedIndex = stacks.indexOf(stack)
    measure.selectedIndex = picture.measure === 'bytes' ? 0 : 1
    if (
      drawn === null ||
      drawn.of.report !== report ||
      drawn.of.stack !== stack ||
      drawn.of.measure !== picture.measure
    )
      drawn = drawnOf(picture, time, coloursOf(tableKey(stack)))
    else drawn = { ...drawn, of: picture }
    charts?.show(drawn.curves, range)
    morphChildren(legend, drawn.names.map(legendItem))
    showValues(drawn)
    showPoints(drawn)
  }

  function coloursOf(table: string): LayerColours {
    const colours = layerColours.get(table) ?? new LayerColours()
    layerColours.set(table, colours)
    return colours
  }

  function legendItem(name: string, i: number): HTMLElement {
    const swatch = el('span', { class: 'swatch' })
    swatch.style.background = drawn!.colours[i]!
    // The value comes from showValues, which the pointer calls too.
    const value = el('span', { class: 'value' }, legend.children[i]?.lastElementChild?.textContent ?? '')
    return el('li', {}, swatch, el('span', { class: 'name', title: fullText(name) }, name), value)
  }

  /** Of the bucket under the pointer, or the mean over the chosen time. */
  function showValues({ of, layers, curves }: Drawn): void {
    const { data } = of.report
    const { axis, isRate } = curves
    const point = hovered === null || hovered >= axis.buckets ? null : hovered
    const range = point === null ? of.range : { start: point, end: point + 1 }
    const { start, end } = range ?? { start: 0, end: axis.buckets }
    const times = timesOf(data, range)
    const rateOf = rateIn(data, range)
    const each = countsTwice(of.stack) ? ', by what each sent' : ''
    const words = spanWords(times, decimalsOf(BigInt(data.time!.step_ns)))
    morphChildren(moment, [`${point === null ? 'Mean of ' : ''}${words}${each}`])
    for (const [i, layer] of layers.entries()) {
      const counts = isRate ? layer.bytes : layer.packets
      let sum = 0
      for (let bucket = start; bucket < end; bucket++) sum += counts[bucket]!
      const text = isRate ? formatRate(rateOf(sum), data.units) : packetRate(rateOf(sum / 8), data.units)
      morphChildren(legend.children[i]!.lastElementChild!, [text])
    }
  }

  function showPoints({ of, layers, names, curves }: Drawn): void {
    if (!points.open) return
    const { report, range } = of
    const table = pointsTable({ data: report.data, layers, names, range, isRate: curves.isRate })
    morphChildren(pointsBody, [table])
  }

  points.addEventListener('toggle', () => drawn && showPoints(drawn))
  for (const name of ['mouseup', 'blur']) addEventListener(name, () => state.release(), { signal })
  // Paper is laid out when it is too late to measure it.
  addEventListener('beforeprint', () => charts?.setWidth(PAPER_WIDTH), { signal })
  addEventListener('afterprint', () => charts?.setWidth(null), { signal })
  signal.addEventListener('abort', () => charts?.destroy())

  return {
    element,
    draw,
    start() {
      charts = createCharts({
        detail,
        overview,
        onRange: (range) => state.choose({ range }),
        onPoint(bucket) {
          if (bucket === hovered) return
          hovered = bucket
          if (drawn !== null) showValues(drawn)
        },
      })
      draw(state.picture)
    },
    redraw: () => charts?.redraw(),
  }
}

/** What the curve shows of a picture. */
interface Drawn {
  readonly of: Picture
  readonly layers: readonly Layer[]
  readonly names: readonly string[]
  readonly colours: readonly string[]
  readonly curves: Curves
}

function drawnOf(picture: Picture, time: ReportTime, layerColours: LayerColours): Drawn {
  const { report, stack } = picture
  const { data } = report
  const axis = new TimeAxis(time)
  const isRate = picture.measure === 'bytes'
  const layers = stackLayers(report, stack, STACK_COLOURS.length)
  const rows = layers.flatMap(({ row }) => (row === null ? [] : [row]))
  const ofRows = layerColours.of(rows.map(({ key }) => identityOf(key, stack.columns)))
  const colours = rows.length === layers.length ? ofRows : [...ofRows, OTHER_COLOUR]
  const keyText = createKeyText(analysisOf(data, stack))
  const values = layers.map((layer) =>
    Float64Array.from({ length: time.buckets }, (_, i) => perSecond(layer, i, axis, isRate)),
  )
  return {
    of: picture,
    layers,
    names: layers.map(({ row }) =>
      row === null ? `all other ${tableNouns(stack)}` : keyText(withoutLabels(row.key, stack.columns)),
    ),
    colours,
    curves: {
      axis,
      piles: pileUp(values, time.buckets),
      colours: colours.toReversed(),
      isRate,
      units: data.units,
    },
  }
}

/** Null over no time at all. */
function packetRate(perSecond: number | null, units: Units): string {
  return perSecond === null ? '-' : shortValue(perSecond, units, false)
}

function perSecond(layer: Layer, bucket: number, { stepSeconds }: TimeAxis, isRate: boolean): number {
  return (isRate ? 8 * layer.bytes[bucket]! : layer.packets[bucket]!) / stepSeconds
}

/** What tells rows of a table apart: names may be told later. */
function identityOf(key: readonly KeyValue[], columns: LoadedTable['columns']): string {
  return JSON.stringify(key.filter((_, i) => !isBeside(columns[i]!)))
}

/** Names that somebody told are worth the room; kinds of addresses are not. */
function withoutLabels(key: readonly KeyValue[], columns: LoadedTable['columns']): readonly KeyValue[] {
  return key.map((value, i) => (columns[i]!.endsWith('_name') && key[i + 1] === null ? null : value))
}
