/** `netkit log` on files and pipes, as a user runs it. */
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFile } from '../node/fixtures.ts'
import { pcap, pcapHeader, pcapRecord } from '../support/build-capture.ts'
import { capturesFolder } from '../support/captures.ts'
import { eventually } from '../support/live-captures.ts'
import { inTerminal, NETKIT, netkit, resultOf, shell, startNetkit } from '../support/netkit-process.ts'
import { sampleCapture } from '../support/sample-capture.ts'
import { missingTools, output } from '../support/tools.ts'
import { udpFrame } from '../support/udp-frame.ts'

const folder = temporaryFolder()
const sample = writeFile(folder, 'sample.pcap', sampleCapture)
const data = udpFrame({ payload: new Uint8Array(20) })
const large = writeFile(
  folder,
  'large.pcap',
  pcap(Array.from({ length: 100_000 }, (_, i) => ({ seconds: 1e9 + Math.floor(i / 100), data }))),
)
const log = (...args: string[]) => netkit(['log', ...args])

describe('files', () => {
  test('to stdout, with a summary on stderr', async () => {
    const { code, stdout, stderr } = await log(sample)
    expect([code, stderr]).toEqual([0, 'netkit: logged 6 frames, 2460 bytes\n'])
    expect(stdout.split('\n')[1]).toBe(
      '      1  2025-11-03T10:00:05.000000000Z  10.0.0.1          → 90.130.70.73       TCP        100',
    )
    expect((await log('-r', sample, '-q', '-c', '2', '-T', 'csv')).stdout.split('\n')).toHaveLength(4)
  })

  test('to a file, in the format of its name; what was there is overwritten', async () => {
    const file = writeFile(folder, 'capture_log.csv', Buffer.from('old\n'.repeat(1000)))
    const { code, stdout, stderr } = await log(sample, '-o', file)
    expect([code, stdout, stderr]).toEqual([0, '', `netkit: logged 6 frames, 2460 bytes, to ${file}\n`])
    expect(readFileSync(file, 'utf8')).toBe((await log(sample, '-T', 'csv')).stdout)
  })

  test('stdin, several, a folder', async () => {
    const { stdout } = await shell(`netkit log - -q -T csv < '${sample}'`)
    expect(stdout).toBe((await log(sample, '-T', 'csv')).stdout)
    const both = join(folder, 'both')
    mkdirSync(both)
    writeFile(both, 'a.pcap', sampleCapture)
    writeFile(both, 'b.pcap', sampleCapture)
    expect((await log(both)).stderr).toContain('logged 12 frames')
    expect((await log(sample, large)).stderr).toContain('logged 100006 frames')
  })

  test('pcapng into a pipe', async () => {
    const { code, stdout } = await shell(`netkit log '${sample}' -T pcapng -q | netkit log - -T csv -q`)
    expect(code).toBe(0)
    expect(stdout).toBe((await log(sample, '-T', 'csv')).stdout)
  })

  test('rotation', async () => {
    const place = join(folder, 'rotated')
    mkdirSync(place)
    const file = join(place, 'log.csv')
    const { code, stderr } = await log(large, '-o', file, '--rotate', 'size=1MB,keep=3')
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /logged 100000 frames, \d+ bytes, to .*log\.csv and 2 older files \(.*log\.\d{5}\.csv …\)\n$/,
    )
    const names = readdirSync(place).sort()
    expect(names).toHaveLength(3)
    const numbers = names
      .flatMap((name) => readFileSync(join(place, name), 'utf8').trimEnd().split('\n').slice(1))
      .map((line) => Number(line.split(',')[0]))
    expect(numbers.at(-1)).toBe(100_000)
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 100_001 - numbers.length + i))
  })

  test.each([
    [['nosuch.pcap'], 5, /cannot open nosuch.pcap: no such file/],
    [[`${capturesFolder}broken/text.pcap`], 5, /not a capture but plain text/],
    [[`${capturesFolder}broken/pcap-cut-packet.pcap`], 6, /everything before it is shown/],
    [[], 2, /no interface and no FILE/],
    [[sample, 'lo'], 2, /not both/],
    [[sample, '-f', 'udp porty 1'], 2, /--filter/],
    [[sample, '--duration', '3'], 2, /--duration/],
    [[sample, '-s', '60'], 2, /--snaplen/],
    [[sample, '--rotate', 'size=1MB'], 2, /--rotate/],
    [[sample, '-o', '-', '--rotate', 'size=1MB'], 2, /--rotate: needs -o FILE/],
    [[sample, '-o', 'x', '--rotate', 'keep=3'], 2, /keep needs a size or a time/],
    [[sample, '-o', sample], 1, /will not write over the input/],
    [[sample, '-o', join(folder, 'missing', 'x.txt')], 1, /there is no folder .*missing/],
  ])('%j', async (args, code, words) => {
    const result = await log(...args)
    expect(result.code).toBe(code)
    expect(result.stderr).toMatch(words)
  })

  test('no capture: an older log stays', async () => {
    const file = writeFile(folder, 'older.txt', Buffer.from('precious'))
    expect((await log(`${capturesFolder}broken/text.pcap`, '-o', file)).code).toBe(5)
    expect(readFileSync(file, 'utf8')).toBe('precious')
  })

  test.skipIf(missingTools('script') !== null)('pcapng is not for terminals', async () => {
    const { code, stdout } = await inTerminal(`'${process.execPath}' '${NETKIT}' log '${sample}' -T pcapng`)
    expect(code).toBe(2)
    expect(stdout).toContain('not onto a terminal')
  })
})

