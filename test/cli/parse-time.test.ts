import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTime } from '../../src/cli/parse-time.ts'
import { formatTime } from '../../src/loggers/time-text.ts'

const SECOND = 1_000_000_000n
/** GNU date -u -d '2025-11-03 10:00:05' +%s */
const MONDAY = 1_762_164_005n * SECOND

test.each([
  ['2025-11-03T10:00:05Z', MONDAY],
  ['2025-11-03t10:00:05z', MONDAY],
  ['2025-11-03 10:00:05', MONDAY],
  ['2025-11-03 10:00:05 UTC', MONDAY],
  ['2025-11-03T11:30:05+01:30', MONDAY],
  ['2025-11-03T11:30:05+0130', MONDAY],
  ['2025-11-02T22:00:05-12:00', MONDAY],
  ['2025-11-03T10:00:05-00:00', MONDAY],
  ['2025-11-03T10:00:05.123456789Z', MONDAY + 123_456_789n],
  ['2025-11-03T10:00:05,5Z', MONDAY + 500_000_000n],
  ['2025-11-03T10:00:05.1234567890000Z', MONDAY + 123_456_789n],
  ['2025-11-03 10:00', MONDAY - 5n * SECOND],
  ['2025-11-03', MONDAY - 36_005n * SECOND],
  ['1762164005', MONDAY],
  [' 1762164005.000000001 ', MONDAY + 1n],
  ['0', 0n],
  ['-1.5', -1_500_000_000n],
  // The examples of RFC 3339 §5.8; seconds by GNU date. The fourth is a leap second, given in two zones.
  ['1985-04-12T23:20:50.52Z', 482_196_050n * SECOND + 520_000_000n],
  ['1996-12-19T16:39:57-08:00', 851_042_397n * SECOND],
  ['1990-12-31T23:59:60Z', 662_688_000n * SECOND],
  ['1990-12-31T15:59:60-08:00', 662_688_000n * SECOND],
  ['1937-01-01T12:00:27.87+00:20', -1_041_337_173n * SECOND + 870_000_000n],
  ['0001-01-01', -62_135_596_800n * SECOND],
  ['9999-12-31T23:59:59Z', 253_402_300_799n * SECOND],
])('%j', (text, ns) => expect(parseTime(text)).toBe(ns))

test.each([
  ['2025-02-29', '"2025-02-29" names a day that does not exist'],
  ['2025-13-01', '"2025-13-01" names a day that does not exist'],
  ['2025-00-10', '"2025-00-10" names a day that does not exist'],
  ['2025-01-00', '"2025-01-00" names a day that does not exist'],
  ['2025-11-03 24:00', '"2025-11-03 24:00" names a time of day that does not exist'],
  ['2025-11-03 10:60', '"2025-11-03 10:60" names a time of day that does not exist'],
  ['2025-11-03 10:00:61', '"2025-11-03 10:00:61" names a time of day that does not exist'],
  ['2025-11-03 10:00:60', '"2025-11-03 10:00:60" has a leap second where UTC has none'],
  ['2025-11-03 10:00:00+24:00', '"2025-11-03 10:00:00+24:00" has an offset that does not exist'],
  [
    '2025-11-03 10:00:00.0123456789',
    '"2025-11-03 10:00:00.0123456789" is finer than a nanosecond, which is the smallest step of time here',
  ],
  [
    '1762164005.0000000001',
    '"1762164005.0000000001" is finer than a nanosecond, which is the smallest step of time here',
  ],
])('%j: %s', (text, message) => expect(() => parseTime(text)).toThrow(new Error(message)))

test.each([
  '',
  'the day before',
  '10:00:05',
  '2025-11',
  '2025-11-3',
  '03.11.2025',
  '1e9',
  '2025-11-03T',
  '2025-11-03Z',
  '1'.repeat(1_000_000),
])('%.20j is no time', (text) =>
  expect(() => parseTime(text)).toThrow('is not a time; write it like 2025-11-03T10:00:05Z'),
)

test('every 64-bit time reads back from the text that is printed for it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
      expect(parseTime(formatTime(ns))).toBe(ns)
    }),
  )
})

test('an offset moves the instant by as much', () => {
  const minutes = fc.integer({ min: -1439, max: 1439 })
  fc.assert(
    fc.property(minutes, (offset) => {
      const size = Math.abs(offset)
      const clock = [size / 60, size % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')
      const text = `2025-11-03T10:00:05${offset < 0 ? '-' : '+'}${clock}`
      expect(parseTime(text)).toBe(MONDAY - BigInt(offset) * 60n * SECOND)
    }),
  )
})

test.each([
  ['today', '2025-11-03T00:00:00Z'],
  ['Yesterday', '2025-11-02T00:00:00Z'],
  ['tomorrow', '2025-11-04T00:00:00Z'],
  ['2h ago', '2025-11-03T08:00:05Z'],
  ['7d ago', '2025-10-27T10:00:05Z'],
  ['1.5s ago', '2025-11-03T10:00:03.5Z'],
])('%s, by the clock, in UTC', (text, expected) => {
  expect(parseTime(text, Number(MONDAY / 1_000_000n))).toBe(parseTime(expected))
})

test.each([['ago'], ['x ago'], ['0s ago'], ['yesterday ago']])('%s is no time', (text) => {
  expect(() => parseTime(text)).toThrow()
})
