import fc from 'fast-check'
import { expect, test } from 'vitest'
import { curve, highest, sparkline } from '../../src/tui/curves.ts'

test('a second a column, the last ones, to the highest of them', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 9)).toBe(' ▁▂▃▄▅▆▇█')
  expect(sparkline([800, 0, 1, 2], 3)).toBe(' ▄█')
  expect(sparkline([1], 3)).toBe('  █')
  expect(sparkline([0, 0], 2)).toBe('  ')
})

test('what is not nothing is seen beside what is a million times more', () => {
  expect(sparkline([1, 1_000_000], 2)).toBe('▁█')
})

test('in several lines', () => {
  expect(curve([1, 2, 3, 4], 4, 2)).toEqual(['  ▄█', '▄███'])
})

test('each column is as high as its share, to an eighth of a line', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      (values, height) => {
        const lines = curve(values, values.length, height)
        const most = highest(values, values.length)
        expect(lines.map((line) => line.length)).toEqual(lines.map(() => values.length))
        values.forEach((value, i) => {
          const eighths = lines.reduce((sum, line) => sum + ' ▁▂▃▄▅▆▇█'.indexOf(line[i]!), 0)
          const exact = most === 0 ? 0 : (value / most) * height * 8
          expect(eighths > 0).toBe(value > 0)
          expect(Math.abs(eighths - exact)).toBeLessThanOrEqual(value > 0 && exact < 0.5 ? 1 : 0.5)
        })
      },
    ),
  )
})