const noTshark = missingTools('tshark', 'capinfos')
if (noTshark !== null) console.log(`netkit log against tshark: skipped, ${noTshark}`)

describe.skipIf(noTshark !== null)('against tshark', () => {
  test('number, addresses, length', async () => {
    const file = `${capturesFolder}office.pcapng`
    const fields = ['frame.number', 'ip.src', 'ip.dst', 'frame.len'].flatMap((field) => ['-e', field])
    const theirs = output('tshark', ['-r', file, '-T', 'fields', ...fields])
      .trimEnd()
      .split('\n')
    const lines = (await log(file)).stdout.trimEnd().split('\n').slice(1)
    expect(lines).toHaveLength(theirs.length)
    for (const [i, line] of lines.entries()) {
      const [number, , source, , destination, , length] = line.trim().split(/\s+/)
      const [theirNumber, theirSource, theirDestination, theirLength] = theirs[i]!.split('\t')
      expect([number, length]).toEqual([theirNumber, theirLength])
      if (theirSource !== '') expect([source, destination]).toEqual([theirSource, theirDestination])
    }
  })

  test('pcapng, cut to 64 bytes', async () => {
    const file = join(folder, 'cut.pcapng')
    await log(`${capturesFolder}office.pcapng`, '-o', file, '-s', '64')
    const lengths = (capture: string) =>
      output('tshark', ['-r', capture, '-T', 'fields', '-e', 'frame.len', '-e', 'frame.cap_len'])
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t').map(Number))
    expect(lengths(file)).toEqual(
      lengths(`${capturesFolder}office.pcapng`).map(([length, captured]) => [length, Math.min(64, captured!)]),
    )
    expect(output('capinfos', ['-l', file])).toContain('64')
  })
})

