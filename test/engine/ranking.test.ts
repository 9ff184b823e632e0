import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { type Ranking, rankRows } from '../../src/engine/ranking.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

/** Flow, packets and bytes. */
type Count = readonly [TestFlow, number, number]

function rank(by: string, counts: readonly Count[], ranking: Partial<Ranking>) {
  const grouping = parseBy(by)
  const table = flowTable(counts.map(([flow]) => flow))
  const sums = new GroupSums(new Groups(grouping, table, grouping.keyFields, createEndpointNamer()))
  sums.addRows(Float64Array.from(counts.flatMap(([, packets, bytes], flow) => [flow, packets, bytes])), 1)
  return rankRows(sums, { sort: 'bytes', top: null, ...ranking }, 1_000_000_000n)
}

const firstColumns = (result: ReturnType<typeof rank>) => result.rows.map((row) => row.key[0])
const from = (src: string, packets: number, bytes: number): Count => [{ src, protocol: 6 }, packets, bytes]

describe('rankRows', () => {
  const counts = [from('10.0.0.3', 1, 50), from('10.0.0.1', 9, 50), from('10.0.0.2', 1, 900), from('10.0.0.4', 1, 50)]

  it.each([
    ['bytes', ['10.0.0.2', '10.0.0.1', '10.0.0.3', '10.0.0.4']],
    ['packets', ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']],
    ['src', ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']],
    ['src_name', ['10.0.0.2', '10.0.0.1', '10.0.0.3', '10.0.0.4']],
  ] as const)('by %s, ties by bytes and then by key', (sort, order) => {
    expect(firstColumns(rank('src', counts, { sort }))).toEqual(order)
    expect(firstColumns(rank('src', counts.toReversed(), { sort, top: 3 }))).toEqual(order.slice(0, 3))
  })

  it('sorts numbers downwards and puts rows without a value last', () => {
    const ports = [53, 443, 0, 8080].map((port): Count => [{ src: '::', protocol: 6, sourcePort: port }, 1, 1])
    expect(rank('service', ports, { sort: 'port' }).rows.map((row) => row.key[2])).toEqual([8080, 443, 53, null])
  })

  it('says what was left out', () => {
    const { rows, other } = rank('src', counts, { top: 1 })
    expect(rows).toEqual([{ key: ['10.0.0.2', 'Private Network'], packets: 1, bytes: 900, bitsPerSecond: 7200 }])
    expect(other).toEqual({ packets: 11, bytes: 150, bitsPerSecond: 1200, rows: 3 })
    expect(rank('src', counts, { top: 4 }).other).toBeNull()
    expect(rank('src', counts, { top: 0 })).toMatchObject({ rows: [], other: { rows: 4, bytes: 1050 } })
    expect(rank('src', [], { top: 0 })).toEqual({ rows: [], other: null })
  })

  it('has what was sent only where both directions are in a row', () => {
    const flow = { src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 }
    expect(rank('host', [[flow, 2, 60]], {}).rows.map((row) => row.sent)).toEqual([
      { packets: 2, bytes: 60 },
      { packets: 0, bytes: 0 },
    ])
    expect(rank('pair', [[flow, 2, 60]], {}).rows[0]).not.toHaveProperty('sent')
  })

  it('takes the same first rows as sorting everything, in whatever order the flows came', () => {
    const anyCount = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.oneof(fc.nat(5), fc.nat(2 ** 40)))
    fc.assert(
      fc.property(
        fc.array(anyCount, { maxLength: 60 }),
        fc.nat(70),
        fc.constantFrom('bytes' as const, 'packets' as const, 'src' as const),
        (list, top, sort) => {
          const counts = list.map(([packets, bytes], i) => from(`10.0.${i % 7}.${i}`, packets, bytes))
          const all = rank('src', counts, { sort }).rows
          expect(rank('src', counts.toReversed(), { sort, top }).rows).toEqual(all.slice(0, top))
          const measure = (row: (typeof all)[number]) => (sort === 'src' ? 0 : row[sort])
          for (let i = 1; i < all.length; i++) expect(measure(all[i]!)).toBeLessThanOrEqual(measure(all[i - 1]!))
        },
      ),
    )
  })
})
