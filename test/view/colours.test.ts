import { expect, test } from 'vitest'
import { LayerColours, STACK_COLOURS } from '../../src/view/colours.ts'

const [blue, orange, green, pink] = STACK_COLOURS

test('the first have the first; whoever stays keeps its colour, and a newcomer takes one that is free', () => {
  const colours = new LayerColours()
  expect(colours.of(['a', 'b', 'c'])).toEqual([blue, orange, green])
  expect(colours.of(['c', 'a', 'b'])).toEqual([green, blue, orange])
  expect(colours.of(['c', 'd', 'b'])).toEqual([green, blue, orange])
  expect(colours.of(['a', 'b', 'c', 'd'])).toEqual([pink, orange, green, blue])
})

test('as many layers as colours have one each, whoever comes and goes', () => {
  const colours = new LayerColours()
  const most = STACK_COLOURS.length
  for (let i = 0; i < 30; i++) {
    const keys = Array.from({ length: most }, (_, j) => `row ${(i * 3 + j * 5) % 23}`)
    expect(new Set(colours.of(keys)).size).toBe(most)
  }
})
