import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shellWords } from '../../src/cli/report-flags.ts'

test('a shell takes the words for what they were', () => {
  const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
      const script = `for word in ${shellWords(words)}; do printf '%s\\0' "$word"; done`
      const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
      expect(printed.split('\0').slice(0, -1)).toEqual(words)
    }),
    { numRuns: 30 },
  )
})

test('words that need no quotes have none', () => {
  expect(shellWords(['netkit', 'report', 'a.pcap', '--by', 'src/24', "it's"])).toBe(
    "netkit report a.pcap --by src/24 'it'\\''s'",
  )
})
