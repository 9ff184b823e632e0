/**
 * Agreement with tshark 4.0 on every capture of the reference corpus that has TCP: retransmissions of each kind, out-of-order, repeated
 * ACKs, windows, gaps, resets, handshakes and round trips of each conversation. compare-tcp.ts has the rules by which they differ.
 */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openFile } from '../../src/node/open-source.ts'
import { type Comparison, compareTcp } from '../support/compare-tcp.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { readTcp } from '../support/read-tcp.ts'
import { tsharkMissing } from '../support/tshark-fields.ts'
import { readTsharkTcp } from '../support/tshark-tcp.ts'

const missing = corpusMissing ?? tsharkMissing
if (missing !== null) process.stdout.write(`skipped: TCP as tshark sees it: ${missing}\n`)

interface OracleLine {
  readonly file: string
  readonly flows?: readonly [src: string, dst: string, protocol: number, packets: number, bytes: number][]
}

/** Captures with TCP over IP, by tshark. Not those that only tshark takes for a capture. */
const FOREIGN = /^generated\/bad\/|\.snoop$/

function filesWithTcp(): string[] {
  return readFileSync(corpusFile('oracle.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as OracleLine)
    .filter(({ file, flows = [] }) => flows.some(([, , protocol]) => protocol === 6) && !FOREIGN.test(file))
    .map(({ file }) => file)
}

describe.skipIf(missing !== null)('TCP as tshark sees it', () => {
  it('on every capture of the corpus', { timeout: 600_000 }, async () => {
    const sum: Comparison = { compared: 0, rules: { refused: 0, cut: 0, far: 0 }, differences: [] }
    const files = filesWithTcp()
    const seen: Record<string, number> = {}
    let conversations = 0
    for (const file of files) {
      const ours = await readTcp(await openFile(corpusFile(file)))
      const { compared, rules, differences } = compareTcp(ours, readTsharkTcp(corpusFile(file)))
      sum.compared += compared
      for (const rule of Object.keys(rules) as (keyof typeof rules)[]) sum.rules[rule] += rules[rule]
      sum.differences.push(...differences.map((difference) => `${file}, ${difference}`))
      conversations += ours.conversations.size
      for (const { counts } of ours.conversations.values()) {
        for (const [name, count] of Object.entries(counts)) seen[name] = (seen[name] ?? 0) + count
      }
    }
    expect(sum.differences).toEqual([])
    // What the agreement is worth: how much there was to agree on.
    expect(files.length).toBeGreaterThan(150)
    expect(conversations).toBeGreaterThan(1000)
    expect(sum.compared).toBeGreaterThan(15_000)
    expect(seen).toMatchObject({ zero_window: 1, window_full: 1, fast_retransmission: 2, spurious_retransmission: 29 })
    expect(seen.retransmission).toBeGreaterThan(700)
    expect(seen.lost_segment).toBeGreaterThan(1800)
    expect(sum.rules.refused).toBeLessThan(10)
  })
})
