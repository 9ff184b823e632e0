import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode, LineBuffer, linePieces } from '../../../src/loggers/packets/line-buffer.ts'

describe('LineBuffer', () => {
  test('texts and numbers in any order, as joined strings', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 5000 }),
      fc.tuple(fc.maxSafeNat(), fc.nat({ max: 20 })),
      fc.nat({ max: 999_999_999 }),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const out = new LineBuffer()
        let expected = ''
        for (const part of parts) {
          if (typeof part === 'string') {
            out.text(encode(part))
            expected += part
          } else if (typeof part === 'number') {
            out.nanoseconds(part)
            expected += String(part).padStart(9, '0')
          } else {
            out.number(...part)
            expected += String(part[0]).padStart(part[1])
          }
        }
        expect(out.length).toBe(Buffer.byteLength(expected))
        expect(Buffer.from(out.take()).toString()).toBe(expected)
        expect(out.length).toBe(0)
      }),
    )
  })

  test('what was taken stays', () => {
    const out = new LineBuffer()
    out.text(encode('first'))
    const first = out.take()
    out.text(encode('other'))
    expect(Buffer.from(first).toString()).toBe('first')
  })
})

describe('linePieces', () => {
  const pieces = (count: number, most: number) => {
    const out = new LineBuffer()
    const list = linePieces(out, 0, count, most, (i) => out.text(encode(`${i % 10}\n`)))
    return [...list].map(({ bytes, frames }) => [Buffer.from(bytes).toString(), frames])
  }

  test('end with a line, and with the last', () => {
    expect(pieces(5, 4)).toEqual([
      ['0\n1\n', 2],
      ['2\n3\n', 2],
      ['4\n', 1],
    ])
    expect(pieces(4, 4)).toHaveLength(2)
    expect(pieces(0, 4)).toEqual([])
  })

  test('a line that is longer by itself is a piece', () => {
    expect(pieces(2, 1)).toEqual([
      ['0\n', 1],
      ['1\n', 1],
    ])
  })
})
