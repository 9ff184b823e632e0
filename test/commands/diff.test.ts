/** `netkit diff` as a user runs it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { runNetkit } from '../support/run-netkit.ts'
import { missingTools, output } from '../support/tools.ts'

const diff = (...args: string[]) => runNetkit(['diff', ...args])
const folder = temporaryFolder()

describe('exit codes', () => {
  test.each([
    [['test/pcaps/office.pcap', 'test/pcaps/vlan.pcapng'], 0, ''],
    [
      ['test/pcaps/office.pcap'],
      2,
      "netkit: Missing 1 required arg: b The capture after.; netkit: try 'netkit diff --help'",
    ],
    [['-', '-'], 2, "netkit: A and B are both stdin: one of them has to be a file\nnetkit: try 'netkit diff --help'\n"],
    [['test/pcaps/office.pcap', 'nowhere.pcap'], 5, 'netkit: cannot open nowhere.pcap: no such file\n'],
    [
      ['test/pcaps/broken/text.pcap', 'test/pcaps/office.pcap'],
      5,
      'netkit: test/pcaps/broken/text.pcap: not a capture but plain text\n',
    ],
    [
      ['test/pcaps/office.pcap', 'test/pcaps/broken/pcap-cut-packet.pcap'],
      6,
      'netkit: test/pcaps/broken/pcap-cut-packet.pcap: cut in the packet at byte 286: 20 of 54 bytes; everything before it is shown\n',
    ],
  ])('%j: %i', async (args, code, stderr) => {
    const run = await diff(...args)
    expect(run.exitCode).toBe(code)
    if (args.length === 1) expect(run.stderr).toMatch(/Missing 1 required arg/)
    else expect(run.stderr).toBe(stderr)
    expect(run.stdout === '').toBe(code === 2 || code === 5)
  })
})

test('stdin, folders and globs', async () => {
  const plain = await diff('test/pcaps/office.pcap', 'test/pcaps/vlan.pcapng', '-T', 'csv')
  const piped = await runNetkit(['diff', 'test/pcaps/office.pcap', '-', '-T', 'csv'], 'test/pcaps/vlan.pcapng')
  expect(piped).toEqual(plain)
  const globbed = await diff('test/pcaps/offic?.pcap', 'test/pcaps/vla*.pcapng', '-T', 'csv')
  expect(globbed).toEqual(plain)
  const folders = await diff('test/pcaps/compressed', 'test/pcaps/compressed', '--by', 'host', '-T', 'jsonl')
  expect(folders.exitCode).toBe(0)
  const lines = folders.stdout.trimEnd().split('\n')
  expect(lines.slice(0, -1).every((line) => line.includes('"status":"same"'))).toBe(true)
})

test('a filter leaves the frames that it takes', async () => {
  const run = await diff(
    'test/pcaps/office.pcap',
    'test/pcaps/any-sll2.pcap',
    '--by',
    'protocol',
    '-f',
    'udp',
    '-T',
    'csv',
  )
  expect(run.stderr).toBe('')
  expect(run.stdout.split('\n').slice(1, -1)).toEqual([expect.stringMatching(/^protocol,gone,UDP,438,33565,/)])
})

test('the format by the ending of the output file', async () => {
  const file = join(folder, 'changes.csv')
  const run = await diff('test/pcaps/office.pcap', 'test/pcaps/vlan.pcapng', '-o', file)
  expect(run).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  expect(readFileSync(file, 'utf8')).toBe(
    (await diff('test/pcaps/office.pcap', 'test/pcaps/vlan.pcapng', '-T', 'csv')).stdout,
  )
})

test('new hosts are those of B that A has not, as analyze lists them', async () => {
  const hosts = async (file: string) => {
    const { stdout } = await runNetkit(['analyze', file, '--by', 'host', '-T', 'csv', '--no-header'])
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',')[2]!)
  }
  const [a, b] = ['test/pcaps/office.pcap', 'test/pcaps/two-interfaces.pcapng']
  const [before, after] = [await hosts(a!), await hosts(b!)]
  const { stdout } = await diff(a!, b!, '--by', 'host', '-T', 'csv', '--no-header')
  const of = (status: string) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith(`host,${status},`))
      .map((line) => line.split(',')[2])
      .sort()
  expect(of('new')).toEqual(after.filter((host) => !before.includes(host)).sort())
  expect(of('gone')).toEqual(before.filter((host) => !after.includes(host)).sort())
  expect(of('new').length + of('gone').length).toBeGreaterThan(3)
})

const missing = corpusMissing ?? missingTools('tshark')
if (missing !== null) console.log(`diff.test: skipped in part, ${missing}`)

/** Outermost addresses of each frame, and its length; frames without IP are left out. */
function hostsByTshark(file: string): Map<string, number> {
  const fields = ['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'frame.len'].flatMap((field) => ['-e', field])
  const text = output('tshark', ['-n', '-r', file, '-T', 'fields', '-E', 'occurrence=f', ...fields])
  const bytes = new Map<string, number>()
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const [src4, dst4, src6, dst6, length] = line.split('\t')
    for (const host of new Set([src4 || src6, dst4 || dst6])) {
      if (host) bytes.set(host, (bytes.get(host) ?? 0) + Number(length))
    }
  }
  return bytes
}

describe.skipIf(missing !== null)('captures of the corpus', () => {
  test.each([
    ['PcapPlusPlus/example.pcap', 'PcapPlusPlus/examples/http-packets.pcap'],
    ['PcapPlusPlus/DnsPackets.pcap', 'PcapPlusPlus/example.pcap'],
  ])('%s and %s: hosts are those of tshark', async (nameA, nameB) => {
    const files = [corpusFile(nameA), corpusFile(nameB)] as const
    const [before, after] = [hostsByTshark(files[0]), hostsByTshark(files[1])]
    const { stdout, exitCode } = await diff(...files, '--by', 'host', '-n', '-T', 'json')
    expect(exitCode).toBe(0)
    const { rows, sections } = JSON.parse(stdout)
    const isIp = ({ host }: { host: string | null }) => host !== null && !/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(host)
    const got = rows
      .filter(isIp)
      .map((row: { status: string; host: string; a_bytes: number | null; b_bytes: number | null }) => [
        row.host,
        row.status === 'same' ? 'changed' : row.status,
        row.a_bytes,
        row.b_bytes,
      ])
    const expected = [...new Set([...before.keys(), ...after.keys()])].map((host) => [
      host,
      !before.has(host) ? 'new' : !after.has(host) ? 'gone' : 'changed',
      before.get(host) ?? null,
      after.get(host) ?? null,
    ])
    const byHost = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1)
    expect(got.sort(byHost)).toEqual(expected.sort(byHost))
    expect(got.length).toBeGreaterThan(3)
    expect(sections[0].new + sections[0].gone + sections[0].changed + sections[0].same).toBe(rows.length)
  })
})
