import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable } from '../../src/loggers/printable.ts'

test.each([
  ['\x1b[2Jgone', '\\x1b[2Jgone'],
  ['\x9b31mred', '\\x9b31mred'],
  ['two\nlines\r', 'two\\x0alines\\x0d'],
  ['\x00\x7f', '\\x00\\x7f'],
  ['a\u202eb\u2028c', 'a\\u202eb\\u2028c'],
  ['half \ud800 pair', 'half \\ud800 pair'],
])('%j shows as %j', (text, shown) => expect(printable(text)).toBe(shown))

test.each(['www.example.com', 'Größe', '日本', '👍🏽', 'C:\\captures\\a.pcap'])('%s stays as it is', (text) => {
  expect(printable(text)).toBe(text)
})

test('whatever comes, no character is left that a terminal could obey', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const codes = [...printable(text)].map((character) => character.codePointAt(0)!)
      expect(codes.filter((code) => code < 0x20 || (code >= 0x7f && code < 0xa0))).toEqual([])
    }),
  )
})
