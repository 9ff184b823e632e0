import { describe, expect, test } from 'vitest'
import { KEY_ICMP } from '../../src/abi/key-fields.ts'
import { EXIT_USAGE } from '../../src/cli/exit-codes.ts'
import { groupingForLabels, openLabels } from '../../src/cli/label-flags.ts'
import { parseBy } from '../../src/engine/by.ts'

const NONE = { vendors: false, 'community-id': false }
type Flags = Parameters<typeof openLabels>[0]

async function columnsOf(by: string, flags: Partial<Flags> = {}, choice: { numeric?: boolean; isZeek?: boolean } = {}) {
  const { columns } = parseBy(by)
  const opened = await openLabels({ ...NONE, ...flags } as Flags, {
    columns,
    measured: [],
    numeric: false,
    isZeek: false,
    ...choice,
  })
  return opened.flatMap((labels) => labels.columns.map(({ name }) => name))
}

describe('services', () => {
  test.each<[string, string, Partial<Flags>, boolean, readonly string[]]>([
    ['by default of ports', 'service', {}, false, ['service']],
    ['by default of ports, by their other name', 'port', {}, false, ['service']],
    ['not with -n', 'service', {}, true, []],
    ['not when it is said', 'service', { services: false }, false, []],
    ['asked for they are there, -n or not', 'service', { services: true }, true, ['service']],
    ['not by default elsewhere', 'flow', {}, false, []],
    ['asked for', 'flow', { services: true }, false, ['service']],
    ['asked for', 'conversation', { services: true }, false, ['service']],
  ])('%s: --by %s, %j, numeric %s', async (_name, by, flags, numeric, columns) => {
    expect(await columnsOf(by, flags, { numeric })).toEqual(columns)
  })
})

test('all of them, in one order', async () => {
  expect(await columnsOf('flow', { 'community-id': true, vendors: true, services: true })).toEqual([
    'service',
    'src_vendor',
    'dst_vendor',
    'community_id',
  ])
  expect(await columnsOf('conversation', { 'community-id': true }, { isZeek: true })).toEqual(['community_id', 'uid'])
})

test.each<[string, string, Partial<Flags>]>([
  ['services', 'pair', { services: true }],
  ['vendors', 'protocol', { vendors: true }],
  ['community-id', 'pair', { 'community-id': true }],
  ['community-id', 'host', { 'community-id': true }],
])('--%s with --by %s has nothing to look up', async (flag, by, flags) => {
  await expect(columnsOf(by, flags)).rejects.toMatchObject({
    exitCode: EXIT_USAGE,
    message: expect.stringMatching(`^--${flag}: needs rows with `),
  })
})

test('only an id needs more of a flow', () => {
  const grouping = parseBy('flow')
  expect(groupingForLabels(grouping, { ...NONE, vendors: true } as Flags)).toBe(grouping)
  const { keyFields } = groupingForLabels(grouping, { ...NONE, 'community-id': true } as Flags)
  expect(keyFields).toBe(grouping.keyFields | KEY_ICMP)
})
