import { expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { GroupSums } from '../../src/engine/group-sums.ts'
import { Groups } from '../../src/engine/groups.ts'
import { createSpan } from '../../src/engine/ranked-span.ts'
import { rankRows } from '../../src/engine/ranking.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable } from '../support/frames.ts'

/** A host that sends and gets; names are counted as they are asked for. */
function setUp() {
  const namer = createEndpointNamer()
  let asked = 0
  const describe = (bytes: Uint8Array) => {
    asked++
    return namer.describe(bytes)
  }
  const grouping = parseBy('host')
  const table = flowTable([{ src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 }])
  const sums = new GroupSums(new Groups(grouping, table, grouping.keyFields, { describe, nameOf: namer.nameOf }))
  sums.addRows(Float64Array.of(0, 2, 100), 1)
  const ranked = rankRows(sums, { sort: 'bytes', top: null }, 1_000_000_000n)
  return { sums, asked: () => asked, ...createSpan({ startNs: 0n, endNs: 1_000_000_000n, ...ranked }) }
}

const first = {
  key: ['10.0.0.1', 'Private Network', null],
  packets: 2,
  bytes: 100,
  bitsPerSecond: 800,
  sent: { packets: 2, bytes: 100 },
}
const second = { ...first, key: ['10.0.0.2', 'Private Network', null], sent: { packets: 0, bytes: 0 } }

test('rows are made once, when they are looked at', () => {
  const { record, asked, keep } = setUp()
  expect(asked()).toBe(0)
  const { rows } = record
  expect(rows).toEqual([first, second])
  expect(record.rows).toBe(rows)
  keep()
  expect(asked()).toBe(2)
})

test('what was sent until then stays so while the sums go on', () => {
  const { record, sums } = setUp()
  sums.addRows(Float64Array.of(0, 5, 1000), 1)
  expect(record.rows).toEqual([first, second])
})

test('keep makes them, unless they were read as numbers', () => {
  const kept = setUp()
  kept.keep()
  expect(kept.asked()).toBe(2)
  const read = setUp()
  expect(read.record.ranked!.length).toBe(2)
  read.keep()
  expect(read.asked()).toBe(0)
})

test('a copy has its own rows and none as numbers', () => {
  const { record } = setUp()
  expect({ ...record }.rows).toEqual([first, second])
  expect({ ...record, rows: [] }).toEqual({ ...record, rows: [] })
  expect({ ...record }).not.toHaveProperty('ranked')
})
