import { describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { Groups } from '../../src/engine/groups.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { createTimeMeasures, timeColumns } from '../../src/pipeline/time-measures.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const TEXT = { inNs: false, ipBytes: false }
const ALL = { inNs: true, ipBytes: true }
/** 2025-11-03T10:00:05Z, by GNU date. */
const START = 1_762_164_005_000_000_000n
const MS = 1_000_000n
const UNSEEN = [2n ** 63n - 1n, -(2n ** 63n)] as const

type Seen = readonly [first: bigint, last: bigint, ipBytes: number]

const A = '10.0.0.1'
const B = '10.0.0.2'
const UDP: Omit<TestFlow, 'src' | 'dst'> = { protocol: 17, sourcePort: 5000, destinationPort: 5000 }

function measures(by: string, flows: readonly TestFlow[], seen: readonly Seen[], options = ALL) {
  const table = flowTable(flows)
  const grouping = parseBy(by)
  const groups = new Groups(grouping, table, grouping.keyFields, createEndpointNamer())
  const times = {
    visit: (count: number, visit: (flow: number, ...facts: Seen) => void) => {
      for (let flow = 0; flow < count; flow++) visit(flow, ...seen[flow]!)
    },
  }
  const made = createTimeMeasures(times, groups, table, options)
  const names = made.columns.map(({ name }) => name)
  return {
    names,
    rows: Array.from({ length: groups.size }, (_, group) => names.map((_, column) => made.value(group, column))),
    total: names.map((_, column) => made.total!(column)),
  }
}

describe('a conversation', () => {
  const there: TestFlow = { src: A, dst: B, ...UDP }
  const back: TestFlow = { src: B, dst: A, ...UDP }

  test('from the first to the last frame of both directions, and who was first', () => {
    const { names, rows, total } = measures(
      'conversation',
      [there, back],
      [
        [START + 2n * MS, START + 5n * MS, 100],
        [START, START + 4n * MS, 30],
      ],
    )
    expect(names).toEqual([
      'first_seen_ns',
      'last_seen_ns',
      'duration_ms',
      'first_sender',
      'sent_ip_bytes',
      'received_ip_bytes',
    ])
    const times = [`${START}`, `${START + 5n * MS}`, 5]
    expect(rows).toEqual([[...times, 'dst', 100, 30]])
    expect(total).toEqual([...times, null, null, null])
  })

  test.each([
    [there, back, 'src'],
    [back, there, 'dst'],
  ])('on a tie: the flow that came first', (first, second, sender) => {
    const both: Seen = [START, START, 1]
    expect(measures('conversation', [first, second], [both, both]).rows[0]![3]).toBe(sender)
  })

  test('a direction without a time has none, but bytes', () => {
    const { rows } = measures(
      'conversation',
      [there, back],
      [
        [...UNSEEN, 40],
        [START, START, 30],
      ],
    )
    expect(rows).toEqual([[`${START}`, `${START}`, 0, 'dst', 40, 30]])
  })

  test('nothing is known without any time', () => {
    const { rows, total } = measures('conversation', [there], [[...UNSEEN, 40]])
    expect(rows).toEqual([[null, null, null, null, null, null]])
    expect(total).toEqual([null, null, null, null, null, null])
  })
})

test('as text: RFC 3339, which sorts as it is', () => {
  const { names, rows } = measures('flow', [{ src: A, dst: B, ...UDP }], [[START + 1n, START + 1500n * MS, 0]], TEXT)
  expect(names).toEqual(['first_seen', 'last_seen', 'duration_ms'])
  expect(rows).toEqual([['2025-11-03T10:00:05.000000001Z', '2025-11-03T10:00:06.500000000Z', 1499.999999]])
})

test('a host is seen by what it sends and what it receives', () => {
  const flows: TestFlow[] = [
    { src: A, dst: B, ...UDP },
    { src: B, dst: '10.0.0.3', ...UDP },
  ]
  const { names, rows } = measures('host', flows, [
    [START, START + MS, 0],
    [START + 9n * MS, START + 9n * MS, 0],
  ])
  expect(names).not.toContain('first_sender')
  expect(rows.map(([, , duration]) => duration)).toEqual([1, 9, 0])
})

test('columns are known before there are groups', () => {
  for (const by of ['conversation', 'flow', 'host', 'mac']) {
    for (const options of [TEXT, ALL]) {
      expect(timeColumns(parseBy(by), options).map(({ name }) => name)).toEqual(measures(by, [], [], options).names)
    }
  }
})
