import { expect, test } from 'vitest'
import { parseBitRate } from '../../src/cli/parse-bit-rate.ts'

test.each([
  ['64000', 64_000],
  ['20M', 20_000_000],
  ['20m', 20_000_000],
  ['500k', 500_000],
  ['1.5G', 1_500_000_000],
  ['1.5 Mbit/s', 1_500_000],
  ['10Mbps', 10_000_000],
  ['0.5', 0.5],
])('%s', (text, bitsPerSecond) => {
  expect(parseBitRate(text)).toBe(bitsPerSecond)
})

test.each(['', 'M', '-1M', '1e6', '20MB/s', '20MBps', '20MiB', '1,5M', '1 M M', 'fast', '.'])(
  'not a rate: %j',
  (text) => {
    expect(() => parseBitRate(text)).toThrow(`'${text}' is not a rate`)
  },
)

test('zero is not one either', () => {
  expect(() => parseBitRate('0M')).toThrow('zero')
})
