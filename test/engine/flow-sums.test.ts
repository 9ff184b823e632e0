import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { FlowSums } from '../../src/engine/flow-sums.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { rankRows, type SpanSums } from '../../src/engine/ranking.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const FLOWS: TestFlow[] = Array.from({ length: 30 }, (_, i) => ({
  src: `10.0.0.${i % 7}`,
  dst: `192.0.2.${i % 5}`,
  protocol: i < 15 ? 6 : 17,
}))

function createGroups(by: string): Groups {
  const grouping = parseBy(by)
  return new Groups(grouping, flowTable(FLOWS), grouping.keyFields, createEndpointNamer())
}

/** Flows of a bucket, each once. */
const anyRows = fc
  .uniqueArray(
    fc.tuple(fc.nat(FLOWS.length - 1), fc.integer({ min: 1, max: 3 }), fc.oneof(fc.nat(3), fc.nat(2 ** 40))),
    {
      selector: ([flow]) => flow,
    },
  )
  .map((list) => Float64Array.from(list.flat()))
const anyRanking = fc.record({
  sort: fc.constantFrom('bytes' as const, 'packets' as const, 'dst' as const),
  top: fc.option(fc.nat(35)),
})

it('ranks as sums over groups do, where flows are the groups', () => {
  const groups = createGroups('pair')
  expect(groups.areFlows).toBe(true)
  fc.assert(
    fc.property(anyRows, anyRanking, fc.constantFrom(0n, 1_000_000_000n), (rows, ranking, durationNs) => {
      const summed = new GroupSums(groups)
      summed.addRows(rows, 1)
      const rank = (sums: SpanSums) => {
        const { ranked, ...rest } = rankRows(sums, ranking, durationNs)
        return { rows: ranked.rows(), ...rest }
      }
      const expected = rank(summed)
      const before = rows.slice()
      expect(rank(new FlowSums(groups, rows))).toEqual(expected)
      // They are the caller's.
      expect(rows).toEqual(before)
    }),
  )
})

it('is the rows as they are', () => {
  const rows = Float64Array.of(4, 2, 200, 0, 1, 2 ** 50)
  const sums = new FlowSums(createGroups('pair'), rows)
  expect(sums.rows()).toBe(rows)
  expect(sums.total).toEqual({ packets: 3, bytes: 2 ** 50 + 200 })
  expect(sums.sent()).toEqual({ packets: 0, bytes: 0 })
  expect(new FlowSums(createGroups('pair'), new Float64Array(0)).total).toEqual({ packets: 0, bytes: 0 })
})
