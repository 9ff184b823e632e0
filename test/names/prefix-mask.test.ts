import { expect, it } from 'vitest'
import { maskOf } from '../../src/names/prefix-mask.ts'

it.each([
  [0, 0, 0x00],
  [0, 1, 0x80],
  [0, 8, 0xff],
  [1, 8, 0x00],
  [1, 12, 0xf0],
  [15, 127, 0xfe],
])('byte %i of a /%i', (index, bits, mask) => {
  expect(maskOf(index, bits)).toBe(mask)
})
