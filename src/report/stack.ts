/** A table of a report → layers of a stacked curve: its largest rows, and what is left of the total. */
import type { LoadedReport, LoadedRow, LoadedTable } from './select-time.ts'

export interface Layer {
  /** The row; null for all others together. */
  readonly row: LoadedRow | null
  /** By bucket. */
  readonly packets: Float64Array
  readonly bytes: Float64Array
}

/**
 * Layers that add up to every frame once, the largest first and the others last. Hosts and subnets, for which a frame counts twice,
 * are stacked by what they sent.
 */
export function stackLayers({ data, total }: LoadedReport, table: LoadedTable, most: number): Layer[] {
  const buckets = data.time?.buckets ?? 0
  const isEach = countsTwice(table)
  const rest = { packets: new Float64Array(buckets), bytes: new Float64Array(buckets) }
  addTo(rest, total.series, 1)
  const curveOf = (row: LoadedRow) => (isEach ? row.sent! : row)
  const largest = [...table.rows].sort((a, b) => curveOf(b).bytes - curveOf(a).bytes).slice(0, most)
  const layers = largest.map((row): Layer => {
    const layer = { row, packets: new Float64Array(buckets), bytes: new Float64Array(buckets) }
    const { series } = curveOf(row)
    addTo(layer, series, 1)
    addTo(rest, series, -1)
    return layer
  })
  return rest.packets.some((packets) => packets > 0) ? [...layers, { row: null, ...rest }] : layers
}

/** Rows are ends of frames, so that they add up to more than the total. */
export function countsTwice({ bidirectional, columns }: Pick<LoadedTable, 'bidirectional' | 'columns'>): boolean {
  return bidirectional && !columns.includes('dst')
}

type Buckets = Pick<Layer, 'packets' | 'bytes'>

function addTo(into: Buckets, { at, packets, bytes }: LoadedRow['series'], sign: 1 | -1): void {
  for (let i = 0; i < at.length; i++) {
    into.packets[at[i]!]! += sign * packets[i]!
    into.bytes[at[i]!]! += sign * bytes[i]!
  }
}

/** Values of layers, bottom first → what each reaches up to, top first, as they are painted over each other. */
export function pileUp(layers: readonly ArrayLike<number>[], buckets: number): number[][] {
  const piles: number[][] = []
  const height = new Float64Array(buckets)
  for (const layer of layers) {
    for (let i = 0; i < buckets; i++) height[i]! += layer[i]!
    const pile = [...height]
    // A step needs its end.
    pile.push(pile.at(-1) ?? 0)
    piles.unshift(pile)
  }
  return piles
}
