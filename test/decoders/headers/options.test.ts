import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { useBytes } from '../../../src/decoders/bytes.ts'
import { optionBytes, readOptions } from '../../../src/decoders/headers/options.ts'
import { hex } from '../../support/build-frame.ts'

function read(digits: string): [number, string, boolean][] {
  const bytes = hex(digits)
  useBytes(bytes)
  return readOptions(0, bytes.length).map((option) => [
    option.kind,
    Buffer.from(optionBytes(option)).toString('hex'),
    option.malformed,
  ])
}

test('one after the other; the end of the list ends it', () => {
  expect(read('01 0204 05b4 0402 00 0303')).toEqual([
    [1, '', false],
    [2, '05b4', false],
    [4, '', false],
    [0, '', false],
  ])
  expect(read('')).toEqual([])
})

describe('lengths that cannot be end the list with what is left', () => {
  test.each([
    ['0200 05b4', 2, '05b4'],
    ['0201 05b4', 2, '05b4'],
    ['0205 05b4', 2, '05b4'],
    ['02ff', 2, ''],
    ['02', 2, ''],
  ])('%s', (digits, kind, rest) => {
    expect(read(`01 ${digits}`)).toEqual([
      [1, '', false],
      [kind, rest, true],
    ])
  })
})

test('any bytes: options lie one behind the other, inside their header', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      useBytes(bytes)
      let at = 0
      for (const { start, end } of readOptions(0, bytes.length)) {
        expect(start).toBeGreaterThan(at)
        expect(end).toBeGreaterThanOrEqual(start)
        expect(end).toBeLessThanOrEqual(bytes.length)
        at = end
      }
    }),
  )
})
