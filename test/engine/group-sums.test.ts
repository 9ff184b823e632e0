import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { FlowCounts } from '../../src/engine/flow-counts.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const FLOWS: TestFlow[] = [
  { src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 },
  { src: '10.0.0.2', dst: '10.0.0.1', protocol: 6 },
  { src: '10.0.0.3', dst: '10.0.0.3', protocol: 6 },
]

function createSums(by: string): GroupSums {
  const grouping = parseBy(by)
  return new GroupSums(new Groups(grouping, flowTable(FLOWS), grouping.keyFields, createEndpointNamer()))
}

function contents(sums: GroupSums) {
  return Array.from(sums.present(), (group) => [
    sums.groups.key(group)[0],
    sums.packets[group],
    sums.bytes[group],
    sums.sentPackets[group],
    sums.sentBytes[group],
  ])
}

const rows = Float64Array.of(0, 2, 200, 1, 1, 70, 2, 5, 500)

it('a host has what it sent and what it got, its own frames to itself once', () => {
  const sums = createSums('host')
  sums.addRows(rows, 1)
  expect(contents(sums)).toEqual([
    ['10.0.0.1', 3, 270, 2, 200],
    ['10.0.0.2', 3, 270, 1, 70],
    ['10.0.0.3', 5, 500, 5, 500],
  ])
  expect([sums.totalPackets, sums.totalBytes]).toEqual([8, 770])
})

it('a conversation has both directions, and what its first end sent', () => {
  const sums = createSums('conversation')
  sums.addRows(rows, 1)
  expect(contents(sums)).toEqual([
    ['10.0.0.1', 3, 270, 2, 200],
    ['10.0.0.3', 5, 500, 5, 500],
  ])
})

it('what is subtracted is gone, and may come again', () => {
  const anyRows = fc
    .array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 }), fc.nat(1500)), { maxLength: 9 })
    .map((list) => Float64Array.from(list.flat()))
  fc.assert(
    fc.property(fc.constantFrom('pair', 'host', 'src/16'), anyRows, anyRows, (by, first, second) => {
      const [sliding, alone] = [createSums(by), createSums(by)]
      sliding.addRows(first, 1)
      sliding.present()
      sliding.addRows(second, 1)
      sliding.addRows(first, -1)
      alone.addRows(second, 1)
      expect(contents(sliding).sort()).toEqual(contents(alone).sort())
      expect([sliding.totalPackets, sliding.totalBytes]).toEqual([alone.totalPackets, alone.totalBytes])
    }),
  )
})

it('takes dense counts as it takes compact ones', () => {
  const [dense, compact] = [createSums('pair'), createSums('pair')]
  const counts = new FlowCounts()
  counts.countRows(rows)
  dense.addCounts(counts)
  compact.addRows(rows, 1)
  expect(contents(dense)).toEqual(contents(compact))
})
