import { expect, test } from 'vitest'
import { exitCodeOfProblems, explainProblems } from '../../src/cli/problems.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'

function problem(kind: InputProblem['kind'], partial: boolean): InputProblem {
  return { file: 'x.pcap', message: `what is ${kind}`, kind, partial, unreadableBytes: 0 }
}

test('one sentence each, in their order; what cannot be opened names itself', () => {
  expect([
    ...explainProblems([
      problem('unavailable', false),
      problem('foreign', false),
      problem('cut', false),
      problem('damaged', true),
      problem('unavailable', true),
    ]),
  ]).toEqual([
    'what is unavailable',
    'x.pcap: what is foreign',
    'x.pcap: what is cut; nothing in it could be read',
    'x.pcap: what is damaged; everything before it is shown',
    'what is unavailable; everything before it is shown',
  ])
})

test('a file that was salvaged says what was passed over, and that there is more behind', () => {
  const place = { file: 'x.pcap', offset: 9, bytes: 3, framesBefore: 1, framesAfter: 2, message: 'what is damaged' }
  const salvaged = { ...problem('damaged', true), salvage: [place] }
  expect([...explainProblems([salvaged])]).toEqual(['x.pcap: what is damaged'])
  expect(exitCodeOfProblems([salvaged])).toBe(6)
})

test('the worst gives the exit code: no capture at all, then damage', () => {
  expect(exitCodeOfProblems([])).toBe(0)
  for (const kind of ['cut', 'damaged'] as const) {
    for (const partial of [true, false]) expect(exitCodeOfProblems([problem(kind, partial)])).toBe(6)
  }
  expect(exitCodeOfProblems([problem('unavailable', true)])).toBe(6)
  expect(exitCodeOfProblems([problem('unavailable', false)])).toBe(5)
  expect(exitCodeOfProblems([problem('cut', true), problem('foreign', false), problem('cut', true)])).toBe(5)
})
