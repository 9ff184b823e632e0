import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonText } from '../../src/loggers/json-text.ts'
import { printable } from '../../src/loggers/printable.ts'

test('the same value, and nothing in it that printable would have to change', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('a', '\x1b', '\x7f', '\x9b', '\u2028', '\u202e', '\u2066', '\ud800', '"', '\\'),
    }),
  )
  fc.assert(
    fc.property(fc.oneof(text, fc.array(text), fc.dictionary(text, text)), (value) => {
      const json = jsonText(value)
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(printable(json)).toBe(json)
    }),
    { numRuns: 1000 },
  )
})

test('other text is as JSON.stringify writes it, with its indent', () => {
  const value = { name: 'é "x" 日本', list: [1, null, true] }
  expect(jsonText(value)).toBe(JSON.stringify(value))
  expect(jsonText(value, 2)).toBe(JSON.stringify(value, null, 2))
})
