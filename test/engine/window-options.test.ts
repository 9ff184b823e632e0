import { expect, it } from 'vitest'
import { toBucketOptions } from '../../src/engine/window-options.ts'

it.each([
  [{}, { stepNs: null, bucketsPerWindow: 1n, originNs: null }],
  [{ windowNs: 5n }, { stepNs: 5n, bucketsPerWindow: 1n, originNs: null }],
  [
    { windowNs: 6n, stepNs: 2n, originNs: 7n },
    { stepNs: 2n, bucketsPerWindow: 3n, originNs: 7n },
  ],
  [{ windowNs: 6n, align: 'clock', originNs: 7n } as const, { stepNs: 6n, bucketsPerWindow: 1n, originNs: 0n }],
])('%o', (options, expected) => {
  expect(toBucketOptions(options)).toEqual(expected)
})

it.each([
  [{ stepNs: 1n }, 'A step needs a window'],
  [{ windowNs: 0n }, 'The window must be longer than nothing, not 0 s'],
  [{ windowNs: 1n, stepNs: -1_500_000_000n }, 'The step must be longer than nothing, not -1.5 s'],
  [{ windowNs: 5_000_000_000n, stepNs: 2_000_000_000n }, 'A window of 5 s is not a whole number of steps of 2 s'],
  [{ windowNs: 1_000_000_000n, stepNs: 2_000_000_000n }, 'A window of 1 s is not a whole number of steps of 2 s'],
])('%o is refused', (options, message) => {
  expect(() => toBucketOptions(options)).toThrow(message)
})
