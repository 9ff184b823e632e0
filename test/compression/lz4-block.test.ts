import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeLz4Block } from '../../src/compression/lz4-block.ts'
import { hasTool } from '../node/fixtures.ts'

function decode(block: number[], room = 100, start = 0, floor = 0): string | null {
  const target = new Uint8Array(room)
  const end = decodeLz4Block(Uint8Array.from(block), target, start, floor)
  return end < 0 ? null : Buffer.from(target.subarray(start, end)).toString('latin1')
}

const A = 'a'.charCodeAt(0)

test('literals, matches, overlapping matches (lz4_Block_format.md)', () => {
  expect(decode([0x00])).toBe('')
  expect(decode([0x30, A, A + 1, A + 2])).toBe('abc')
  // Three literals, a match of 4 + 2 at offset 3, then one literal.
  expect(decode([0x32, A, A + 1, A + 2, 3, 0, 0x10, A + 3])).toBe('abcabcabcd')
  // Offset 1 repeats one byte; length 4 + 15 + 0 and 4 + 15 + 40 take an extra byte.
  expect(decode([0x1f, A, 1, 0, 0, 0x10, A])).toBe('a'.repeat(1 + 19 + 1))
  expect(decode([0x1f, A, 1, 0, 40, 0x10, A])).toBe('a'.repeat(1 + 59 + 1))
  // Fifteen and more literals.
  expect(decode([0xf0, 1, ...Array(16).fill(A)])).toBe('a'.repeat(16))
})

test('malformed blocks', () => {
  expect(decode([])).toBeNull()
  expect(decode([0x30, A, A])).toBeNull() // literals end early
  expect(decode([0xf0])).toBeNull() // length ends early
  expect(decode([0xf0, 255])).toBeNull()
  expect(decode([0x10, A, 1])).toBeNull() // half an offset
  expect(decode([0x10, A, 0, 0, 0x10, A])).toBeNull() // offset 0
  expect(decode([0x10, A, 2, 0, 0x10, A])).toBeNull() // before the first byte
  expect(decode([0x1f, A, 1, 0])).toBeNull() // match length ends early
  expect(decode([0x10, A, 1, 0])).toBeNull() // ends after a match
  expect(decode([0x50, A, A, A, A, A], 4)).toBeNull() // no room for the literals
  expect(decode([0x10, A, 1, 0, 0x10, A], 4)).toBeNull() // no room for the match
})

test('matches reach back to the floor, not beyond', () => {
  const target = Uint8Array.from([...Buffer.from('0123456789'), ...Array(10).fill(0)])
  expect(decodeLz4Block(Uint8Array.of(0x00, 8, 0, 0x00), target, 10, 2)).toBe(14)
  expect(Buffer.from(target.subarray(10, 14)).toString()).toBe('2345')
  expect(decodeLz4Block(Uint8Array.of(0x00, 9, 0, 0x00), target, 10, 2)).toBe(-1)
})

test('any bytes decode within the target or not at all', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(300), (block, room) => {
      const target = new Uint8Array(room + 20).fill(0xee)
      const end = decodeLz4Block(block, target.subarray(0, room), 0, 0)
      expect(end).toBeLessThanOrEqual(room)
      expect(target.subarray(room).every((byte) => byte === 0xee)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test.skipIf(!hasTool('lz4'))('blocks that lz4(1) made of random text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', 'abcab', '0123456789'), minLength: 1, maxLength: 400 }),
      (text) => {
        // -l: one block behind the magic number and its size.
        const frame = execFileSync('lz4', ['-qlc'], { input: text })
        const block = frame.subarray(8, 8 + frame.readUInt32LE(4))
        const target = new Uint8Array(5000)
        const end = decodeLz4Block(block, target, 0, 0)
        expect(Buffer.from(target.subarray(0, Math.max(0, end))).toString()).toBe(text)
      },
    ),
    { numRuns: 60 },
  )
})
