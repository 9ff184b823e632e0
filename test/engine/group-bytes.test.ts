import { expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { GroupBytes } from '../../src/engine/group-bytes.ts'
import { Groups } from '../../src/engine/groups.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable } from '../support/frames.ts'

const TABLE = flowTable([
  { src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 },
  { src: '10.0.0.2', dst: '10.0.0.1', protocol: 6 },
  { src: '10.0.0.3', dst: '10.0.0.3', protocol: 6 },
])

function groupsBy(by: string): Groups {
  const grouping = parseBy(by)
  const groups = new Groups(grouping, TABLE, grouping.keyFields, createEndpointNamer())
  groups.update()
  return groups
}

function contents(of: GroupBytes, groups: Groups): Record<string, number> {
  const present = of.present.subarray(0, of.count)
  return Object.fromEntries(Array.from(present, (group) => [String(groups.key(group)[0]), of.bytes[group]!]))
}

const rows = Float64Array.of(0, 2, 200, 1, 1, 70, 2, 5, 500)

it('a host has both directions, its frames to itself once', () => {
  const groups = groupsBy('host')
  const bytes = new GroupBytes()
  bytes.addRows(rows, groups)
  bytes.addRows(Float64Array.of(1, 1, 30), groups)
  expect(contents(bytes, groups)).toEqual({ '10.0.0.1': 300, '10.0.0.2': 300, '10.0.0.3': 500 })
})

it('is empty when it was cleared, and a frame without bytes is there', () => {
  const groups = groupsBy('src')
  const bytes = new GroupBytes()
  bytes.addRows(rows, groups)
  bytes.clear()
  bytes.addRows(Float64Array.of(1, 1, 0), groups)
  expect(contents(bytes, groups)).toEqual({ '10.0.0.2': 0 })
})

it('renames groups, also to ids beyond those it had', () => {
  const bytes = new GroupBytes()
  bytes.addRows(rows, groupsBy('src'))
  bytes.rename((group) => (group === 1 ? -1 : group + 5000))
  expect(Array.from(bytes.present.subarray(0, bytes.count), (group) => [group, bytes.bytes[group]])).toEqual([
    [5000, 200],
    [5002, 500],
  ])
})
