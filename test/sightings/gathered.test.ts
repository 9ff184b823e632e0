import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gathered } from '../../src/sightings/gathered.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

describe('Gathered', () => {
  test('pieces out of order', () => {
    const gathered = new Gathered(100)
    expect(gathered.add(4, bytes(5, 6))).toBe(false)
    expect(gathered.add(2, bytes(3, 4))).toBe(false)
    expect(gathered.length).toBe(0)
    expect(gathered.add(0, bytes(1, 2))).toBe(true)
    expect(gathered.bytes).toEqual(bytes(1, 2, 3, 4, 5, 6))
  })

  test('of bytes that come twice the first are kept; what begins before is cut', () => {
    const gathered = new Gathered(100)
    gathered.add(0, bytes(1, 2, 3))
    expect(gathered.add(1, bytes(9, 9))).toBe(false)
    expect(gathered.add(-2, bytes(9, 9, 9, 9, 9, 4))).toBe(true)
    expect(gathered.bytes).toEqual(bytes(1, 2, 3, 4))
  })

  test('nothing behind the limit, and 64 pieces behind a gap, are kept', () => {
    const gathered = new Gathered(200)
    expect(gathered.add(200, bytes(1))).toBe(false)
    for (let i = 0; i < 100; i++) gathered.add(1 + i, bytes(i))
    expect(gathered.held).toBe(64)
    gathered.add(0, bytes(0))
    expect(gathered.length).toBe(65)
    gathered.add(65, new Uint8Array(1000))
    expect(gathered.length).toBe(200)
  })

  test('the same piece twice behind a gap takes one place', () => {
    const gathered = new Gathered(100)
    for (let i = 0; i < 100; i++) gathered.add(10, bytes(1, 2))
    expect(gathered.held).toBe(2)
  })

  test('what was read is dropped, and offsets count from behind it', () => {
    const gathered = new Gathered(10)
    gathered.add(0, bytes(1, 2, 3))
    gathered.add(5, bytes(6))
    gathered.consume(2)
    expect([...gathered.pieces()]).toEqual([
      { offset: 0, bytes: bytes(3) },
      { offset: 3, bytes: bytes(6) },
    ])
    expect(gathered.add(1, bytes(4, 5))).toBe(true)
    expect(gathered.bytes).toEqual(bytes(3, 4, 5, 6))
  })

  test('any pieces of a sequence, in any order: its beginning up to the first gap', () => {
    const piece = fc.tuple(fc.integer({ min: -20, max: 300 }), fc.integer({ min: 0, max: 60 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const gathered = new Gathered(256)
        const isThere = new Set<number>()
        for (const [offset, length] of pieces) {
          gathered.add(
            offset,
            Uint8Array.from({ length }, (_, i) => (offset + i) & 0xff),
          )
          for (let i = 0; i < length; i++) isThere.add(offset + i)
        }
        let length = 0
        while (length < 256 && isThere.has(length)) length++
        expect(gathered.bytes).toEqual(Uint8Array.from({ length }, (_, i) => i))
      }),
    )
  })
})
