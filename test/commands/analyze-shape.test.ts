/** --stats, --burst, --link and --assert: numbers by tshark and by python3, exit codes, and what stderr says. */
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { analyzeHere, runHere } from '../support/run-here.ts'
import { runNetkit } from '../support/run-netkit.ts'
import { missingTools, output } from '../support/tools.ts'

const missing = corpusMissing ?? missingTools('tshark', 'python3')
if (missing !== null) console.log(`analyze-shape.test: skipped, ${missing}`)
const folder = temporaryFolder()
const office = `${capturesFolder}office.pcap`

const CAPTURES = [
  ['PcapPlusPlus/example.pcap', '1'],
  ['PcapPlusPlus/example.pcap', '0.25'],
  ['PcapPlusPlus/examples/http-packets.pcap', '2'],
  ['PcapPlusPlus/DnsPackets.pcap', '1'],
  ['wireshark/dhcp-nanosecond.pcapng', '0.05'],
] as const

/** Windows that a total is read from, frames and bytes, idle ones too. */
function windowsByTshark(file: string, width: string): { frames: number; bytes: number }[] {
  const table = output('tshark', ['-n', '-q', '-r', file, '-z', `io,stat,${width}`])
  const lines = [...table.matchAll(/^\| *[\d.]+ <> *(?:[\d.]+|Dur) *\| *(\d+) *\| *(\d+) *\|$/gm)]
  return lines.map(([, frames, bytes]) => ({ frames: Number(frames), bytes: Number(bytes) }))
}

/** Standard in: the CSV of windows, then a line `---`, then that of --stats. Says what differs; in whole numbers all the way. */
const WITNESS = `
import csv, math, sys
from fractions import Fraction
windows, stats = sys.stdin.read().split('---\\n')
width = Fraction(sys.argv[1])
count = int(sys.argv[2])
keys = sys.argv[3].split(',')
rates = {}
for row in csv.DictReader(windows.splitlines()):
    rates.setdefault(tuple(row[k] for k in keys), []).append(int(row['bytes']))
rows = list(csv.DictReader(stats.splitlines()))
assert len(rows) == len(rates) > 0, (len(rows), len(rates))
text = lambda rate: Fraction(round(rate * 1000), 1000)
for row in rows:
    values = sorted([0] * (count - len(rates[tuple(row[k] for k in keys)])) + rates[tuple(row[k] for k in keys)])
    assert len(values) == count
    rate = lambda b: text(Fraction(b * 8) / width)
    expected = {'min': rate(values[0]), 'max': rate(values[-1]), 'mean': rate(Fraction(sum(values), count))}
    for p in (50, 95, 99):
        expected['p%d' % p] = rate(values[math.ceil(Fraction(p * count, 100)) - 1])
    for name, value in expected.items():
        got = Fraction(row[name + '_bits_per_second'])
        # Where a half is rounded, python goes to the even digit.
        assert abs(got - value) <= Fraction(1, 1000) * (name == 'mean'), (row, name, float(value))
print(len(rows))
`

