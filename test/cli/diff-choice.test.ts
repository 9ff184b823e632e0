import { expect, test } from 'vitest'
import { type DiffFlags, diffChoiceOf, diffFormatOf } from '../../src/cli/diff-choice.ts'

const flags: DiffFlags = { bytes: 'frame', inner: false, salvage: false }

test('hosts, services and pairs, unless --by says others', () => {
  const names = (changes: Partial<DiffFlags>) =>
    diffChoiceOf({ ...flags, ...changes }, 'text').groupings.map(({ by, grouping }) => [by, ...grouping.columns])
  expect(names({}).map(([by]) => by)).toEqual(['host', 'service', 'pair'])
  expect(names({ by: ['vlan', 'src/24'] })).toEqual([
    ['vlan', 'vlan'],
    ['src/24', 'src_subnet'],
  ])
  expect(() => names({ by: ['hots'] })).toThrow("--by: Cannot group by 'hots'")
})

test('ten rows for people, all for machines', () => {
  expect(diffChoiceOf(flags, 'text').top).toBe(10)
  expect(diffChoiceOf(flags, 'csv').top).toBeNull()
  expect(diffChoiceOf({ ...flags, top: 'all' }, 'md').top).toBeNull()
})

test('the format by the ending of the file, text where no diff has that format', () => {
  expect(diffFormatOf({ ...flags, output: 'x.csv' })).toBe('csv')
  expect(diffFormatOf({ ...flags, output: 'x.pcap' })).toBe('text')
  expect(diffFormatOf({ ...flags, output: 'x.csv', format: 'json' })).toBe('json')
})

test('a time range that is none', () => {
  expect(() => diffChoiceOf({ ...flags, since: '2025-11-03', until: '2025-11-02' }, 'text')).toThrow(
    '--until: 2025-11-02 is not after --since 2025-11-03',
  )
})
