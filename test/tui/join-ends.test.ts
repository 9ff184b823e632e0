import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinEnds } from '../../src/tui/join-ends.ts'

const pieces = (...texts: string[]) => texts.map((text) => ({ text }))

test('one end to the left, one to the right', () => {
  expect(joinEnds(pieces('ab', 'cd'), pieces('xy'), 12)).toBe('ab  cd    xy')
})

test('the right end comes before what is in the middle', () => {
  expect(joinEnds(pieces('ab', 'middle', 'c'), pieces('xyz'), 12)).toBe('ab  c    xyz')
  expect(joinEnds(pieces('ab', 'cd'), pieces('too wide for it'), 8)).toBe('ab  cd')
})

test('how it looks takes no room', () => {
  const piece = { text: 'ab', shown: '\x1b[1mab\x1b[0m' }
  expect(joinEnds([piece], pieces('c'), 6)).toBe('\x1b[1mab\x1b[0m   c')
})

test('never wider than the line', () => {
  const any = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), { maxLength: 6 })
  fc.assert(
    fc.property(any, any, fc.integer({ min: 1, max: 60 }), (left, right, width) => {
      expect(joinEnds(pieces(...left), pieces(...right), width).length).toBeLessThanOrEqual(width)
    }),
  )
})
