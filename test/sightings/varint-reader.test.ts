import { describe, expect, test } from 'vitest'
import { VarintReader } from '../../src/sightings/varint-reader.ts'
import { hex } from '../support/build-frame.ts'

describe('VarintReader', () => {
  test.each([
    // RFC 9000 §A.1.
    ['c2197c5eff14e88c', Number(151_288_809_941_952_652n), 8],
    ['9d7f3e7d', 494_878_333, 4],
    ['7bbd', 15_293, 2],
    ['25', 37, 1],
    ['4025', 37, 2],
  ])('%s is %d', (digits, value, length) => {
    const reader = new VarintReader(hex(digits), 0)
    expect(reader.next()).toBe(value)
    expect([reader.at, reader.isOver]).toEqual([length, false])
  })

  test('behind the end', () => {
    for (const digits of ['', '7b', '9d7f3e', 'c2197c5eff14e8']) {
      const reader = new VarintReader(hex(digits), 0)
      expect([reader.next(), reader.at, reader.isOver]).toEqual([0, 0, true])
    }
    const reader = new VarintReader(hex('000000'), 1)
    reader.skip(2)
    expect([reader.at, reader.isOver]).toEqual([3, false])
    reader.skip(1)
    expect([reader.at, reader.isOver]).toEqual([3, true])
  })
})
