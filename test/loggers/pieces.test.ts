import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inPieces, PIECE_LENGTH } from '../../src/loggers/pieces.ts'

test('the pieces are the lines, joined, and none is longer than the limit unless a line is', () => {
  const line = fc.integer({ min: 0, max: PIECE_LENGTH + 10 }).map((length) => 'x'.repeat(length))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const pieces = [...inPieces(lines)]
      expect(pieces.join('') === lines.join('')).toBe(true)
      const longest = Math.max(PIECE_LENGTH, ...lines.map((line) => line.length))
      expect(pieces.every((piece) => piece.length > 0 && piece.length <= longest)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('a million short lines come in few pieces, each made when it is asked for', () => {
  let made = 0
  function* lines() {
    for (; made < 1_000_000; made++) yield 'ten bytes\n'
  }
  const pieces = inPieces(lines())
  pieces.next()
  expect(made).toBeLessThan(7000)
  expect([...pieces].length).toBe(Math.ceil(1_000_000 / Math.floor(PIECE_LENGTH / 10)) - 1)
})
