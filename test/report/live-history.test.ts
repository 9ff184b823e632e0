import { describe, expect, test } from 'vitest'
import { LiveHistory } from '../../src/report/live-history.ts'
import type { LiveRow, LiveSecond, LiveStart, LiveState, LiveUpdate } from '../../src/report/live-messages.ts'
import { countsIn, loadReport } from '../../src/report/select-time.ts'

const START: LiveStart = {
  netkit_version: '1.2.3',
  command: 'netkit live eth0 --web',
  title: 'eth0',
  source: 'capture',
  units: 'auto',
  basis: 'frame',
  tables: [
    { by: 'protocol', noun: 'protocol', columns: ['protocol', 'protocol_number'], bidirectional: false },
    { by: 'host', noun: 'host', columns: ['host', 'host_name', 'host_name_source'], bidirectional: true },
  ],
  top: 2,
  sort: 'bytes',
}
const STATE: LiveState = {
  state: 'running',
  frames: 0,
  bytes: 0,
  late_frames: 0,
  late_bytes: 0,
  dropped: null,
  drops_to_come: true,
  elapsed_ns: '0',
  problem: null,
}

const protocol = (id: number, packets: number, bytes: number): LiveRow => [id, [`p${id}`, id], packets, bytes]

/** Of one table of protocols; hosts have none. */
function second(number: number, rows: readonly LiveRow[], other: [number, number] | null = null): LiveSecond {
  const sum = (at: 2 | 3) => rows.reduce((all, row) => all + row[at], other?.[at === 2 ? 0 : 1] ?? 0)
  return {
    number,
    packets: sum(2),
    bytes: sum(3),
    tables: [
      { rows, other, groups: rows.length + (other === null ? 0 : 5) },
      { rows: [], other: null, groups: 0 },
    ],
    cells: [],
  }
}

function historyOf(updates: readonly Partial<LiveUpdate>[]): LiveHistory {
  const history = new LiveHistory(START)
  for (const update of updates) {
    const until = update.until ?? (update.second?.number ?? 0) + 1
    history.add({ origin_ns: '0', second: null, status: STATE, ...update, until })
  }
  return history
}

describe('rows', () => {
  test('of the largest, in their order, and the sum of all others', () => {
    const history = historyOf([
      { second: second(100, [protocol(1, 1, 10), protocol(2, 2, 20), protocol(3, 3, 5)]) },
      { second: second(101, [protocol(1, 1, 15)], [4, 7]) },
    ])
    const [table] = history.report().data.tables
    expect(table!.rows.map(({ key, packets, bytes }) => [key[0], packets, bytes])).toEqual([
      ['p1', 2, 25],
      ['p2', 2, 20],
    ])
    expect(table!.other).toMatchObject({ packets: 7, bytes: 12 })
    expect(history.report().data.total).toMatchObject({ packets: 11, bytes: 57 })
  })

  test('have the key that was told last: names come later', () => {
    const history = historyOf([
      { second: second(1, [[7, ['before', 1], 1, 1]]) },
      { second: second(2, [[7, ['after', 1], 1, 1]]) },
    ])
    expect(history.report().data.tables[0]!.rows[0]!.key).toEqual(['after', 1])
  })

  test('follow a chosen time', () => {
    const report = historyOf([1, 2, 3].map((n) => ({ second: second(n, [protocol(1, n, 10 * n)]) }))).report()
    const origin = Number(BigInt(report.data.time!.origin_ns) / 1_000_000_000n)
    const row = report.tables[0]!.rows[0]!
    expect(countsIn(row, { start: 2 - origin, end: 4 - origin })).toEqual({ packets: 5, bytes: 50 })
  })

  test('what both ends sent, and the cells between them', () => {
    const base = second(5, [])
    const hosts: LiveRow[] = [
      [1, ['a', null, null], 3, 300, 2, 250],
      [2, ['b', null, null], 3, 300, 1, 50],
    ]
    const full: LiveSecond = {
      ...base,
      packets: 3,
      bytes: 300,
      tables: [base.tables[0]!, { rows: hosts, other: null, groups: 2 }],
      cells: [
        [2, 1, 1, 50],
        [1, 2, 2, 250],
        [1, 9, 1, 1],
      ],
    }
    const { tables, matrix } = historyOf([{ second: full }]).report().data
    expect(tables[1]!.rows.map(({ sent }) => sent!.bytes)).toEqual([250, 50])
    expect(matrix!.hosts.map(({ address }) => address)).toEqual(['a', 'b'])
    expect(matrix!.cells.map(({ from, to, packets, bytes }) => [from, to, packets, bytes])).toEqual([
      [0, 1, 2, 250],
      [1, 0, 1, 50],
    ])
  })
})

