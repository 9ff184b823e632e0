import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bitsPerSecond } from '../../src/engine/rate.ts'

it.each([
  [0, 5_000_000_000n, 0],
  [2_292_863, 5_000_000_000n, 3_668_580.8],
  [1, 3_000_000_000n, 2.667],
  [1, 1n, 8_000_000_000],
  // A byte in a hundred years is little, and not nothing.
  [1, 100n * 31_557_600n * 1_000_000_000n, 8e9 / 3.15576e18],
  [100, 0n, null],
])('%i bytes in %i ns are %f bit/s', (bytes, ns, expected) => {
  expect(bitsPerSecond(bytes, ns)).toBe(expected)
})

it('is the exact quotient to the thousandth, rounded, up to rates of 64 Gbit/s and more', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 33), fc.bigInt(1_000_000_000n, 10n ** 18n), (bytes, ns) => {
      const thousandths = (BigInt(bytes) * 8n * 10n ** 12n) / ns
      const above = Math.round(bitsPerSecond(bytes, ns)! * 1000) - Number(thousandths)
      expect(above === 0 || above === 1).toBe(true)
    }),
  )
})
