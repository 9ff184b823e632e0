/** Each way to fail: one sentence on stderr, its exit code, nothing on stdout that was not read, no stack trace. */
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { analyze, netkit } from '../support/netkit-process.ts'
import { analyzeHere, runHere } from '../support/run-here.ts'
import { sampleCapture } from '../support/sample-capture.ts'

const folder = temporaryFolder()
const inFolder = (name: string) => join(folder, name)
const sample = writeFile(folder, 'sample.pcap', sampleCapture)
// 24 bytes of header, two records of 16 + 100 and 16 + 1000, the header of the third and 50 of its bytes.
const cut = writeFile(folder, 'cut.pcap', sampleCapture.subarray(0, 24 + 116 + 1016 + 66))
const garbled = writeFile(
  folder,
  'garbled.pcap',
  Buffer.concat([sampleCapture.subarray(0, 140), Buffer.alloc(1000, 0xff)]),
)
const header = writeFile(folder, 'header.pcap', sampleCapture.subarray(0, 20))
const empty = writeFile(folder, 'empty.pcap', new Uint8Array(0))
const text = writeFile(
  folder,
  'text.pcap',
  Buffer.from('10:00:05.000000 IP 10.0.0.1.40000 > 90.130.70.73.443: Flags [.]\n'),
)
mkdirSync(inFolder('none'))

/** With the names of files as they are in the folder. */
async function run(...args: string[]) {
  const { complaints, ...result } = await runHere(args)
  return { ...result, complaints: complaints.map((line) => line.replaceAll(`${folder}/`, '')) }
}

