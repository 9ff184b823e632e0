import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as codes from '../../src/cli/exit-codes.ts'
import Analyze from '../../src/commands/analyze.ts'

test('are those that scripts know', () => {
  expect({ ...codes }).toMatchObject({
    EXIT_OK: 0,
    EXIT_RUNTIME_ERROR: 1,
    EXIT_USAGE: 2,
    EXIT_NOT_A_CAPTURE: 5,
    EXIT_DAMAGED_CAPTURE: 6,
    EXIT_INTERRUPTED_TWICE: 130,
  })
})

test('no two mean different things, and each of analyze is in its help', () => {
  const text = readFileSync(new URL('../../src/cli/exit-codes.ts', import.meta.url), 'utf8')
  const numbers = [...text.matchAll(/^export const EXIT_\w+ = (\d+)/gm)].map(([, code]) => code!)
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const code of [1, 2, 5, 6]) expect(Analyze.description).toMatch(new RegExp(`Exit codes: .*\\b${code} `))
})

test('errors of the command carry theirs', () => {
  const error = codes.usageError('--top: no')
  expect([error.message, error.exitCode, error.name, error instanceof Error]).toEqual([
    '--top: no',
    2,
    'CommandError',
    true,
  ])
})
