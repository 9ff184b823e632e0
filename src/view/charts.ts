/** The two plots: layers over the chosen time, and under it the total of the whole capture. Of them, only choices come back. */
import uPlot from 'uplot'
import { formatRate, type Units } from '../loggers/units.ts'
import type { BucketRange } from '../report/series.ts'
import { pileUp } from '../report/stack.ts'
import { colourOf, OTHER_COLOUR } from './colours.ts'
import { themeColour } from './dom.ts'
import { TIME_STEPS, type TimeAxis } from './time-axis.ts'

export interface Charts {
  /** Values by layer and bucket: bit/s or packets/s. */
  setLayers(layers: readonly (readonly number[] | Float64Array)[], others: boolean): void
  setRange(range: BucketRange | null): void
  /** In CSS pixels; null for that of the elements they are in. */
  setWidth(width: number | null): void
  redraw(): void
}

export interface ChartOptions {
  readonly axis: TimeAxis
  readonly detail: HTMLElement
  readonly overview: HTMLElement
  readonly units: Units
  /** Somebody drew a range. */
  readonly onRange: (range: BucketRange | null) => void
  /** The bucket under the pointer, or none. */
  readonly onPoint: (bucket: number | null) => void
  readonly isRate: () => boolean
}

const DETAIL_HEIGHT = 280
const OVERVIEW_HEIGHT = 64
const AXIS_WIDTH = 92
const FEWEST_PIXELS = 4

export function createCharts(options: ChartOptions): Charts {
  const { axis, detail, overview, units, onRange, onPoint, isRate } = options
  const { buckets } = axis
  const places = Array.from({ length: buckets + 1 }, (_, i) => axis.placeOf(i))
  const whole = { min: places[0]!, max: places.at(-1)! }
  const stepped = uPlot.paths.stepped!({ align: 1 })
  let plot: uPlot | null = null
  let strip: uPlot | null = null
  let shown: BucketRange | null = null

  const time: uPlot.Axis = {
    incrs: TIME_STEPS,
    space: 90,
    size: 44,
    font: '12px system-ui, sans-serif',
    stroke: () => themeColour('--muted'),
    grid: { show: false },
    ticks: { stroke: () => themeColour('--line'), width: 1, size: 5 },
    values: (_, splits, _axis, _space, step) => axis.labels(splits, step),
  }

  function rangeOf(u: uPlot): BucketRange | null {
    const { left, width } = u.select
    if (width < FEWEST_PIXELS) return null
    const start = Math.floor(axis.bucketAt(u.posToVal(left, 'x')) + 1e-6)
    const end = Math.ceil(axis.bucketAt(u.posToVal(left + width, 'x')) - 1e-6)
    return { start: Math.max(0, start), end: Math.min(buckets, Math.max(end, start + 1)) }
  }

  const onSelect = (u: uPlot) => {
    const range = rangeOf(u)
    if (range !== null) onRange(range)
  }

  function drawDetail(piles: number[][], others: boolean): void {
    plot?.destroy()
    const count = piles.length
    plot = new uPlot(
      {
        width: detail.clientWidth,
        height: DETAIL_HEIGHT,
        legend: { show: false },
        padding: [12, 12, 0, 0],
        scales: { x: { time: false, ...limits() }, y: { range: (_, _min, max) => [0, max > 0 ? max * 1.05 : 1] } },
        cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { show: false } },
        axes: [
          time,
          {
            size: AXIS_WIDTH,
            font: '12px system-ui, sans-serif',
            stroke: () => themeColour('--muted'),
            grid: { stroke: () => themeColour('--line'), width: 1 },
            ticks: { show: false },
            values: (_, splits) => splits.map((value) => shortValue(value, units, isRate())),
          },
        ],
        series: [
          {},
          ...piles.map((_, i): uPlot.Series => {
            const layer = count - 1 - i
            const colour = others && i === 0 ? OTHER_COLOUR : colourOf(layer)
            return {
              paths: stepped,
              points: { show: false },
              fill: colour,
              // Of the surface: a seam between layers, so that not colour alone tells where one ends.
              stroke: () => themeColour('--surface'),
              width: buckets > 400 ? 0 : 1,
            }
          }),
        ],
        hooks: {
          setSelect: [
            (u) => {
              onSelect(u)
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            },
          ],
          setCursor: [
            (u) => {
              const { left } = u.cursor
              const bucket = left == null || left < 0 ? null : Math.floor(axis.bucketAt(u.posToVal(left, 'x')))
              onPoint(bucket === null || bucket < 0 || bucket >= buckets ? null : bucket)
            },
          ],
        },
      },
      [places, ...piles],
      detail,
    )
  }

  function drawOverview(total: number[]): void {
    strip?.destroy()
    strip = new uPlot(
      {
        width: overview.clientWidth,
        height: OVERVIEW_HEIGHT,
        legend: { show: false },
        padding: [4, 12, 0, 0],
        scales: { x: { time: false, ...whole }, y: { range: (_, _min, max) => [0, max > 0 ? max : 1] } },
        cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { show: false } },
        axes: [
          {
            ...time,
            size: 22,
            values: (_, splits, _a, _s, step) => axis.labels(splits, step).map((text) => text.split('\n')[0]!),
          },
          { size: AXIS_WIDTH, values: () => [], ticks: { show: false }, grid: { show: false } },
        ],
        series: [
          {},
          {
            paths: stepped,
            points: { show: false },
            fill: () => themeColour('--strip'),
            stroke: () => themeColour('--strip'),
            width: 1,
          },
        ],
        hooks: { setSelect: [onSelect] },
      },
      [places, total],
      overview,
    )
    showRange()
  }

  function limits(): { min: number; max: number } {
    return shown === null ? whole : { min: axis.placeOf(shown.start), max: axis.placeOf(shown.end) }
  }

  function showRange(): void {
    if (strip === null) return
    const left = shown === null ? 0 : strip.valToPos(axis.placeOf(shown.start), 'x')
    const right = shown === null ? 0 : strip.valToPos(axis.placeOf(shown.end), 'x')
    strip.setSelect({ left, width: right - left, top: 0, height: shown === null ? 0 : strip.over.clientHeight }, false)
  }

  function resize(width: number | null): void {
    plot?.setSize({ width: width ?? detail.clientWidth, height: DETAIL_HEIGHT })
    strip?.setSize({ width: width ?? overview.clientWidth, height: OVERVIEW_HEIGHT })
    showRange()
  }
  new ResizeObserver(() => resize(null)).observe(detail)

  return {
    setLayers(layers, others) {
      const piles = pileUp(layers, buckets)
      drawDetail(piles, others)
      drawOverview(piles[0] ?? places.map(() => 0))
    },
    setRange(range) {
      shown = range
      plot?.setScale('x', limits())
      showRange()
    },
    setWidth: resize,
    redraw() {
      plot?.redraw(false, true)
      strip?.redraw(false, true)
    },
  }
}

/** `12 Mbit/s`, `1.2k /s`. */
export function shortValue(value: number, units: Units, isRate: boolean): string {
  if (isRate) return formatRate(value, units).replace(/\.?0+(?= )/, '')
  if (value < 1000) return `${Number(value.toPrecision(4))} /s`
  return value < 1e6 ? `${Number((value / 1e3).toPrecision(4))}k /s` : `${Number((value / 1e6).toPrecision(4))}M /s`
}