describe('streams', () => {
  test.each(['text', 'csv', 'jsonl', 'pcapng'])('| head ends quietly, %s', async (format) => {
    expect(await shell(`netkit log '${large}' -T ${format} | head -c 100 | wc -c`)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: '100\n',
    })
  })

  test.skipIf(!existsSync('/dev/full'))('/dev/full: a sentence, exit 1', async () => {
    for (const line of [`netkit log '${sample}' -o /dev/full`, `netkit log '${sample}' > /dev/full`]) {
      const { code, stderr } = await shell(line)
      expect(code).toBe(1)
      expect(stderr).toMatch(/netkit: cannot write (\/dev\/full|to stdout): no space left on the device\n$/)
    }
  })

  test('a file that may grow no further: whole lines, and how many', async () => {
    const file = join(folder, 'limited.csv')
    const { code, stderr } = await shell(`ulimit -f 1000; netkit log '${large}' -o '${file}'`)
    expect(code).toBe(1)
    expect(stderr).toMatch(/cannot write .*limited.csv: file too large\n$/)
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines.pop()).toBe('')
    expect(stderr).toContain(`logged ${lines.length - 1} frames`)
    for (const [i, line] of lines.entries()) if (i > 0) expect(line.split(',')).toMatchObject({ 0: `${i}`, length: 11 })
  })

  /** `netkit log - -o FILE`, and what feeds it. */
  async function startLog(file: string, ...more: string[]) {
    const child = startNetkit(['log', '-', '-o', file, ...more], { stdio: ['pipe', 'pipe', 'pipe'] })
    const result = resultOf(child)
    child.stdin!.on('error', () => {})
    child.stdin!.write(pcapHeader({}))
    return {
      child,
      result,
      send: (count: number) => child.stdin!.write(Buffer.concat(Array(count).fill(pcapRecord({ data })))),
    }
  }

  const lineCount = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0)

  test('tail -f: what has come is there', async () => {
    const file = join(folder, 'tail.txt')
    const { child, result, send } = await startLog(file)
    for (const count of [1, 4]) {
      send(count === 1 ? 1 : 3)
      // A header, then a line a frame.
      expect(await eventually(() => lineCount(file) === count + 1, 8000)).toBe(true)
    }
    child.stdin!.end()
    expect(await result).toMatchObject({ code: 0, stderr: expect.stringContaining('logged 4 frames') })
  })

  test('Ctrl-C: what came is logged, exit 0', async () => {
    const file = join(folder, 'interrupted.txt')
    const { child, result, send } = await startLog(file)
    send(5)
    expect(await eventually(() => lineCount(file) === 6, 8000)).toBe(true)
    child.kill('SIGINT')
    expect(await result).toMatchObject({ code: 0, stderr: expect.stringContaining('logged 5 frames') })
  })

  test('kill -9 in the middle: whole lines, and at most the last cut', async () => {
    const file = join(folder, 'killed.csv')
    const { child, result, send } = await startLog(file)
    const feeding = setInterval(() => child.stdin!.writableLength < 1e6 && send(5000), 1)
    expect(await eventually(() => lineCount(file) > 20_000, 15_000)).toBe(true)
    child.kill('SIGKILL')
    clearInterval(feeding)
    await result
    const lines = readFileSync(file, 'utf8').split('\n')
    lines.pop()
    expect(lines.length).toBeGreaterThan(20_000)
    for (const [i, line] of lines.entries()) if (i > 0) expect(line.split(',')).toMatchObject({ 0: `${i}`, length: 11 })
  })

  test.skipIf(process.platform === 'win32')('the folder is removed: a sentence, exit 1', async () => {
    const place = join(folder, 'gone')
    mkdirSync(place)
    const file = join(place, 'log.txt')
    const { child, result, send } = await startLog(file)
    send(1)
    expect(await eventually(() => lineCount(file) === 2, 8000)).toBe(true)
    rmSync(place, { recursive: true })
    const feeding = setInterval(() => send(1), 50)
    await Promise.race([once(child, 'close'), sleep(8000)])
    clearInterval(feeding)
    const { code, stderr } = await result
    expect(code).toBe(1)
    expect(stderr).toContain(`netkit: ${file} was removed while it was written`)
  })
})

test('an existing file is a file, whatever its name', async () => {
  writeFileSync(join(folder, 'eth0'), sampleCapture)
  expect((await netkit(['log', 'eth0', '-q', '-T', 'csv'], { cwd: folder })).stdout.split('\n')).toHaveLength(8)
})
