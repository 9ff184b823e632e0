import { describe, expect, test } from 'vitest'
import { EXIT_USAGE } from '../../src/cli/exit-codes.ts'
import { flagsForFormat } from '../../src/cli/zeek-flags.ts'

const GIVEN = { by: 'pair', bytes: 'frame', sort: 'bytes', vendors: false, top: '5' }

test('other formats change nothing', () => {
  expect(flagsForFormat({ ...GIVEN, vendors: true }, 'csv')).toEqual({ ...GIVEN, vendors: true })
})

test('zeek asks for conversations with all that a line has', () => {
  expect(flagsForFormat(GIVEN, 'zeek')).toEqual({
    by: 'conversation',
    bytes: 'payload',
    sort: 'first_seen_ns',
    vendors: false,
    top: '5',
    times: true,
    tcp: true,
    numeric: true,
    'community-id': true,
  })
  expect(flagsForFormat({ ...GIVEN, by: 'conversation', sort: 'packets' }, 'zeek')).toMatchObject({ sort: 'packets' })
})

describe('what a line cannot have is refused', () => {
  test.each([
    ['by', { by: 'host' }],
    ['window', { window: '5' }],
    ['bytes', { bytes: 'ip' }],
    ['services', { services: true }],
    ['vendors', { vendors: true }],
    ['resolve', { resolve: true }],
    ['geoip', { geoip: ['x.mmdb'] }],
  ])('--%s', (flag, given) => {
    expect(() => flagsForFormat({ ...GIVEN, ...given }, 'zeek')).toThrow(
      expect.objectContaining({
        exitCode: EXIT_USAGE,
        message: expect.stringMatching(`^--${flag}: not with --format zeek, `),
      }),
    )
  })
})
