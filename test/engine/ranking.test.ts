import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { type Ranking, rankRows } from '../../src/engine/ranking.ts'
import type { Counts, Row } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

/** Flow, packets and bytes. */
type Count = readonly [TestFlow, number, number]

function rank(by: string, counts: readonly Count[], ranking: Partial<Ranking>) {
  const grouping = parseBy(by)
  const table = flowTable(counts.map(([flow]) => flow))
  const sums = new GroupSums(new Groups(grouping, table, grouping.keyFields, createEndpointNamer()))
  sums.addRows(Float64Array.from(counts.flatMap(([, packets, bytes], flow) => [flow, packets, bytes])), 1)
  const { ranked, ...rest } = rankRows(sums, { sort: 'bytes', top: null, ...ranking }, 1_000_000_000n)
  return { rows: ranked.rows(), ...rest }
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
    expect(rows).toEqual([{ key: ['10.0.0.2', 'Private Network', null], packets: 1, bytes: 900, bitsPerSecond: 7200 }])
    expect(other).toEqual({ packets: 11, bytes: 150, bitsPerSecond: 1200, rows: 3 })
    expect(rank('src', counts, { top: 4 }).other).toBeNull()
    expect(rank('src', counts, { top: 0 })).toMatchObject({ rows: [], other: { rows: 4, bytes: 1050 } })
    expect(rank('src', [], { top: 0 })).toEqual({ rows: [], other: null, total: { packets: 0, bytes: 0 } })
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

  describe('of any sums', () => {
    // A count and a place are sorted as one number below 2^50; at and above it they are not.
    const anyBytes = fc.oneof(
      fc.nat(5),
      fc.nat(2 ** 20),
      fc.integer({ min: 2 ** 44, max: 2 ** 46 }),
      fc.integer({ min: -2, max: 2 }).map((near) => 2 ** 44 + near),
    )
    const anyPackets = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2 ** 44, max: 2 ** 46 }))

    it.each(['bytes', 'packets'] as const)('by %s: ties by bytes, then by key, as BigInt and text have it', (sort) => {
      fc.assert(
        fc.property(fc.array(fc.tuple(anyPackets, anyBytes), { maxLength: 80 }), fc.nat(90), (list, top) => {
          const counts = list.map(([packets, bytes], i) => from(`10.0.${(i * 7) % 11}.${i}`, packets, bytes))
          const order = [
            (row: Named) => row.bytes,
            ...(sort === 'packets' ? [(row: Named) => row.packets] : []),
          ].reverse()
          const expected = counts
            .map(([{ src }, packets, bytes]) => ({ name: src!, packets: BigInt(packets), bytes: BigInt(bytes) }))
            .sort((a, b) => {
              for (const measure of order) if (measure(a) !== measure(b)) return measure(a) > measure(b) ? -1 : 1
              return a.name < b.name ? -1 : 1
            })
          const { rows, other, total } = rank('src', counts, { sort, top })
          expect(rows.map(plain)).toEqual(expected.slice(0, top))
          const left = expected.slice(top)
          if (left.length === 0) expect(other).toBeNull()
          else expect(other).toMatchObject({ ...numbers(left), rows: left.length })
          expect(total).toEqual(numbers(expected))
        }),
        { numRuns: 500 },
      )
    })

    it.each([2 ** 48 - 2, 2 ** 48 - 1, 2 ** 48, 2 ** 51])('a largest of %d among four', (most) => {
      const counts = [most - 1, most, 0, most].map((bytes, i) => from(`10.0.0.${i}`, 4 - i, bytes))
      const order = ['10.0.0.1', '10.0.0.3', '10.0.0.0', '10.0.0.2']
      expect(firstColumns(rank('src', counts, {}))).toEqual(order)
      expect(firstColumns(rank('src', counts, { top: 2 }))).toEqual(order.slice(0, 2))
    })
  })
})

interface Named {
  readonly name: string
  readonly packets: bigint
  readonly bytes: bigint
}

function plain({ key, packets, bytes }: Row): Named {
  return { name: `${key[0]}`, packets: BigInt(packets), bytes: BigInt(bytes) }
}

function numbers(rows: readonly Named[]): Counts {
  const sum = (measure: (row: Named) => bigint) => Number(rows.reduce((total, row) => total + measure(row), 0n))
  return { packets: sum(({ packets }) => packets), bytes: sum(({ bytes }) => bytes) }
}