describe.skipIf(missing !== null)('--stats', () => {
  test.each(CAPTURES)('%s, windows of %s s: the total is that of tshark -z io,stat', async (name, width) => {
    const file = corpusFile(name)
    const windows = windowsByTshark(file, width)
    const { capture } = JSON.parse(await analyzeHere([file, '--stats', '-w', width, '-T', 'json']))
    const { shape } = capture
    const bytes = windows.map((window) => window.bytes).sort((a, b) => a - b)
    const rate = (value: number) => Math.round((value * 8000) / Number(width)) / 1000
    const rank = (percent: number) => rate(bytes[Math.ceil((bytes.length * percent) / 100) - 1]!)
    expect(shape.windows).toMatchObject({
      seconds: Number(width),
      count: windows.length,
      idle: windows.filter(({ frames }) => frames === 0).length,
    })
    expect(shape.windows.busiest.bits_per_second).toBe(rate(bytes.at(-1)!))
    const first = BigInt(capture.first_ns)
    const at = windows.findIndex((window) => window.bytes === bytes.at(-1))
    expect(Number(BigInt(shape.windows.busiest.start_ns) - first) / 1e9).toBeCloseTo(at * Number(width), 9)
    expect(shape.total).toEqual({
      min_bits_per_second: rate(bytes[0]!),
      mean_bits_per_second: rate(bytes.reduce((sum, value) => sum + value, 0) / bytes.length),
      max_bits_per_second: rate(bytes.at(-1)!),
      p50_bits_per_second: rank(50),
      p95_bits_per_second: rank(95),
      p99_bits_per_second: rank(99),
    })
  })

  test.each(CAPTURES)(
    '%s, windows of %s s: rows are those that python makes of the CSV of windows',
    async (name, width) => {
      const file = corpusFile(name)
      const { capture } = JSON.parse(await analyzeHere([file, '--stats', '-w', width, '-T', 'json']))
      for (const [by, keys] of [
        ['pair', 'src,dst,protocol'],
        ['host', 'host'],
        ['flow', 'src,src_port,dst,dst_port,protocol,vlan'],
      ] as const) {
        const windows = await analyzeHere([file, '-w', width, '--by', by, '-T', 'csv'])
        const stats = await analyzeHere([file, '--stats', '-w', width, '--by', by, '-T', 'csv', '--sort', 'p95'])
        const args = ['-c', WITNESS, width, String(capture.shape.windows.count), keys]
        const rows = execFileSync('python3', args, { input: `${windows}---\n${stats}`, encoding: 'utf8' })
        expect(Number(rows)).toBe(stats.trimEnd().split('\n').length - 1)
      }
    },
  )
})

describe('--stats', () => {
  test('rows may be sorted by its columns', async () => {
    const column = async (sort: string) => {
      const lines = (await analyzeHere([office, '--stats', '--sort', sort, '-T', 'csv'])).trimEnd().split('\n')
      const place = lines[0]!.split(',').indexOf('p95_bits_per_second')
      return lines.slice(1).map((line) => Number(line.split(',')[place]))
    }
    const sorted = await column('p95')
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
    expect(await column('p95_bits_per_second')).toEqual(sorted)
    expect(await column('bytes')).not.toEqual(sorted)
    expect(await runHere([office, '--sort', 'p95'])).toMatchObject({ code: 2 })
  })

  test('totals stand below, and the busiest window above', async () => {
    const text = await analyzeHere([office, '--stats', '--burst', '1ms', '--link', '1M', '--units', 'auto'])
    expect(text).toContain('Windows       24 of 1 s, 6 idle (counted as zero)')
    expect(text).toMatch(/busiest window 2026-11-22 13:28:22\.891940 to 13:28:23\.891940 UTC: 411\.70 kbit\/s/)
    expect(text).toMatch(/^ {2}Total +812 .* 191\.26 kbit\/s .* 151\.68 Mbit\/s +1\.2%$/m)
  })

  test('--align clock begins at whole seconds', async () => {
    const { capture } = JSON.parse(await analyzeHere([office, '--stats', '--align', 'clock', '-T', 'json']))
    expect(BigInt(capture.shape.windows.busiest.start_ns) % 1_000_000_000n).toBe(0n)
  })
})

describe('--burst', () => {
  test('the peak is that of the busiest millisecond, by hand', async () => {
    const lines = (await analyzeHere([office, '-w', '1ms', '--by', 'protocol', '-T', 'csv'])).trimEnd().split('\n')
    const [header, ...rows] = lines.map((line) => line.split(','))
    const [protocol, rate] = ['protocol', 'bits_per_second'].map((name) => header!.indexOf(name))
    const peaks = new Map<string, number>()
    for (const row of rows) peaks.set(row[protocol!]!, Math.max(peaks.get(row[protocol!]!) ?? 0, Number(row[rate!])))
    const { rows: got } = JSON.parse(await analyzeHere([office, '--burst', '1ms', '--by', 'protocol', '-T', 'json']))
    expect(got.length).toBeGreaterThan(3)
    for (const row of got) expect(row.peak_bits_per_second).toBe(peaks.get(row.protocol))
  })
})

