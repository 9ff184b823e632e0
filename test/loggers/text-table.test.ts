import { expect, test } from 'vitest'
import { displayWidth, padEnd, tableLines } from '../../src/loggers/text-table.ts'

test('wide, combining and joined characters count as terminals show them', () => {
  expect(['abc', '→↔…', '日本', 'e\u0301', '👨‍👩‍👧', '🇩🇪'].map(displayWidth)).toEqual([3, 3, 4, 1, 2, 2])
  // As macOS stores names of files: letters that make up a syllable.
  expect(displayWidth('한국어'.normalize('NFD'))).toBe(6)
  expect(padEnd('日本', 6)).toBe('日本  ')
})

test('numbers keep their columns beside wide names and under names that are too long', () => {
  const rows = [
    ['short', '1', '10 B'],
    ['日本語', '12345', '1.00 kB'],
    ['a name that is longer than the room beside the numbers', '7', '7 B'],
  ]
  expect([...tableLines(['Top hosts', 'packets', 'bytes'], () => rows, 40)]).toEqual([
    'Top hosts               packets    bytes',
    '  short                       1     10 B',
    '  日本語                  12345  1.00 kB',
    '  a name that is longer than the room beside the numbers',
    '                              7      7 B',
  ])
})

test('a table of a few short rows is as narrow as they are', () => {
  expect([...tableLines(['Protocols', 'n'], () => [['TCP', '1']], 80)]).toEqual(['Protocols  n', '  TCP      1'])
})

test('where even the heading has no room beside the numbers, it has a line of its own', () => {
  const rows = [
    ['a long name of a row', '12345', '1.00 kB'],
    ['All', '7', '7 B'],
  ]
  expect([...tableLines(['Top conversations', 'packets', 'bytes'], () => rows, 24)]).toEqual([
    'Top conversations',
    '        packets    bytes',
    '  a long name of a row',
    '          12345  1.00 kB',
    '  All         7      7 B',
  ])
})
