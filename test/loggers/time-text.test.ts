import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatClock, formatDate, formatDuration, formatSeconds, formatTime } from '../../src/loggers/time-text.ts'

const SECOND = 1_000_000_000n

describe('formatTime', () => {
  test.each([
    [0n, '1970-01-01T00:00:00.000000000Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    // GNU date -u -d @1762164005
    [1_762_164_005_123_456_789n, '2025-11-03T10:00:05.123456789Z'],
    [951_782_400n * SECOND, '2000-02-29T00:00:00.000000000Z'],
    // The range of pandas.Timestamp, which holds signed 64-bit nanoseconds too.
    [2n ** 63n - 1n, '2262-04-11T23:47:16.854775807Z'],
    [-(2n ** 63n), '1677-09-21T00:12:43.145224192Z'],
    [2n ** 64n - 1n, '2554-07-21T23:34:33.709551615Z'],
    // ECMA-262 §21.4.1.32.1: the expanded form has a sign and six digits; its range ends with these two.
    [8_640_000_000_000n * SECOND, '+275760-09-13T00:00:00.000000000Z'],
    [-8_640_000_000_000n * SECOND, '-271821-04-20T00:00:00.000000000Z'],
    [253_402_300_800n * SECOND, '+010000-01-01T00:00:00.000000000Z'],
    [-62_167_219_200n * SECOND, '0000-01-01T00:00:00.000000000Z'],
    [-62_167_219_201n * SECOND, '-000001-12-31T23:59:59.000000000Z'],
  ])('%d is %s', (ns, text) => expect(formatTime(ns)).toBe(text))

  test('the seconds are those of Date, the nanoseconds those that were given', () => {
    const seconds = fc.bigInt({ min: -8_640_000_000_000n, max: 8_640_000_000_000n - 1n })
    fc.assert(
      fc.property(seconds, fc.bigInt({ min: 0n, max: SECOND - 1n }), (second, nanos) => {
        const [wanted] = new Date(Number(second) * 1000).toISOString().split('.')
        expect(formatTime(second * SECOND + nanos)).toBe(`${wanted}.${nanos.toString().padStart(9, '0')}Z`)
      }),
      { numRuns: 1000 },
    )
  })
})

test('formatClock cuts digits and never rounds into the next second', () => {
  const ns = 86_399n * SECOND + 999_999_999n
  expect([0, 3, 6, 9].map((decimals) => formatClock(ns, decimals))).toEqual([
    '23:59:59',
    '23:59:59.999',
    '23:59:59.999999',
    '23:59:59.999999999',
  ])
  expect(formatDate(ns)).toBe('1970-01-01')
})

describe('formatDuration', () => {
  test.each([
    [0n, '0 s'],
    [10n, '10 ns'],
    [2500n, '2.5 µs'],
    [500_000_000n, '500 ms'],
    [1_234_567n, '1.234567 ms'],
    [1_500_000_000n, '1.5 s'],
    [5n * SECOND, '5 s'],
    [60n * SECOND, '1 m'],
    [303n * SECOND, '5 m 3 s'],
    [187_200n * SECOND, '2 d 4 h'],
    [86_400n * SECOND + 1n, '1 d 0.000000001 s'],
    [-1_500_000_000n, '-1.5 s'],
  ])('%d ns is %s', (ns, text) => expect(formatDuration(ns)).toBe(text))

  test('the parts add up to the duration again', () => {
    const ten: Record<string, bigint> = {
      ns: 1n,
      µs: 1000n,
      ms: 10n ** 6n,
      s: SECOND,
      m: 60n * SECOND,
      h: 3600n * SECOND,
      d: 86_400n * SECOND,
    }
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n }), (ns) => {
        const words = formatDuration(ns).split(' ')
        let sum = 0n
        for (let i = 0; i < words.length; i += 2) {
          const [whole, fraction = ''] = words[i]!.split('.')
          sum += (BigInt(whole + fraction) * ten[words[i + 1]!]!) / 10n ** BigInt(fraction.length)
        }
        expect(sum).toBe(ns)
      }),
    )
  })
})

test.each([
  [5n * SECOND, '5'],
  [500_000_000n, '0.5'],
  [1n, '0.000000001'],
  [0n, '0'],
  [-2_250_000_000n, '-2.25'],
  [2n ** 63n - 1n, '9223372036.854775807'],
])('%d ns are %s seconds', (ns, text) => expect(formatSeconds(ns)).toBe(text))