describe('--assert', () => {
  const held = 'total.p95 < 200kbit/s'
  const broken = 'total.p95 < 100kbit/s'

  test('exit code 3, a line for each that is broken, and the output as without it', async () => {
    const plain = await runNetkit(['analyze', 'test/pcaps/office.pcap', '--stats', '--top', '1'])
    const run = await runNetkit([
      'analyze',
      'test/pcaps/office.pcap',
      '--stats',
      '--top',
      '1',
      '--assert',
      broken,
      '--assert',
      held,
      '--assert',
      'every.peak < 1M',
      '--burst',
      '1ms',
    ])
    expect(run.exitCode).toBe(3)
    expect(run.stderr.split('\n')).toEqual([
      'netkit: budget broken: total.p95 = 191.26 kbit/s, not < 100kbit/s',
      expect.stringMatching(
        /^netkit: budget broken: every\.peak: 203\.0\.113\.10 .* = 145\.34 Mbit\/s, not < 1M; \d+ other rows too$/,
      ),
      '',
    ])
    const asserted = await runNetkit(['analyze', 'test/pcaps/office.pcap', '--stats', '--top', '1', '--assert', broken])
    expect(asserted).toEqual({
      ...plain,
      exitCode: 3,
      stderr: 'netkit: budget broken: total.p95 = 191.26 kbit/s, not < 100kbit/s\n',
    })
  })

  test('exit code 0 when all hold, whatever the format', async () => {
    for (const format of ['text', 'csv', 'json', 'jsonl', 'md']) {
      expect(await runHere([office, '-T', format, '--assert', held, '--assert', 'total.bytes < 1GB'])).toMatchObject({
        code: 0,
        complaints: [],
      })
    }
  })

  test('windows are written as they were, and the budget is about the whole', async () => {
    const plain = await analyzeHere([office, '-w', '1', '-T', 'csv'])
    const { code, text, complaints } = await runHere([
      office,
      '-w',
      '1',
      '-T',
      'csv',
      '--assert',
      broken,
      '--assert',
      'src(192.168.1.20).bytes > 1',
    ])
    expect([code, text]).toEqual([3, plain])
    expect(complaints).toEqual(['budget broken: total.p95 = 191.26 kbit/s, not < 100kbit/s'])
    expect(await runHere([office, '-w', '1', '--assert', 'total.rate < 90kbit/s'])).toMatchObject({ code: 0 })
  })

  test('a budget that makes no sense is a usage error that points at the place', async () => {
    expect(await runHere([office, '--assert', 'total.p59 < 1M'])).toEqual({
      code: 2,
      text: '',
      complaints: [
        "--assert: 'total.p59 < 1M', character 7: no metric 'p59'; there are rate, bytes, packets, min, mean, max, p50, p95, p99, peak, above",
        "try 'netkit analyze --help'",
      ],
    })
  })

  test('damage is the stronger word, and broken budgets are told all the same', async () => {
    const { code, complaints } = await runHere([
      `${capturesFolder}broken/pcap-cut-packet.pcap`,
      '--assert',
      'total.packets > 1000',
    ])
    expect(code).toBe(6)
    expect(complaints.at(-1)).toMatch(/^budget broken: total\.packets = \d+, not > 1000$/)
  })

  test('of no capture nothing is said', async () => {
    const text = writeFile(folder, 'text.pcap', Buffer.from('plain text and nothing else\n'))
    const { code, complaints } = await runHere([text, '--assert', 'total.packets > 1000'])
    expect(code).toBe(5)
    expect(complaints.join()).not.toContain('budget')
  })
})
