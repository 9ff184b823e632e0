import { expect, test } from 'vitest'
import { bytesCell, commonUnit, countCell, rateCell, rateOrNothing } from '../../src/tui/numbers.ts'

test('the unit stands in the title or in the cell, never in both', () => {
  expect([commonUnit('Kbps'), rateCell(35_150, 'Kbps')]).toEqual(['Kbps', '35.15'])
  expect([commonUnit('auto'), rateCell(35_150, 'auto')]).toEqual([null, '35.15 kbit/s'])
  expect([commonUnit('iec'), rateCell(8 * 2048, 'iec')]).toEqual([null, '2.00 KiB/s'])
})

test('nothing is not a number', () => {
  expect([rateOrNothing(0, 'Kbps'), rateOrNothing(1, 'Kbps')]).toEqual(['-', '<0.01'])
})

test('counts and volumes', () => {
  expect([0, 999, 1000, 12_345_678, 1.5].map(countCell)).toEqual(['0', '999', '1 000', '12 345 678', '1.5'])
  expect(bytesCell(2048, 'iec')).toBe('2.00 KiB')
})
