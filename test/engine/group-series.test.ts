import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { GroupSeries } from '../../src/engine/group-series.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const FLOWS: TestFlow[] = [
  { src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 },
  { src: '10.0.0.2', dst: '10.0.0.1', protocol: 6 },
  { src: '10.0.0.3', dst: '10.0.0.3', protocol: 6 },
  { src: '10.0.0.1', dst: '10.0.0.3', protocol: 17 },
]
const BUCKETS = 3

function groupsBy(by: string): Groups {
  const grouping = parseBy(by)
  const groups = new Groups(grouping, flowTable(FLOWS), grouping.keyFields, createEndpointNamer())
  groups.update()
  return groups
}

const counted = fc.record({ bucket: fc.nat(BUCKETS - 1), flow: fc.nat(3), packets: fc.integer({ min: 1, max: 9 }) })

test('each bucket has what the sums of its rows are, for kept groups and all others', () => {
  const input = fc.tuple(fc.constantFrom('pair', 'host', 'conversation', 'protocol'), fc.array(counted), fc.nat(4))
  fc.assert(
    fc.property(input, ([by, list, most]) => {
      const groups = groupsBy(by)
      const kept = Array.from({ length: Math.min(most, groups.size) }, (_, i) => groups.size - 1 - i)
      const series = new GroupSeries({ groups, kept, buckets: BUCKETS })
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const rows = list.filter((one) => one.bucket === bucket)
        const counts = Float64Array.from(rows.flatMap(({ flow, packets }) => [flow, packets, 100 * packets]))
        series.addRows(bucket, counts)
        const sums = new GroupSums(groups)
        sums.addRows(counts, 1)
        for (const [i, group] of kept.entries()) {
          expect(series.rows[i]!.packets[bucket]).toBe(sums.packets[group])
          expect(series.rows[i]!.bytes[bucket]).toBe(sums.bytes[group])
          if (series.sent !== null) expect(series.sent[i]!.bytes[bucket]).toBe(sums.sentBytes[group])
        }
        const all = sums.packets.reduce((sum, packets) => sum + packets, 0)
        const own = series.rows.reduce((sum, { packets }) => sum + packets[bucket]!, 0)
        expect(series.other.packets[bucket]).toBe(all - own)
      }
    }),
  )
})

describe('cells', () => {
  test('are directions between the first rows', () => {
    const groups = groupsBy('host')
    const series = new GroupSeries({ groups, kept: [0, 1, 2], buckets: BUCKETS, matrixRows: 2 })
    series.addRows(1, Float64Array.of(0, 2, 200, 1, 1, 70, 2, 5, 500, 3, 1, 42))
    const cells = series.cells().map(({ from, to, bytes }) => [from, to, ...bytes])
    expect(cells).toEqual([
      [0, 1, 0, 200, 0],
      [1, 0, 0, 70, 0],
    ])
  })
})

describe('flows that are in no group', () => {
  const rows = Float64Array.of(9, 1, 100)

  test('are of the others', () => {
    const series = new GroupSeries({ groups: groupsBy('pair'), kept: [0], buckets: 1 })
    series.addRows(0, rows)
    expect([series.rows[0]!.bytes[0], series.other.bytes[0]]).toEqual([0, 100])
  })

  test('or of the evicted flow', () => {
    const series = new GroupSeries({ groups: groupsBy('pair'), kept: [0], buckets: 1, evictedFlow: 0 })
    series.addRows(0, rows)
    expect([series.rows[0]!.bytes[0], series.other.bytes[0]]).toEqual([100, 0])
  })
})
