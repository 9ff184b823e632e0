/** `netkit check` as a user runs it: what is printed, and the exit codes that scripts go by. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import Check from '../../src/commands/check.ts'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { netkit, shell } from '../support/netkit-process.ts'
import { sampleCapture } from '../support/sample-capture.ts'

const folder = temporaryFolder()
const office = `${capturesFolder}office.pcapng`
const twice = `${capturesFolder}two-interfaces.pcapng`
const check = (...args: string[]) => netkit(['check', ...args])

describe('exit codes', () => {
  test.each([
    ['nothing but notes', [`${capturesFolder}office.pcap`], 0],
    ['warnings', [twice], 3],
    ['a cut capture', [`${capturesFolder}broken/pcap-cut-packet.pcap`], 6],
    ['damage', [`${capturesFolder}broken/pcapng-zero-length-block.pcapng`], 6],
    ['no capture', [`${capturesFolder}broken/text.pcap`], 5],
    ['no capture beside one', [twice, `${capturesFolder}broken/text.pcap`], 5],
    ['no such file', ['nowhere.pcap'], 5],
    ['no file named', [], 2],
    ['no such format', [office, '-T', 'csv'], 2],
    ['no room', [office, '-o', '/dev/full'], 1],
  ] as const)('%s', async (_, args, expected) => {
    const { code, stderr } = await check(...args)
    expect(code).toBe(expected)
    expect(Check.description).toContain(`${expected} `)
    for (const line of stderr.split('\n').slice(0, -1)) expect(line).toMatch(/^netkit: /)
    expect(stderr === '').toBe(expected === 0 || expected === 3)
  })
})

describe('text', () => {
  test('nothing found', async () => {
    const { stdout } = await check(office)
    expect(stdout).toMatch(/^File +\S+office\.pcapng\nFormat +pcapng\n/)
    expect(stdout).toMatch(/\nFrames +812\n.*\nTCP +5 conversations\n\nNothing found: the numbers hold\.\n$/s)
  })

  test('each finding: what, what it does, where', async () => {
    expect((await check('-q', '-r', twice)).stdout).toBe(
      `WARNING  32 of 80 frames (40.0%) repeat a frame of the last 10 ms, 8.84 kB in all
         Packets are counted 1.67 times and bytes 1.88 times: a mirror port of both directions, both sides of a router, or the same traffic in two files. editcap -d removes copies that are equal in every byte.
         first: frame 9, 2026-11-22 13:28:49.017220666 UTC

note     6 of 80 frames (7.5%) are older than the frame before, by up to 201.037969 ms
         None: frames count in the window of their time, wherever they are in the file.
         first: frame 7, 2026-11-22 13:28:49.017210916 UTC

Numbers are off, or may be: 1 warning, 1 note.
`,
    )
  })

  test('damage', async () => {
    const file = `${capturesFolder}broken/pcap-cut-packet.pcap`
    const { stdout, stderr } = await check('-q', file)
    expect(stdout).toMatch(
      /^ERROR {4}\S+pcap-cut-packet\.pcap: cut in the packet at byte \d+: .*\n {9}What comes after/,
    )
    expect(stdout).toMatch(/\n {9}after frame \d+, /)
    expect(stderr).toMatch(/^netkit: \S+: cut in the packet .*; everything before it is shown\n$/)
  })

  test('--salvage: what was passed over, and findings on all that was read', async () => {
    const bytes = readFileSync(`${capturesFolder}office.pcap`)
    // The capture is 24 bytes and records; this is in the middle of one.
    const file = writeFile(
      folder,
      'garbage.pcap',
      Buffer.concat([bytes.subarray(0, 100_000), Buffer.alloc(1000, 0xa5), bytes.subarray(100_000)]),
    )
    const { code, stdout } = await check('-T', 'json', '--salvage', file)
    const { capture, findings } = JSON.parse(stdout)
    expect([code, findings[0].kind, findings[0].first]).toEqual([6, 'unreadable', null])
    expect(findings[0].what).toContain('passed over')
    expect(findings[0].effect).toContain('the frames before and behind are')
    expect(capture.frames).toBeGreaterThan(800)
  })

  test('names from outside cannot act on the terminal', async () => {
    const evil = 'a\x1b]0;owned\x07\u202egpj.pcap'
    mkdirSync(join(folder, 'names'))
    writeFileSync(join(folder, 'names', evil), sampleCapture.subarray(0, -3))
    const { stdout, stderr } = await netkit(['check', evil], { cwd: join(folder, 'names') })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/)
    expect(stdout).toContain('a\\x1b]0;owned\\x07\\u202egpj.pcap')
  })
})

describe('json', () => {
  test('facts of the capture as analyze has them, and findings', async () => {
    const analyzed = JSON.parse((await netkit(['analyze', twice, '-n', '-T', 'json'])).stdout)
    const { schema_version, worst, capture, findings } = JSON.parse((await check(twice, '-T', 'json')).stdout)
    const { accounting, protocols, ...facts } = analyzed.capture
    expect(capture).toEqual({ ...facts, tcp_conversations: 1 })
    expect([schema_version, worst]).toEqual([1, 'warning'])
    expect(findings).toMatchObject([
      {
        kind: 'duplicates',
        severity: 'warning',
        what: expect.stringContaining('32 of 80 frames'),
        effect: expect.stringContaining('1.67 times'),
        count: 32,
        of: 80,
        unit: 'frame',
        first: { frame: 9, time_ns: '1795354129017220666' },
        details: { bytes: 8838 },
      },
      { kind: 'time-backwards', severity: 'info', details: { largest_ns: 201037969 } },
    ])
  })

  test('into a file, by its ending; a file stays as it was when there is nothing to say', async () => {
    const file = join(folder, 'x.json')
    expect(await check(office, '-o', file)).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ worst: null, findings: [] })
    const before = readFileSync(file, 'utf8')
    expect((await check(`${capturesFolder}broken/text.pcap`, '-o', file)).code).toBe(5)
    expect(readFileSync(file, 'utf8')).toBe(before)
    await check(`${capturesFolder}broken/text.pcap`, '-o', join(folder, 'y.json'))
    expect(existsSync(join(folder, 'y.json'))).toBe(false)
    const input = writeFile(folder, 'z.pcap', sampleCapture)
    expect(await check(input, '-o', input)).toMatchObject({ code: 1, stderr: expect.stringContaining('the input') })
  })
})

test('stdin, and several inputs as one capture', async () => {
  const piped = await shell(`cat '${twice}' | netkit check -q -`)
  expect([piped.code, piped.stdout]).toEqual([3, (await check('-q', twice)).stdout])
  const copy = writeFile(folder, 'copy.pcapng', readFileSync(office))
  const { stdout } = await check('-T', 'json', office, copy)
  expect(JSON.parse(stdout).findings[0]).toMatchObject({ kind: 'duplicates', count: 812, of: 1624 })
})
