import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { PartialError, PartialReader, PartialWriter } from '../../src/pipeline/partial-bytes.ts'

test('numbers, texts and columns come back as they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.maxSafeNat()),
      fc.array(fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 })),
      fc.array(fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n })),
      fc.array(fc.string({ unit: 'binary' })),
      fc.uint8Array({ minLength: 60, maxLength: 60 }),
      (numbers, integers, bigs, texts, rows) => {
        const writer = new PartialWriter()
        for (const number of numbers) writer.uint(number)
        for (const integer of integers) writer.int(integer)
        for (const big of bigs) writer.bigOrNull(big)
        writer.bigOrNull(null)
        for (const text of texts) writer.text(text)
        writer.columns(rows, 12)
        const reader = new PartialReader(writer.take())
        expect(numbers.map(() => reader.uint())).toEqual(numbers)
        expect(integers.map(() => reader.int())).toEqual(integers)
        expect([...bigs, null].map(() => reader.bigOrNull())).toEqual([...bigs, null])
        expect(texts.map(() => reader.text())).toEqual(texts)
        expect(reader.columns(12)).toEqual(rows)
        expect(reader.isAtEnd).toBe(true)
      },
    ),
  )
})

test('small numbers are small', () => {
  const writer = new PartialWriter()
  for (const number of [0, 127, 128, 16_383, 16_384]) writer.uint(number)
  expect(writer.take()).toHaveLength(1 + 1 + 2 + 2 + 3)
})

test('a number beyond 2^53 is refused', () => {
  expect(() => new PartialReader(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127)).uint()).toThrow(PartialError)
  expect(() => new PartialReader(new Uint8Array(20).fill(255)).uint()).toThrow(PartialError)
  expect(() => new PartialReader(Uint8Array.of(4, 65)).text()).toThrow('a partial result is cut')
})
