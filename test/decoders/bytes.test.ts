import { expect, test } from 'vitest'
import { read8, read16, read32, readLittle16, readLittle32, useBytes } from '../../src/decoders/bytes.ts'
import { hex } from '../support/build-frame.ts'

test('network order, unless the name says Little; 32 bits are signed', () => {
  useBytes(hex('80 ff 01 02 fe'))
  expect([read8(0), read8(4)]).toEqual([0x80, 0xfe])
  expect([read16(0), readLittle16(0)]).toEqual([0x80ff, 0xff80])
  expect([read32(0), read32(1)]).toEqual([0x80ff0102 | 0, 0xff0102fe | 0])
  expect([readLittle32(0), readLittle32(1)]).toEqual([0x0201ff80, 0xfe0201ff | 0])
})

test('offsets count from the start of the view, not of its buffer', () => {
  useBytes(hex('00 00 12 34').subarray(2))
  expect(read16(0)).toBe(0x1234)
  expect(() => read8(2)).toThrow(RangeError)
})
