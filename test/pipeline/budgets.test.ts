import { describe, expect, test } from 'vitest'
import type { Row, SpanRecord } from '../../src/engine/records.ts'
import { shapeColumns } from '../../src/engine/shape-columns.ts'
import { type Budget, brokenBudgets, OPERATORS } from '../../src/pipeline/budgets.ts'
import { SECOND, START } from '../loggers/records.ts'

const extras = [
  ...shapeColumns({ windowNs: null, burstNs: 1n, link: null }),
  { name: 'handshake_rtt_ms', title: 'rtt', kind: 'milliseconds' },
  { name: 'retransmissions', title: 'retrans', kind: 'count' },
] as const
const columns = { keys: ['host', 'protocol'], extras } as const

function row(host: string, protocol: string, bytes: number, peak: number | null, rtt: number | null): Row {
  const extras = [peak, rtt, protocol === 'TCP' ? 3 : null]
  return { key: [host, protocol], packets: bytes / 100, bytes, bitsPerSecond: bytes * 8, extras }
}
const whole: SpanRecord = {
  type: 'span',
  startNs: START,
  endNs: START + SECOND,
  rows: [
    row('10.0.0.1', 'TCP', 500, 9000, 12),
    row('10.0.0.1', 'UDP', 300, 7000, null),
    row('Printer', 'TCP', 100, null, 80),
  ],
  other: null,
  total: { packets: 9, bytes: 900 },
  totalExtras: [9500, null, 6],
}

function budget(changes: Partial<Budget>): Budget {
  const { metric } = changes
  const kind = metric === 'bytes' ? 'bytes' : metric === 'rtt' ? 'milliseconds' : 'rate'
  return { subject: 'total', metric: 'rate', kind, operator: '<', limit: 0, name: '', limitText: '', ...changes }
}

/** What is said of a broken budget; null for one that holds. */
function judge(changes: Partial<Budget>, span = whole) {
  const [broken] = brokenBudgets([budget(changes)], span, columns)
  return broken === undefined ? null : { value: broken.value, row: broken.row?.key ?? null, rows: broken.rows }
}

describe('the total', () => {
  test.each([
    ['rate', 7200],
    ['bytes', 900],
    ['packets', 9],
    ['peak', 9500],
    ['peak_bits_per_second', 9500],
  ])('%s is %i', (metric, value) => {
    expect(judge({ metric, limit: value })).toEqual({ value, row: null, rows: 0 })
    expect(judge({ metric, limit: value + 1 })).toBeNull()
  })

  test('each operator', () => {
    const holding = [899, 900, 901].map((limit) =>
      OPERATORS.filter((operator) => judge({ metric: 'bytes', operator, limit }) === null),
    )
    expect(holding).toEqual([
      ['>=', '!=', '>'],
      ['<=', '>=', '=='],
      ['<=', '!=', '<'],
    ])
  })

  test('a number that is not known breaks its budget', () => {
    expect(judge({ metric: 'rtt', limit: 1 })).toEqual({ value: null, row: null, rows: 0 })
    expect(judge({ operator: '>' }, { ...whole, endNs: START })).toEqual({ value: null, row: null, rows: 0 })
  })
})

describe('rows', () => {
  test('every one has to hold; the one that is furthest off is told', () => {
    expect(judge({ subject: 'every', metric: 'bytes', limit: 300 })).toEqual({
      value: 500,
      row: ['10.0.0.1', 'TCP'],
      rows: 2,
    })
    expect(judge({ subject: 'every', metric: 'bytes', operator: '>', limit: 300 })).toMatchObject({
      value: 100,
      rows: 2,
    })
    expect(judge({ subject: 'every', metric: 'bytes', operator: '<=', limit: 500 })).toBeNull()
    expect(judge({ subject: 'every', metric: 'bytes', limit: 1 }, { ...whole, rows: [] })).toBeNull()
  })

  test('a rate that is not known breaks it, what does not apply to a row does not', () => {
    expect(judge({ subject: 'every', metric: 'retransmissions', kind: 'count', limit: 4 })).toBeNull()
    expect(judge({ subject: 'every', metric: 'retransmissions', kind: 'count', limit: 3 })).toMatchObject({
      value: 3,
      rows: 2,
    })
    expect(judge({ subject: 'every', metric: 'peak', limit: 1e9 })).toEqual({
      value: null,
      row: ['Printer', 'TCP'],
      rows: 1,
    })
    expect(judge({ subject: 'every', metric: 'peak', limit: 8000 })).toEqual({
      value: 9000,
      row: ['10.0.0.1', 'TCP'],
      rows: 2,
    })
    expect(judge({ subject: 'every', metric: 'rtt', limit: 100 })).toBeNull()
    expect(judge({ subject: 'every', metric: 'rtt', limit: 50 })).toEqual({
      value: 80,
      row: ['Printer', 'TCP'],
      rows: 1,
    })
  })

  test('by key, in any letter case', () => {
    const host = (value: string) => ({ column: 'host', value }) as const
    expect(judge({ subject: [host('printer')], metric: 'bytes', limit: 50 })).toMatchObject({ value: 100, rows: 1 })
    expect(judge({ subject: [host('10.0.0.1')], metric: 'bytes', limit: 50 })).toMatchObject({ value: 500, rows: 2 })
    const both = [host('10.0.0.1'), { column: 'protocol', value: 'udp' } as const]
    expect(judge({ subject: both, metric: 'bytes', limit: 50 })).toMatchObject({ value: 300, rows: 1 })
  })

  test('a row that is not there has nothing', () => {
    const subject = [{ column: 'host', value: '10.0.0.7' } as const]
    expect(judge({ subject, metric: 'bytes', limit: 50 })).toBeNull()
    expect(judge({ subject, metric: 'bytes', operator: '>', limit: 50 })).toEqual({ value: 0, row: null, rows: 0 })
    expect(judge({ subject, metric: 'rtt', operator: '>', limit: 50 })).toBeNull()
  })
})

test('broken ones come in their order', () => {
  const some = [budget({ limit: 1 }), budget({ limit: 1e9 }), budget({ limit: 2 })]
  expect(brokenBudgets(some, whole, columns).map(({ budget: { limit } }) => limit)).toEqual([1, 2])
})
