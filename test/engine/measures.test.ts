import { expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { findMeasure, type Measures } from '../../src/engine/measures.ts'
import { rankRows } from '../../src/engine/ranking.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable } from '../support/frames.ts'

const COLUMNS: Measures['columns'] = [
  { name: 'retransmissions', title: 'retrans', kind: 'count' },
  { name: 'state', title: 'state', kind: 'text' },
]

function rank(sort: string, values: readonly (readonly [number | null, string])[], top: number | null = null) {
  const grouping = parseBy('src')
  const table = flowTable(values.map((_, i) => ({ src: `10.0.0.${i + 1}`, protocol: 6 })))
  const sums = new GroupSums(new Groups(grouping, table, grouping.keyFields, createEndpointNamer()))
  sums.addRows(Float64Array.from(values.flatMap((_, flow) => [flow, 1, 100 + flow])), 1)
  const measures: Measures = { columns: COLUMNS, value: (group, column) => values[group]![column]! }
  const { ranked, other } = rankRows(sums, { sort, top }, 1_000_000_000n, measures)
  return { rows: ranked.rows().map(({ key, extras }) => [key[0], ...extras!]), other }
}

it('rows have their values, and are sorted by them: numbers downwards, nothing last, ties by bytes', () => {
  const values = [
    [1, 'SF'],
    [null, 'S0'],
    [7, 'SF'],
    [1, 'REJ'],
  ] as const
  const byCount = [
    ['10.0.0.3', 7, 'SF'],
    ['10.0.0.4', 1, 'REJ'],
    ['10.0.0.1', 1, 'SF'],
    ['10.0.0.2', null, 'S0'],
  ]
  expect(rank('retransmissions', values).rows).toEqual(byCount)
  expect(rank('retrans', values).rows).toEqual(byCount)
  expect(rank('state', values).rows.map(([, , state]) => state)).toEqual(['REJ', 'S0', 'SF', 'SF'])
  expect(rank('bytes', values).rows.map(([src]) => src)).toEqual(['10.0.0.4', '10.0.0.3', '10.0.0.2', '10.0.0.1'])
  expect(rank('retrans', values, 1)).toEqual({
    rows: byCount.slice(0, 1),
    other: { packets: 3, bytes: 304, bitsPerSecond: 2432, rows: 3 },
  })
})

it('finds a measure by its name or its heading', () => {
  expect(['retransmissions', 'retrans', 'state', 'rtt'].map((name) => findMeasure(COLUMNS, name))).toEqual([
    0, 0, 1, -1,
  ])
})
