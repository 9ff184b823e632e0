import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixedText, LineBuffer, wordsOf } from '../../src/loggers/line-buffer.ts'

describe('LineBuffer', () => {
  test('texts and numbers in any order, as joined strings', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 5000 }),
      fc.tuple(fc.maxSafeNat(), fc.nat({ max: 20 })),
      fc.nat({ max: 999_999_999 }),
      fc.oneof(fc.maxSafeNat(), fc.nat({ max: 2000 })).map((value) => ({ value })),
      fc.string({ unit: 'grapheme-ascii', maxLength: 5000 }).map((ascii) => ({ ascii })),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const out = new LineBuffer()
        let expected = ''
        for (const part of parts) {
          if (typeof part === 'string') {
            out.text(fixedText(part))
            expected += part
          } else if (typeof part === 'number') {
            out.nanoseconds(part)
            expected += String(part).padStart(9, '0')
          } else if (Array.isArray(part)) {
            out.padded(...part)
            expected += String(part[0]).padStart(part[1])
          } else if ('value' in part) {
            out.number(part.value)
            expected += String(part.value)
          } else {
            out.ascii(part.ascii)
            expected += part.ascii
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
    out.text(fixedText('first'))
    const first = out.take()
    out.text(fixedText('other'))
    expect(Buffer.from(first).toString()).toBe('first')
  })

  test('decimals as String has them', () => {
    const rate = fc.oneof(
      fc.double({ min: 0, noNaN: true }),
      fc.maxSafeNat(),
      fc.nat().map((thousandths) => thousandths / 1000),
      fc.maxSafeNat().map((thousandths) => thousandths / 1000),
      fc.constantFrom(0, 0.001, 0.1, 0.01, 0.12, 1e-7, 1e21, 2 ** 53, 1e12 + 0.001, 999_999_999_999.999),
    )
    fc.assert(
      fc.property(fc.array(rate), (rates) => {
        const out = new LineBuffer()
        for (const value of rates) {
          out.decimal(value)
          out.text(fixedText(' '))
        }
        expect(Buffer.from(out.take()).toString()).toBe(rates.map((value) => `${value} `).join(''))
      }),
      { numRuns: 2000 },
    )
  })

  test('addresses, many in a row', () => {
    const out = new LineBuffer()
    for (let i = 0; i < 1000; i++) out.address(Uint8Array.of(255, 255, 255, 255))
    expect(Buffer.from(out.take()).toString()).toBe('255.255.255.255'.repeat(1000))
  })

  test('numbers of each length', () => {
    for (let power = 1; power <= 1e15; power *= 10) {
      for (const value of [power - 1, power, power + 1, 5 * power]) {
        const out = new LineBuffer()
        out.number(value)
        expect(Buffer.from(out.take()).toString()).toBe(String(value))
      }
    }
  })

  test('what was taken as words can be written again, from any word on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.nat({ max: 9 }), (text, before) => {
        const { length } = fixedText(text)
        const made = new LineBuffer()
        made.text(fixedText(text))
        const words = new Uint32Array(5 + wordsOf(length))
        made.takeWords(words, 5)
        expect(made.length).toBe(0)
        const out = new LineBuffer()
        out.ascii('x'.repeat(before))
        out.words(words, 5, length)
        expect(Buffer.from(out.take()).toString()).toBe('x'.repeat(before) + text)
      }),
    )
  })
})
