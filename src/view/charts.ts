/** The two plots: layers over the chosen time, and under it the total of the whole capture. Of them, only choices come back. */
import uPlot from 'uplot'
import { formatRate, type Units } from '../loggers/units.ts'
import type { BucketRange } from '../report/series.ts'
import { themeColour } from './dom.ts'
import { TIME_STEPS, type TimeAxis } from './time-axis.ts'

export interface Curves {
  readonly axis: TimeAxis
  /** What each layer reaches up to, in bit/s or packets/s, top first; of each bucket, and at its end. */
  readonly piles: readonly number[][]
  /** Of the piles. */
  readonly colours: readonly string[]
  readonly isRate: boolean
  readonly units: Units
}

export interface Charts {
  /** Other data, and the part of them that is looked at; null for all. */
  show(curves: Curves, range: BucketRange | null): void
  /** In CSS pixels; null for that of the elements they are in. */
  setWidth(width: number | null): void
  redraw(): void
  destroy(): void
}

export interface ChartOptions {
  readonly detail: HTMLElement
  readonly overview: HTMLElement
  /** Somebody drew a range; null for all. */
  readonly onRange: (range: BucketRange | null) => void
  /** The bucket under the pointer, or none. */
  readonly onPoint: (bucket: number | null) => void
}

const DETAIL_HEIGHT = 280
const OVERVIEW_HEIGHT = 64
const AXIS_WIDTH = 92
const FEWEST_PIXELS = 4
const FONT = '12px system-ui, sans-serif'
/** More buckets than that leave no room for seams between layers. */
const MOST_SEAMED = 400

