import { expect, test } from 'vitest'
import { parseBytes } from '../../src/cli/parse-bytes.ts'

test.each([
  ['0', 0],
  ['65536', 65_536],
  ['1.5 kB', 1500],
  ['100MB', 1e8],
  ['1KiB', 1024],
  ['2TiB', 2 ** 41],
  ['1tb', 1e12],
])('%s', (text, bytes) => expect(parseBytes(text)).toBe(bytes))

test.each(['', 'MB', '1 parsec', '-1', '1,5MB', 'constructor', '1e6'])('%j is refused', (text) => {
  expect(() => parseBytes(text)).toThrow('is not a size')
})
