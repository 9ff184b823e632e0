import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBitPermutation } from '../../src/anonymize/permuted-bits.ts'

const permute = createBitPermutation(new Uint8Array(16).fill(7))

test('the bits in front stay, no two become the same, and another kind is another permutation', () => {
  const address = fc.uint8Array({ minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(address, address, fc.constantFrom(23, 24, 32, 46), (one, other, bits) => {
      const first = permute(one, bits, 'x')
      expect([...permute(one, bits, 'x')]).toEqual([...first])
      expect(leading(first, 48 - bits)).toBe(leading(one, 48 - bits))
      const same = leading(one, 48) === leading(other, 48)
      expect(leading(first, 48) === leading(permute(other, bits, 'x'), 48)).toBe(same)
    }),
    { numRuns: 50 },
  )
  const zeros = new Uint8Array(6)
  expect([...permute(zeros, 46, 'x')]).not.toEqual([...permute(zeros, 46, 'y')])
  expect([...zeros]).toEqual([0, 0, 0, 0, 0, 0])
})

function leading(bytes: Uint8Array, bits: number): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(0, bits)
}
