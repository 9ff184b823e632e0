import { expect, it } from 'vitest'
import { type TcpFlags, tcpColumnsOf, withTcp } from '../../src/cli/tcp-flags.ts'

const flags: TcpFlags = { by: 'pair', sort: 'bytes', tcp: false }

it('is implied by the column that rows are sorted by, and by one that a budget is about', () => {
  expect(withTcp(flags, false)).toBe(flags)
  expect(withTcp({ ...flags, assert: ['total.rate < 20Mbit/s'] }, false).tcp).toBe(false)
  expect(withTcp({ ...flags, sort: 'retransmissions' }, false).tcp).toBe(true)
  expect(withTcp({ ...flags, sort: 'retrans' }, false).tcp).toBe(true)
  expect(withTcp({ ...flags, assert: ['total.rate > 1', 'every.resets == 0'] }, false).tcp).toBe(true)
  expect(withTcp({ ...flags, assert: ['host(10.0.0.1).rtt_max_ms<200ms'] }, false).tcp).toBe(true)
})

it('rows are conversations unless somebody said otherwise', () => {
  expect(withTcp({ ...flags, tcp: true }, false).by).toBe('conversation')
  expect(withTcp({ ...flags, tcp: true, by: 'host' }, true).by).toBe('host')
  expect(withTcp({ ...flags, tcp: true }, true).by).toBe('pair')
})

it('has no columns unless asked for, and none of windows', () => {
  expect(tcpColumnsOf(flags, 'csv', 1n)).toEqual([])
  expect(() => tcpColumnsOf({ ...flags, tcp: true }, 'csv', 1_000_000_000n)).toThrow(
    '--tcp: of the whole capture, not of windows; --since and --until choose a part of it',
  )
  const names = (sort: string) => tcpColumnsOf({ ...flags, tcp: true, sort }, 'text', null).map(({ name }) => name)
  expect(names('bytes')).not.toContain('keep_alives')
  expect(names('keep_alives')).toContain('keep_alives')
})
