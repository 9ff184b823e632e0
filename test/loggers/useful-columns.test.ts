import { expect, it } from 'vitest'
import type { ExtraColumn } from '../../src/engine/records.ts'
import { leftOutText, usefulColumns } from '../../src/loggers/useful-columns.ts'

const extras: readonly ExtraColumn[] = [
  { name: 'conn_state', title: 'state', kind: 'text' },
  { name: 'handshake_rtt_ms', title: 'iRTT', kind: 'milliseconds' },
  { name: 'retransmissions', title: 'retrans', kind: 'count' },
  { name: 'resets', title: 'resets', kind: 'count' },
]

it('leaves out what is zero in all and what nobody knows, and says so', () => {
  const useful = usefulColumns(extras, { totalExtras: [null, null, 7, 0] })
  expect(useful).toEqual({ places: [0, 2], zero: ['resets'], unknown: ['iRTT'] })
  expect(leftOutText(useful)).toBe('all zero: resets; not known: iRTT')
})

it('leaves nothing out where there is something to see, or no total', () => {
  for (const totalExtras of [[null, 1.5, 1, 1], undefined]) {
    const useful = usefulColumns(extras, totalExtras === undefined ? {} : { totalExtras })
    expect(useful.places).toEqual([0, 1, 2, 3])
    expect(leftOutText(useful)).toBeNull()
  }
})
