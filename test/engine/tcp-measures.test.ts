import { describe, expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { Groups } from '../../src/engine/groups.ts'
import { TCP_COLUMNS, tcpColumns } from '../../src/engine/tcp-columns.ts'
import { createTcpMeasures } from '../../src/engine/tcp-measures.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { TCP_KEY_FIELDS } from '../../src/pipeline/tcp-reading.ts'
import { createParser, memorySource } from '../support/read-capture.ts'
import { HANDSHAKE, type Segment, send, tcpCapture } from '../support/tcp-segments.ts'

const { client, server } = send

/** What each group has in each column that has a value, and what the total has. */
async function measure(by: string, segments: readonly Segment[]) {
  const parser = createParser({ keyFields: TCP_KEY_FIELDS })
  const health = parser.createTcpHealth(100)
  const stream = parser.open(memorySource(tcpCapture(segments)))
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) health.add(batch, 0, batch.count)
  const groups = new Groups(parseBy(by), parser.flows, TCP_KEY_FIELDS, createEndpointNamer())
  groups.update()
  const measures = createTcpMeasures(health, parser.flows.size, groups, TCP_COLUMNS)
  const valuesOf = (value: (column: number) => unknown): Record<string, unknown> =>
    Object.fromEntries(TCP_COLUMNS.map(({ name }, column) => [name, value(column)]))
  const rows: Record<string, unknown>[] = Array.from({ length: groups.size }, (_, group) => ({
    key: groups.key(group)[0],
    ...valuesOf((column) => measures.value(group, column)),
  }))
  return { rows, total: valuesOf((column) => measures.total!(column)) }
}

const ports = (client: number): Partial<Segment> => ({ ports: [client, 80] })
const data = client('PA', 1, 1, { length: 100, at: 20 })
/** To 40000: a handshake of 12 ms (10 and 2), 30 and 5 ms, one segment twice. */
const first = [
  ...HANDSHAKE,
  data,
  { ...data, at: 40 },
  server('A', 1, 101, { at: 50 }),
  server('PA', 1, 101, { length: 10, at: 60 }),
  client('A', 101, 11, { at: 65 }),
]
/** To 40001: refused. */
const second = [client('S', 0, 0, { ...ports(40001), at: 100 }), server('RA', 0, 1, { ...ports(40001), at: 101 })]

describe('rows', () => {
  it('of conversations have the way between the ends: both halves of each time', async () => {
    const { rows } = await measure('conversation', [...first, ...second])
    expect(rows[0]).toMatchObject({
      key: '10.0.0.1',
      connections: 1,
      conn_state: 'S1',
      history: 'ShADTad',
      handshake_rtt_ms: 12,
      // 10 and 30 one way, 2 and 5 the other.
      rtt_min_ms: 12,
      rtt_mean_ms: 23.5,
      rtt_max_ms: 35,
      retransmissions: 1,
      resets: 0,
    })
    expect(rows[1]).toMatchObject({
      conn_state: 'REJ',
      history: 'Sr',
      handshake_rtt_ms: null,
      rtt_mean_ms: 1,
      resets: 1,
    })
  })

  it('of one direction have its own half', async () => {
    const { rows } = await measure('src', first)
    expect(rows.map(({ key, ...row }) => [key, row.rtt_min_ms, row.rtt_max_ms, row.retransmissions])).toEqual([
      ['10.0.0.1', 10, 30, 1],
      ['10.0.0.2', 2, 5, 0],
    ])
  })

  it('of hosts put their connections together, and count each state', async () => {
    const { rows } = await measure('host', [...first, ...second])
    expect(rows[0]).toMatchObject({
      key: '10.0.0.1',
      connections: 2,
      conn_state: '1 S1, 1 REJ',
      history: null,
      handshake_rtt_ms: 12,
      rtt_min_ms: 1,
      rtt_max_ms: 35,
      retransmissions: 1,
      resets: 1,
    })
    expect(rows[1]).toEqual({ ...rows[0], key: '10.0.0.2' })
  })

  it('the total has each segment once, and no text', async () => {
    const { total } = await measure('host', [...first, ...second])
    expect(total).toMatchObject({ connections: 2, retransmissions: 1, resets: 1, conn_state: null, history: null })
    expect(total.handshake_rtt_ms).toBe(12)
  })

  it('without TCP have nothing, rather than zeros', async () => {
    const { rows, total } = await measure('protocol', [])
    expect(rows).toEqual([])
    expect(Object.values(total).every((value) => value === null)).toBe(true)
  })
})

describe('columns', () => {
  it('have names of their own, by name and by heading', () => {
    for (const part of ['name', 'title'] as const) {
      const names = TCP_COLUMNS.map((column) => column[part])
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('are all for machines; for people the brief ones, and those that are asked for', () => {
    expect(tcpColumns(false, ['bytes'])).toBe(TCP_COLUMNS)
    const brief = tcpColumns(true, ['bytes']).map(({ name }) => name)
    expect(brief).not.toContain('keep_alives')
    expect(tcpColumns(true, ['keep_alives']).map(({ name }) => name)).toEqual(
      expect.arrayContaining([...brief, 'keep_alives']),
    )
  })
})