export function createCharts(options: ChartOptions): Charts {
  const { detail, overview, onRange, onPoint } = options
  const stepped = uPlot.paths.stepped!({ align: 1 })
  // Made anew only for another number of layers: uPlot has no way to have more of them.
  let plot: uPlot | null = null
  let strip: uPlot | null = null
  let curves: Curves
  let ink = inkOf(detail)
  let shown: BucketRange | null = null

  const time: uPlot.Axis = {
    incrs: TIME_STEPS,
    space: 90,
    size: 44,
    font: FONT,
    stroke: () => ink.muted,
    grid: { show: false },
    ticks: { stroke: () => ink.line, width: 1, size: 5 },
    values: (_, splits, _axis, _space, step) => curves.axis.labels(splits, step),
  }

  const cursor: uPlot.Cursor = {
    drag: { x: true, y: false, setScale: false },
    y: false,
    points: { show: false },
    // Its own double click shows all of the curve, and knows nothing of tables.
    bind: {
      dblclick: () => () => {
        onRange(null)
        return null
      },
    },
  }

  function onSelect(u: uPlot): void {
    const { left, width } = u.select
    if (width < FEWEST_PIXELS) return
    const { axis } = curves
    const start = Math.floor(axis.bucketAt(u.posToVal(left, 'x')) + 1e-6)
    const end = Math.ceil(axis.bucketAt(u.posToVal(left + width, 'x')) - 1e-6)
    onRange({ start: Math.max(0, start), end: Math.min(axis.buckets, Math.max(end, start + 1)) })
  }

  function limits(range: BucketRange | null): { min: number; max: number } {
    const { axis } = curves
    const { start, end } = range ?? { start: 0, end: axis.buckets }
    return { min: axis.placeOf(start), max: axis.placeOf(end) }
  }

  function createDetail(layers: number): uPlot {
    const axes: uPlot.Axis[] = [
      time,
      {
        size: AXIS_WIDTH,
        font: FONT,
        stroke: () => ink.muted,
        grid: { stroke: () => ink.line, width: 1 },
        ticks: { show: false },
        values: (_, splits) => splits.map((value) => shortValue(value, curves.units, curves.isRate)),
      },
    ]
    const series = Array.from({ length: layers }, (_, i): uPlot.Series => {
      return {
        paths: stepped,
        points: { show: false },
        fill: () => curves.colours[i]!,
        // Of the surface: a seam between layers, so that not colour alone tells where one ends.
        stroke: () => ink.surface,
      }
    })
    const hooks: uPlot.Hooks.Arrays = {
      setSelect: [
        (u) => {
          if (u.select.width === 0) return
          onSelect(u)
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
      setCursor: [
        (u) => {
          const { left } = u.cursor
          const bucket = left == null || left < 0 ? null : Math.floor(curves.axis.bucketAt(u.posToVal(left, 'x')))
          onPoint(bucket === null || bucket < 0 || bucket >= curves.axis.buckets ? null : bucket)
        },
      ],
    }
    return new uPlot(
      {
        width: detail.clientWidth,
        height: DETAIL_HEIGHT,
        legend: { show: false },
        padding: [12, 28, 0, 0],
        scales: { x: { time: false }, y: { range: (_, _min, max) => [0, max > 0 ? max * 1.05 : 1] } },
        cursor,
        axes,
        series: [{}, ...series],
        hooks,
      },
      [[], ...series.map(() => [])],
      detail,
    )
  }

  function createStrip(): uPlot {
    const colour = () => ink.strip
    return new uPlot(
      {
        width: overview.clientWidth,
        height: OVERVIEW_HEIGHT,
        legend: { show: false },
        padding: [4, 28, 0, 0],
        scales: { x: { time: false }, y: { range: (_, _min, max) => [0, max > 0 ? max : 1] } },
        cursor,
        axes: [
          {
            ...time,
            size: 22,
            values: (_, splits, _a, _s, step) => curves.axis.labels(splits, step).map((text) => text.split('\n')[0]!),
          },
          { size: AXIS_WIDTH, values: () => [], ticks: { show: false }, grid: { show: false } },
        ],
        series: [{}, { paths: stepped, points: { show: false }, fill: colour, stroke: colour, width: 1 }],
        hooks: { setSelect: [(u) => onSelect(u)] },
      },
      [[], []],
      overview,
    )
  }

  function showRange(): void {
    if (strip === null) return
    const { min, max } = limits(shown)
    const left = shown === null ? 0 : strip.valToPos(min, 'x')
    const right = shown === null ? 0 : strip.valToPos(max, 'x')
    strip.setSelect({ left, width: right - left, top: 0, height: shown === null ? 0 : strip.over.clientHeight }, false)
  }

  function resize(width: number | null): void {
    plot?.setSize({ width: width ?? detail.clientWidth, height: DETAIL_HEIGHT })
    strip?.setSize({ width: width ?? overview.clientWidth, height: OVERVIEW_HEIGHT })
    showRange()
  }
  const observer = new ResizeObserver(() => resize(null))
  observer.observe(detail)

  return {
    show(next, range) {
      const isOther = curves !== next
      curves = next
      shown = range
      const { axis, piles } = curves
      if (plot?.series.length !== piles.length + 1) {
        plot?.destroy()
        plot = createDetail(piles.length)
      }
      strip ??= createStrip()
      const places = Array.from({ length: axis.buckets + 1 }, (_, i) => axis.placeOf(i))
      // At once: positions are asked for below.
      plot.batch((u: uPlot) => {
        for (const series of u.series) series.width = axis.buckets > MOST_SEAMED ? 0 : 1
        if (isOther) u.setData([places, ...piles], false)
        u.setScale('x', limits(shown))
      })
      if (isOther) {
        strip.batch((u: uPlot) => {
          u.setData([places, piles[0] ?? places.map(() => 0)], false)
          u.setScale('x', limits(null))
        })
      }
      showRange()
    },
    setWidth: resize,
    redraw() {
      ink = inkOf(detail)
      plot?.redraw(false, true)
      strip?.redraw(false, true)
    },
    destroy() {
      observer.disconnect()
      plot?.destroy()
      strip?.destroy()
    },
  }
}

function inkOf(place: HTMLElement) {
  const [muted, line, surface, strip] = ['--muted', '--line', '--surface', '--strip'].map((name) =>
    themeColour(name, place),
  ) as [string, string, string, string]
  return { muted, line, surface, strip }
}

/** `12 Mbit/s`, `1.2k /s`. */
export function shortValue(value: number, units: Units, isRate: boolean): string {
  if (isRate) return formatRate(value, units).replace(/\.?0+(?= )/, '')
  if (value < 1000) return `${Number(value.toPrecision(4))} /s`
  return value < 1e6 ? `${Number((value / 1e3).toPrecision(4))}k /s` : `${Number((value / 1e6).toPrecision(4))}M /s`
}
