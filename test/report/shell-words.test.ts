import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shellWords } from '../../src/report/shell-words.ts'
import { ACTIVE, ATTACKS } from '../support/attack-text.ts'

/** What bash makes of it. */
function wordsOf(command: string): string[] {
  return execFileSync('bash', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

test('a plain word is written as it is', () => {
  expect(shellWords(['netkit', 'report', '/tmp/a.pcap', '--by=src/24', ''])).toBe(
    "netkit report /tmp/a.pcap --by=src/24 ''",
  )
  expect(shellWords(["it's", 'two words', '$HOME'])).toBe(`'it'\\''s' 'two words' '$HOME'`)
})

test('a shell reads what was said, and a terminal obeys none of it', () => {
  const attacks = Object.values(ATTACKS)
  expect(wordsOf(shellWords(attacks))).toEqual(attacks)
  expect(shellWords(attacks)).not.toMatch(ACTIVE)
})

test('any words', () => {
  // No argument holds a NUL.
  const word = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''))
  const words = fc.array(fc.oneof(word, fc.constantFrom(...Object.values(ATTACKS), '\\', '\\x41', "'", "\x1b'a")), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(words, (some) => {
      expect(wordsOf(shellWords(some))).toEqual(some)
      expect(shellWords(some)).not.toMatch(ACTIVE)
    }),
    { numRuns: 40 },
  )
})