describe('time', () => {
  test('the last ten minutes; what is older is forgotten', () => {
    const history = new LiveHistory(START)
    for (let number = 0; number < 2000; number++) {
      history.add({ origin_ns: '7', until: number + 1, second: second(number, [protocol(1, 1, 1)]), status: STATE })
    }
    const { total, time, first_ns, last_ns } = history.report().data
    expect(total.packets).toBe(600)
    expect(time).toEqual({ origin_ns: '1400000000007', step_ns: '1000000000', buckets: 600 })
    expect([first_ns, last_ns]).toEqual(['1400000000007', '2000000000007'])
  })

  test('goes on when there is nothing', () => {
    const history = historyOf([{ second: second(10, [protocol(1, 1, 1)]) }, { until: 30 }, { until: 700 }])
    const { total, last_ns, tables } = history.report().data
    expect([total.packets, last_ns, tables[0]!.rows]).toEqual([0, '700000000000', []])
  })

  test('at first there is a minute of it, empty before the capture', () => {
    const { time, first_ns, last_ns } = historyOf([{ second: second(1000, [protocol(1, 1, 1)]) }]).report().data
    expect(time).toMatchObject({ origin_ns: '941000000000', buckets: 60 })
    expect([first_ns, last_ns]).toEqual(['1000000000000', '1001000000000'])
  })

  test('before any second there is none', () => {
    const history = new LiveHistory(START)
    const { time, first_ns, tables, accounting } = history.report().data
    expect([time, first_ns, tables[0]!.rows, accounting]).toEqual([null, null, [], 'No frame yet.'])
  })
})

test('what is saved as data is the same report', () => {
  const history = historyOf([
    { second: second(100, [protocol(1, 1, 10), protocol(2, 2, 20), protocol(3, 3, 5)]) },
    { second: second(103, [protocol(1, 1, 15)], [4, 7]) },
    ...Array.from({ length: 60 }, (_, i) => ({ second: second(104 + i, [protocol(2, 1, i)]) })),
  ])
  const report = history.report()
  const saved = JSON.parse(JSON.stringify(report.data))
  expect(loadReport(saved)).toEqual({ ...report, data: saved })
  expect(saved.tables[0].rows[0].series.gaps).toBeDefined()
  // A second in each bucket needs no gaps.
  for (let number = 164; number < 800; number++) {
    history.add({ origin_ns: '0', until: number + 1, second: second(number, [protocol(1, 1, 1)]), status: STATE })
  }
  const full = history.report()
  expect(full.data.total.series.gaps).toBeUndefined()
  expect(loadReport(JSON.parse(JSON.stringify(full.data))).total).toEqual(full.total)
})

describe('what is said beside them', () => {
  test('since the start, and drops when they are told', () => {
    const history = historyOf([{ second: second(1, [protocol(1, 2, 20)]), status: { ...STATE, frames: 5, bytes: 50 } }])
    expect(history.report().data.accounting).toBe(
      'Since the start: 5 frames (50 bytes). Shown, of the last 10 minutes and up to the last second that is over: 2 frames (20 bytes). Drops: told when it ends.',
    )
    history.end({ ...STATE, state: 'ended', frames: 5, bytes: 50, late_frames: 1, late_bytes: 9, dropped: 3 })
    expect(history.report().data.accounting).toContain(
      'In no second, as they came too late or have no time: 1 frame (9 bytes). Drops: 3.',
    )
    expect(history.report().data.capture).toMatchObject({ frames: 5, accounting: { dropped: 3 } })
    expect(history.report().data.accounting).toContain('Drops: 3.')
  })

  test('what this page lost, and what is wrong with the capture', () => {
    const history = historyOf([{ second: second(1, [protocol(1, 2, 20)]) }])
    expect(history.report().data.damage).toEqual([])
    history.miss(3)
    history.miss(1)
    history.end({ ...STATE, state: 'ended', problem: 'the interface is gone\x1b[2J' })
    expect(history.report().data.damage).toEqual([
      'This page fell behind: 4 updates dropped, so that what is shown is less than there was. The capture lost nothing by it.',
      expect.stringContaining('the interface is gone'),
    ])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(history.report().data.damage.join()).not.toMatch(/\x1b/)
  })

  test('the rate of now is that of the last second, if that had a frame', () => {
    const history = historyOf([{ second: second(1, [protocol(1, 1, 125)]) }])
    expect(history.bitsPerSecondNow).toBe(1000)
    history.add({ origin_ns: '0', until: 3, second: null, status: STATE })
    expect(history.bitsPerSecondNow).toBe(0)
  })
})
