import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../src/cli/parse-duration.ts'
import { formatDuration, formatSeconds } from '../../src/loggers/time-text.ts'

test.each([
  ['5', 5_000_000_000n],
  ['5.0', 5_000_000_000n],
  ['0.5', 500_000_000n],
  ['.5', 500_000_000n],
  ['5s', 5_000_000_000n],
  [' 5 s ', 5_000_000_000n],
  ['+5', 5_000_000_000n],
  ['500ms', 500_000_000n],
  ['250us', 250_000n],
  ['250\u00b5s', 250_000n],
  ['250\u03bcs', 250_000n],
  ['10ns', 10n],
  ['1.0ns', 1n],
  ['1m', 60_000_000_000n],
  ['1.5h', 5_400_000_000_000n],
  ['1d', 86_400_000_000_000n],
  ['0.000000001', 1n],
  ['0.1234567890000', 123_456_789n],
  ['0.00000000000001d', null],
  ['0.00000000000125d', 108n],
  ['9223372036.854775807', 2n ** 63n - 1n],
])('%j', (text, ns) => {
  if (ns === null) expect(() => parseDuration(text)).toThrow('finer than a nanosecond')
  else expect(parseDuration(text)).toBe(ns)
})

test.each([
  ['0', '"0" is zero; a duration is more than zero'],
  ['0.00ms', '"0.00ms" is zero; a duration is more than zero'],
  ['-5', '"-5" is negative; a duration is more than zero'],
  ['0.5ns', '"0.5ns" is finer than a nanosecond, which is the smallest step of time here'],
  ['1.0000000001', '"1.0000000001" is finer than a nanosecond, which is the smallest step of time here'],
  ['293000d', '"293000d" is too long; a duration has at most 292 years'],
  ['9223372036.854775808', '"9223372036.854775808" is too long; a duration has at most 292 years'],
])('%j: %s', (text, message) => expect(() => parseDuration(text)).toThrow(new Error(message)))

test.each([
  '',
  ' ',
  '.',
  's',
  'five',
  '5x',
  '5 5',
  '1e3',
  '5,5',
  '0x10',
  '1m30s',
  'Infinity',
  'NaN',
  '5toString',
  '5constructor',
])('%j is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow(
    new Error(`"${text}" is not a duration; write it like 5, 0.5, 500ms, 250us, 10ns, 1m, 1h or 1d`),
  )
})

describe('any duration', () => {
  const ns = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })

  test('as seconds and as nanoseconds reads back exactly', () => {
    fc.assert(
      fc.property(ns, (ns) => {
        expect(parseDuration(formatSeconds(ns))).toBe(ns)
        expect(parseDuration(`${ns}ns`)).toBe(ns)
      }),
    )
  })

  test('of one unit reads back as it is shown', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 999_999_999n }), (ns) => {
        expect(parseDuration(formatDuration(ns))).toBe(ns)
      }),
    )
  })
})

test('a million digits end at once, with a sentence', () => {
  expect(() => parseDuration('9'.repeat(1_000_000))).toThrow('too long')
  expect(() => parseDuration(`0.${'1'.repeat(1_000_000)}`)).toThrow('finer than a nanosecond')
})
