import { expect, test } from 'vitest'
import { QueryError, queryErrorOf } from '../../../src/node/sql/query-error.ts'

test.each([
  [
    'a name with its place',
    'Binder Error: Referenced column "x" not found in FROM clause!\nCandidate bindings: "src"\n\nLINE 1: select x from packets\n               ^',
    'query',
    'Binder Error: Referenced column "x" not found in FROM clause! Candidate bindings: "src"',
    'LINE 1: select x from packets\n               ^',
  ],
  [
    'a mistake in one of several',
    'Failed to extract statements: Parser Error: syntax error at or near "selec"\n\nLINE 2:  selec\n         ^',
    'query',
    'Parser Error: syntax error at or near "selec"',
    'LINE 2:  selec\n         ^',
  ],
  [
    'a file',
    'Permission Error: Cannot access file "/x" - file system operations are disabled by configuration',
    'query',
    'Permission Error: Cannot access file "/x" - only the files that were named are read (see --allow-files)',
    '',
  ],
  [
    'no advice to fetch anything',
    'Catalog Error: Type with name "inet" is not in the catalog, but it exists in the inet extension.\n\nPlease try installing and loading the inet extension by running:\nINSTALL inet;\nLOAD inet;',
    'query',
    'Catalog Error: Type with name "inet" is not in the catalog, but it exists in the inet extension.',
    '',
  ],
  [
    'a value',
    "Conversion Error: Could not convert string 'x' to INT32",
    'run',
    "Conversion Error: Could not convert string 'x' to INT32",
    '',
  ],
  ['an end', 'INTERRUPT Error: Interrupted!', 'interrupted', 'the query was interrupted', ''],
] as const)('%s', (_, text, kind, message, picture) => {
  const error = queryErrorOf(new Error(text))
  expect(error).toBeInstanceOf(QueryError)
  expect({ kind: error.kind, message: error.message, picture: error.picture }).toEqual({ kind, message, picture })
})

test('a long one is cut', () => {
  expect(queryErrorOf(new Error(`Binder Error: ${'x'.repeat(5000)}`)).message.length).toBeLessThan(700)
})
