/** Several captures are one: what a capture gives in pieces, in any order, is what it gives whole. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seeded, temporaryFolder, writeFile } from '../node/fixtures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { shell } from '../support/netkit-process.ts'
import { analyzeHere } from '../support/run-here.ts'
import { missingTools, output } from '../support/tools.ts'

const missing = corpusMissing ?? missingTools('editcap', 'mergecap', 'tshark', 'bash')
if (missing !== null) console.log(`analyze-merge.test: skipped, ${missing}`)

const folder = temporaryFolder()
const random = seeded(2)

const FLAGS: readonly (readonly string[])[] = [
  ['-T', 'csv', '--by', 'flow'],
  ['-T', 'csv', '-w', '2'],
  ['-T', 'csv', '-w', '3', '--step', '1', '--align', 'clock'],
  ['-T', 'tsv', '-w', '500ms', '--by', 'service'],
  ['-T', 'jsonl', '-w', '5'],
  ['-T', 'json'],
  ['-T', 'md'],
  ['-T', 'text'],
  ['-T', 'text', '-w', '5', '--units', 'auto'],
]

/** Without what must differ: the names of the files, and each file's interface. */
function withoutFiles(report: string): string {
  return report
    .replace(/^Files? {2}[\s\S]*?(?=Format)/m, '')
    .replace(/^- Files?: .*\n( .*\n)*/m, '')
    .replace(/"files": ?\[.*?\],?/, '')
    .replace(/"interfaces": ?\[[^\]]*\],?/, '')
}

function piecesOf(capture: string, frames: number): string[] {
  const pieces = join(folder, `pieces-${frames}`)
  mkdirSync(pieces)
  execFileSync('editcap', ['-F', 'pcap', '-c', String(frames), capture, join(pieces, 'x.pcap')])
  return readdirSync(pieces).map((name) => join(pieces, name))
}

/** Records of a little-endian pcap, dealt out in turns: every piece is as long in time as the whole. */
function dealtOut(capture: string, count: number): string[] {
  const bytes = readFileSync(capture)
  const hands = Array.from({ length: count }, () => [bytes.subarray(0, 24)])
  for (let at = 24; at < bytes.length; ) {
    const end = at + 16 + bytes.readUInt32LE(at + 8)
    hands[Math.floor(random() * count)]!.push(bytes.subarray(at, end))
    at = end
  }
  return hands.map((records, i) => writeFile(folder, `hand-${i}.pcap`, Buffer.concat(records)))
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

describe.skipIf(missing !== null)('a capture in pieces', () => {
  const whole = corpusFile('PcapPlusPlus/example.pcap')

  test('one after the other, in any order and every format', async () => {
    const pieces = piecesOf(whole, 50)
    expect(pieces).toHaveLength(93)
    for (const flags of FLAGS) {
      const expected = withoutFiles(await analyzeHere([whole, ...flags]))
      expect(withoutFiles(await analyzeHere([...pieces, ...flags]))).toBe(expected)
      expect(withoutFiles(await analyzeHere([...shuffled(pieces), ...flags]))).toBe(expected)
    }
  })

  test('side by side, as mergecap puts them together', async () => {
    const hands = dealtOut(whole, 5)
    const merged = join(folder, 'merged.pcap')
    execFileSync('mergecap', ['-F', 'pcap', '-w', merged, ...hands])
    for (const flags of [...FLAGS, ['-c', '1'], ['-c', '777'], ['-c', '4000', '-w', '5']]) {
      const expected = withoutFiles(await analyzeHere([merged, ...flags]))
      expect(withoutFiles(await analyzeHere([...hands, ...flags]))).toBe(expected)
    }
    // A limit is a limit for all of them together: tshark counts the same frames.
    const lengths = output('tshark', ['-r', merged, '-c', '777', '-T', 'fields', '-e', 'frame.len']).trim().split('\n')
    const { capture } = JSON.parse(await analyzeHere([...hands, '-T', 'json', '-c', '777']))
    expect([capture.frames, capture.bytes]).toEqual([777, lengths.reduce((sum, text) => sum + Number(text), 0)])
  })

  test('more files than may be open at once', async () => {
    const pieces = piecesOf(whole, 23)
    expect(pieces.length).toBeGreaterThan(200)
    const { code, stdout, stderr } = await shell(`ulimit -n 64; netkit analyze '${folder}/pieces-23' -w 5`)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(await analyzeHere([whole, '-w', '5']))
  })

  test('the same file twice is one file', async () => {
    expect(await analyzeHere([whole, whole, '-T', 'csv'])).toBe(await analyzeHere([whole, '-T', 'csv']))
  })

  test('--since and --until choose what editcap -A and -B choose', async () => {
    const part = join(folder, 'part.pcap')
    const [since, until] = ['2013-05-02T20:20:36.5Z', '2013-05-02T20:20:44Z']
    execFileSync('editcap', ['-F', 'pcap', '-A', since, '-B', until, whole, part])
    const hands = dealtOut(whole, 3)
    // Without names: those of the frames that are left out hold, too.
    const job = ['-n', '-T', 'csv', '--by', 'flow']
    const expected = await analyzeHere([part, ...job])
    expect(expected.split('\n').length).toBeGreaterThan(50)
    expect(await analyzeHere([whole, ...job, '--since', since, '--until', until])).toBe(expected)
    expect(await analyzeHere([...hands, ...job, '--since', since, '--until', until])).toBe(expected)
  })
})
