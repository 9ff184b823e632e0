import { expect, it } from 'vitest'
import { joinMeasures } from '../../src/engine/join-measures.ts'
import type { Measures } from '../../src/engine/measures.ts'

function measures(name: string, columns: number, withTotal: boolean): Measures {
  return {
    columns: Array.from({ length: columns }, (_, i) => ({ name: `${name}${i}`, title: name, kind: 'count' })),
    value: (group, column) => `${name}${column} of ${group}`,
    ...(withTotal && { total: (column: number) => `${name}${column} of all` }),
  }
}

it('puts columns side by side', () => {
  const joined = joinMeasures([measures('a', 2, true), undefined, measures('b', 2, false)])!
  expect(joined.columns.map(({ name }) => name)).toEqual(['a0', 'a1', 'b0', 'b1'])
  expect([0, 1, 2, 3].map((column) => joined.value(7, column))).toEqual(['a0 of 7', 'a1 of 7', 'b0 of 7', 'b1 of 7'])
  expect([0, 1, 2, 3].map((column) => joined.total!(column))).toEqual(['a0 of all', 'a1 of all', null, null])
})

it('leaves one as it is, and none is none', () => {
  const alone = measures('a', 1, true)
  expect(joinMeasures([null, alone])).toBe(alone)
  expect(joinMeasures([null, undefined])).toBeNull()
})
