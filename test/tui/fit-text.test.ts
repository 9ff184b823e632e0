import fc from 'fast-check'
import { expect, test } from 'vitest'
import { displayWidth } from '../../src/loggers/text-table.ts'
import { clip, elideMiddle, fitEnd, fitStart, wrap } from '../../src/tui/fit-text.ts'

test('what fits is left alone', () => {
  expect([clip('abc', 3), elideMiddle('abc', 3), fitStart('abc', 5), fitEnd('abc', 5)]).toEqual([
    'abc',
    'abc',
    'abc  ',
    '  abc',
  ])
})

test('an address keeps both of its ends', () => {
  const address = '2001:db8:85a3:1319:8a2e:370:7344:7334'
  expect(elideMiddle(address, 15)).toBe('2001:db…44:7334')
  expect(elideMiddle(address, 4)).toBe('20…4')
  expect(elideMiddle(address, 1)).toBe('…')
  expect(clip(address, 9)).toBe('2001:db8…')
})

test('wide characters take two columns, and are not halved', () => {
  expect(clip('日本語', 5)).toBe('日本…')
  expect(clip('日本語', 4)).toBe('日…')
  expect(fitStart('日本語', 4)).toBe('日… ')
})

test('never wider than asked for, fitted exactly as wide', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.integer({ min: 0, max: 40 }), (text, width) => {
      expect(displayWidth(clip(text, width))).toBeLessThanOrEqual(width)
      expect(displayWidth(elideMiddle(text, width))).toBeLessThanOrEqual(width)
      expect(displayWidth(fitStart(text, width))).toBe(width)
      expect(displayWidth(fitEnd(text, width))).toBe(width)
    }),
  )
})

test('wrapped between words: every word once, in order, no line wider, and none that had room for the next word', () => {
  expect(wrap('directions, curves, flows, ports', 20)).toEqual(['directions, curves,', 'flows, ports'])
  expect(wrap('a pseudoheader', 6)).toEqual(['a', 'pseud…'])
  const words = fc.array(fc.stringMatching(/^[a-zé]{1,9}$/), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(words, fc.integer({ min: 9, max: 40 }), (all, width) => {
      const lines = wrap(all.join(' '), width)
      expect(lines.join(' ')).toBe(all.join(' '))
      lines.forEach((line, i) => {
        expect(displayWidth(line)).toBeLessThanOrEqual(width)
        const [next] = lines[i + 1]?.split(' ') ?? []
        if (next !== undefined) expect(displayWidth(`${line} ${next}`)).toBeGreaterThan(width)
      })
    }),
  )
})
