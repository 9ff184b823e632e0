/** A row's curve over the chosen time, as high as its own peak: when it was, not how much. */
import type { Series } from '../report/series.ts'
import { svg } from './dom.ts'

const WIDTH = 76
const HEIGHT = 20
/** Bars. */
const POINTS = 38

export function sparkline({ at, bytes }: Series, start: number, end: number): SVGElement {
  const points = Math.min(POINTS, end - start)
  const sums = new Float64Array(points)
  for (let i = 0; i < at.length; i++) {
    const bucket = at[i]!
    if (bucket >= start && bucket < end) sums[Math.floor(((bucket - start) * points) / (end - start))]! += bytes[i]!
  }
  const peak = Math.max(...sums)
  const width = WIDTH / points
  let path = ''
  for (let i = 0; i < points; i++) {
    if (sums[i] === 0) continue
    // At least a pixel: something was there.
    const height = Math.max(1, (sums[i]! / peak) * HEIGHT)
    path += `M${(i * width).toFixed(1)} ${HEIGHT}v${(-height).toFixed(1)}h${Math.max(0.5, width - 0.25).toFixed(2)}v${height.toFixed(1)}z`
  }
  return svg(
    'svg',
    {
      class: 'spark',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: `${WIDTH}`,
      height: `${HEIGHT}`,
      'aria-hidden': 'true',
    },
    svg('path', { d: path }),
  )
}
