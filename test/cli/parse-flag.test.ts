import { expect, test } from 'vitest'
import { CommandError, EXIT_USAGE } from '../../src/cli/exit-codes.ts'
import { parseCount, parseFlag } from '../../src/cli/parse-flag.ts'

test('a flag that was not given stays away', () => {
  expect(parseFlag('top', undefined, Number)).toBeUndefined()
  expect(parseFlag('top', '', (text) => `[${text}]`)).toBe('[]')
})

test('what the parser complains about is a usage error that names the flag', () => {
  const fail = () => {
    throw new Error('"x" is no number')
  }
  expect(() => parseFlag('top', 'x', fail)).toThrow(new CommandError('--top: "x" is no number', EXIT_USAGE))
})

test('counts are whole, plain decimal, exact and large enough', () => {
  expect(parseCount('1', 1)).toBe(1)
  expect(parseCount('0', 0)).toBe(0)
  expect(parseCount('007', 1)).toBe(7)
  expect(parseCount('999999999999999', 1)).toBe(999_999_999_999_999)
  for (const text of ['', ' 1', '1.0', '+1', '-1', '1e3', '0x10', '1_000', '١', '9'.repeat(16), 'NaN', 'Infinity']) {
    expect(() => parseCount(text, 0)).toThrow(`'${text}' is not a whole number of at least 0`)
  }
  expect(() => parseCount('0', 1)).toThrow("'0' is not a whole number of at least 1")
})