describe('processes: streams and exit codes', () => {
  test.each([
    [['sample.pcap', '-o', 'none'], 1, ['cannot write none: it is a folder']],
    [['sample.pcap', '--frob'], 2, ['Nonexistent flag: --frob', "try 'netkit analyze --help'"]],
    [['nowhere.pcap'], 5, ['cannot open nowhere.pcap: no such file']],
    [['header.pcap'], 6, ['header.pcap: cut in the file header: 20 of 24 bytes; nothing in it could be read']],
  ])('%j: %i', async (args, code, sentences) => {
    const stderr = sentences.map((sentence) => `netkit: ${sentence}\n`).join('')
    expect(await analyze(args, { cwd: folder })).toEqual({ code, signal: null, stdout: '', stderr })
  })

  test('an unknown command', async () => {
    const { code, stdout, stderr } = await netkit(['anaylze'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trim()).toMatch(/^[^\n]*anaylze[^\n]*$/)
  })

  test('a missing file among good ones costs them nothing', async () => {
    const good = await analyze(['sample.pcap', '-q'], { cwd: folder })
    const { code, stdout, stderr } = await analyze(['sample.pcap', 'nowhere.pcap', '-q'], { cwd: folder })
    expect([code, stderr]).toEqual([5, 'netkit: cannot open nowhere.pcap: no such file\n'])
    expect(stdout).toBe(good.stdout)
  })

  test('a bad file among good ones', async () => {
    const { code, stdout, stderr } = await analyze(['sample.pcap', 'text.pcap', '-q'], { cwd: folder })
    expect([code, stdout]).toEqual([5, await analyzeHere([sample, '-q'])])
    expect(stderr).toMatch(/^netkit: text\.pcap: [^\n]*\n$/)
  })
})

describe('usage: 2, and the flag is named', () => {
  test.each([
    [['--window', 'abc'], /^--window: "abc"/],
    [['-w', '0', '--step', '1'], /^--step: /],
    [['-w', '5', '--idle', '-T', 'csv'], /^--idle: .*csv/],
    [['--since', '2024-01-02', '--until', '2024-01-01'], /^--until: .*--since/],
    [['-w', 'sample.pcap'], /^--window: "sample.pcap"/],
    [['-w', '-5'], /^--window: "-5"/],
    [['-w', '5', '-w', '6'], /--window/],
    [['-w', '5', '--step', '2'], /^--step: .*\(5\).*\(2\)/],
    [['-w', '5', '--step', '10'], /^--step: /],
    [['--step', '2'], /--step.*--window/],
    [['--by', 'colour'], /^--by: .*'colour'/],
    [['--by', 'src/200'], /^--by: .*src\/200/],
    [['--by', ''], /^--by: /],
    [['--sort', 'colour'], /^--sort: 'colour'.*bytes, packets, src/],
    [['--by', 'vlan', '--sort', 'src'], /^--sort: 'src'.*bytes, packets, vlan/],
    [['--units', 'KB'], /^--units: "KB"/],
    [['--top', '-1'], /^--top: '-1'/],
    [['-c', '0'], /^--count: '0'/],
    [['-c', '1e3'], /^--count: '1e3'/],
    [['--since', 'lately'], /^--since: "lately"/],
    [['--until', '2025-02-30'], /^--until: "2025-02-30"/],
    [['--format', 'xml'], /--format=xml.*csv/],
    [['--align', 'left'], /--align=left.*clock/],
    [['--bytes', 'bits'], /--bytes=bits.*payload/],
    [['--frob', '--bla'], /--frob, --bla/],
  ])('%j', async (args, message) => {
    const { code, text: written, complaints } = await run(sample, ...args)
    expect([code, written]).toEqual([2, ''])
    expect(complaints).toEqual([expect.stringMatching(message), "try 'netkit analyze --help'"])
    expect(complaints[0]).not.toContain('\n')
  })

  test('no FILE', async () => {
    expect(await run()).toMatchObject({ code: 2, complaints: [expect.stringContaining('FILE'), expect.anything()] })
  })
})

describe('no capture: 5', () => {
  test.each([
    [['nowhere.pcap'], 'cannot open nowhere.pcap: no such file'],
    [['sample.pcap/x'], 'cannot open sample.pcap/x: a part of the path is not a folder'],
    [['none*.pcap'], 'no file matches none*.pcap'],
    [['empty.pcap'], 'empty.pcap: empty: there is not a single byte in it'],
  ])('%j', async (names, message) => {
    expect(await run(...names.map(inFolder))).toEqual({ code: 5, text: '', complaints: [message] })
  })

  test('a folder without captures, and text', async () => {
    expect(await run(inFolder('none'))).toEqual({
      code: 5,
      text: '',
      complaints: [expect.stringMatching(/^no captures in the folder .*none: /)],
    })
    expect(await run(text)).toEqual({
      code: 5,
      text: '',
      complaints: [expect.stringMatching(/^text\.pcap: .*tcpdump/)],
    })
  })

  test('no permission', async (context) => {
    if (process.getuid?.() === 0) return context.skip('root may read everything')
    const secret = writeFile(folder, 'secret.cap', sampleCapture)
    chmodSync(secret, 0)
    const expected = await analyzeHere([sample, '-q'])
    const complaints = ['cannot open secret.cap: permission denied']
    expect(await run(secret, sample, '-q')).toEqual({ code: 5, text: expected, complaints })
  })

  test('a device that cannot be read is not called empty', async () => {
    const complaints = ['cannot read /proc/self/mem: the device reports a read error']
    expect(await run('/proc/self/mem')).toEqual({ code: 5, text: '', complaints })
  })
})

describe('damage: 6, and what was before it is shown', () => {
  test.each([
    [cut, 2, 'cut.pcap: cut in the packet at byte 1156: 50 of 100 bytes; everything before it is shown'],
    [
      garbled,
      1,
      'garbled.pcap: the record at byte 140 claims 4294967295 captured bytes (at most 262144 are plausible); everything before it is shown',
    ],
  ])('%s', async (file, frames, message) => {
    const { code, text: written, complaints } = await run(file, '-T', 'json')
    expect([code, complaints]).toEqual([6, [message]])
    const { capture, rows } = JSON.parse(written)
    expect([capture.frames, rows.length, capture.damage.length]).toEqual([frames, frames, 1])
    // Who does not get as far as the damage does not hear of it.
    expect(await run(file, '-c', '1')).toMatchObject({ code: 0, complaints: [] })
  })

  test('nothing before it: nothing is shown', async () => {
    expect(await run(header, '-T', 'json')).toMatchObject({ code: 6, text: '' })
  })
})

describe('bad files among good ones', () => {
  test('the good ones are shown, each bad one has its sentence, the worst gives the code', async () => {
    const mixed = await run(sample, cut, '-T', 'json')
    expect([mixed.code, mixed.complaints.length, JSON.parse(mixed.text).capture.frames]).toEqual([6, 1, 8])
    const worse = await run(text, empty, cut, sample, '-T', 'csv', '--by', 'protocol')
    expect(worse.code).toBe(5)
    expect(worse.complaints.map((line) => line.split(':')[0]).sort()).toEqual(['cut.pcap', 'empty.pcap', 'text.pcap'])
    expect(worse.text).toContain(',TCP,5,3200,')
  })

  test('in a folder, too', async () => {
    const { code, text: written, complaints } = await run(folder, '-T', 'csv', '--by', 'protocol')
    expect([code, complaints.length]).toEqual([5, 5])
    expect(written).toContain(',TCP,6,3300,')
  })
})
