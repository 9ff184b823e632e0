import { expect, test } from 'vitest'
import { columnLines } from '../../src/loggers/columns.ts'

test('each column as wide as its widest cell, nothing after the last', () => {
  expect(columnLines([['a', 'name', ''], ['long', '漢字', 'x'], []])).toEqual(['a     name', 'long  漢字  x', ''])
})
