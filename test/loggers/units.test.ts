import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatRate,
  formatShare,
  parseUnits,
  UNIT_NAMES,
  type Units,
} from '../../src/loggers/units.ts'

describe('formatRate', () => {
  test.each<[Units, string[]]>([
    ['Kbps', ['0.00 Kbps', '<0.01 Kbps', '0.01 Kbps', '1.00 Kbps', '999.99 Kbps', '3668.58 Kbps', '100000000.00 Kbps']],
    [
      'bps',
      ['0.00 bps', '1.00 bps', '8.00 bps', '1000.00 bps', '999990.00 bps', '3668580.80 bps', '100000000000.00 bps'],
    ],
    [
      'Mbit/s',
      ['0.00 Mbit/s', '<0.01 Mbit/s', '<0.01 Mbit/s', '<0.01 Mbit/s', '1.00 Mbit/s', '3.67 Mbit/s', '100000.00 Mbit/s'],
    ],
    ['kB/s', ['0.00 kB/s', '<0.01 kB/s', '<0.01 kB/s', '0.13 kB/s', '125.00 kB/s', '458.57 kB/s', '12500000.00 kB/s']],
    [
      'MiB/s',
      ['0.00 MiB/s', '<0.01 MiB/s', '<0.01 MiB/s', '<0.01 MiB/s', '0.12 MiB/s', '0.44 MiB/s', '11920.93 MiB/s'],
    ],
    [
      'auto',
      ['0.00 bit/s', '1.00 bit/s', '8.00 bit/s', '1.00 kbit/s', '999.99 kbit/s', '3.67 Mbit/s', '100.00 Gbit/s'],
    ],
    ['bytes', ['0.00 B/s', '0.13 B/s', '1.00 B/s', '125.00 B/s', '125.00 kB/s', '458.57 kB/s', '12.50 GB/s']],
    ['iec', ['0.00 B/s', '0.13 B/s', '1.00 B/s', '125.00 B/s', '122.07 KiB/s', '447.82 KiB/s', '11.64 GiB/s']],
  ])('%s over twelve magnitudes', (units, expected) => {
    const rates = [0, 1, 8, 1000, 999_990, 3_668_580.8, 1e11]
    expect(rates.map((rate) => formatRate(rate, units))).toEqual(expected)
  })

  test.each(UNIT_NAMES.map((name) => [name]))('%s: the number times its unit is the rate', (units) => {
    // Said again here, from the prefixes alone: SI is 1000, IEC is 1024, a byte is 8 bits.
    const powers: Record<string, number> = { '': 0, k: 1, K: 1, M: 2, G: 3, T: 4 }
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (rate) => {
        const text = formatRate(rate, units)
        const [, below, number, prefix, binary, unit] = /^(<?)(\d+\.\d\d) ([kKMGT]?)(i?)(bit\/s|bps|B\/s)$/.exec(text)!
        const size = (binary === 'i' ? 1024 : 1000) ** powers[prefix!]! * (unit === 'B/s' ? 8 : 1)
        if (below === '<') {
          expect(rate).toBeGreaterThan(0)
          expect(rate).toBeLessThan(Number(number) * size)
        } else expect(Math.abs(Number(number) * size - rate)).toBeLessThanOrEqual(0.005 * size + rate * 1e-15)
      }),
    )
  })

  test.each<[Units, number]>([
    ['auto', 1000],
    ['bytes', 1000],
    ['iec', 1024],
  ])('%s never shows %d or more of a unit that has a larger one', (units, base) => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e14, noNaN: true }), (rate) => {
        expect(Number.parseFloat(formatRate(rate, units).replace('<', ''))).toBeLessThan(base)
      }),
    )
    expect(formatRate(999_996, 'auto')).toBe('1.00 Mbit/s')
  })

  test('a rate that does not exist is a dash', () => {
    expect([formatRate(null, 'Kbps'), formatRate(null, 'auto'), formatRate(Number.NaN, 'iec')]).toEqual(['-', '-', '-'])
  })
})

describe('parseUnits', () => {
  test.each(UNIT_NAMES.map((name) => [name]))('%s is itself', (name) => expect(parseUnits(name)).toBe(name))

  test.each([
    ['kbps', 'Kbps'],
    ['MBPS', 'Mbps'],
    ['mbit/s', 'Mbit/s'],
    ['mib/s', 'MiB/s'],
    [' Auto ', 'auto'],
    ['IEC', 'iec'],
  ])('%j is %s in another case', (text, units) => expect(parseUnits(text)).toBe(units))

  test.each(['KB/s', 'kb/s', 'mb/s', 'Gb/s'])('%s could be bits, bytes, 1000 or 1024', (text) => {
    expect(() => parseUnits(text)).toThrow(
      /several ways; write [kMG]bit\/s, [kMG]B\/s \(1000 based\) or [KMG]iB\/s \(1024/,
    )
  })

  test.each(['', 'b/s', 'furlongs', 'toString', '__proto__'])('%j is refused with the list', (text) => {
    expect(() => parseUnits(text)).toThrow(`"${text}" is not a unit of rates; known are auto, bytes, iec, bps, Kbps`)
  })
})

describe('formatBytes', () => {
  test.each<[number, Units, string]>([
    [0, 'Kbps', '0 B'],
    [999, 'Kbps', '999 B'],
    [1000, 'Kbps', '1.00 kB'],
    [1000, 'iec', '1000 B'],
    [1023, 'iec', '1023 B'],
    [1024, 'KiB/s', '1.00 KiB'],
    [999_999, 'auto', '1.00 MB'],
    [9_876_543, 'Kbps', '9.88 MB'],
    [9_876_543, 'iec', '9.42 MiB'],
    [Number.MAX_SAFE_INTEGER, 'bytes', '9.01 PB'],
  ])('%d with %s is %s', (bytes, units, text) => expect(formatBytes(bytes, units)).toBe(text))
})

test.each([
  [0, 10, '0.0%'],
  [10, 10, '100.0%'],
  [1, 3, '33.3%'],
  [1, 1_000_000, '<0.1%'],
  [999_999, 1_000_000, '>99.9%'],
  [0, 0, '-'],
])('%d of %d is %s', (part, whole, share) => expect(formatShare(part, whole)).toBe(share))

test('formatCount knows one from many', () => {
  expect([formatCount(0, 'row'), formatCount(1, 'row'), formatCount(1n, 'row'), formatCount(2, 'row')]).toEqual([
    '0 rows',
    '1 row',
    '1 row',
    '2 rows',
  ])
})
