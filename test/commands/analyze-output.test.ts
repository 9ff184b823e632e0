/** -o FILE: the whole result or nothing, and never in place of what was there when something fails. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { analyze, resultOf, shell, startNetkit } from '../support/netkit-process.ts'
import { analyzeHere } from '../support/run-here.ts'
import { sampleCapture } from '../support/sample-capture.ts'

const base = temporaryFolder()
let folder = base
let count = 0

beforeEach(() => {
  folder = join(base, String(count++))
  mkdirSync(folder)
  writeFileSync(join(folder, 'sample.pcap'), sampleCapture)
})

const inFolder = (...args: string[]) => analyze(args, { cwd: folder })
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('a file', () => {
  test('holds what stdout would; its ending names the format; nothing else is left', async () => {
    expect(await inFolder('sample.pcap', '-o', 'x.csv')).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    expect(read('x.csv')).toBe(await analyzeHere([join(folder, 'sample.pcap'), '-T', 'csv']))
    expect(readdirSync(folder).sort()).toEqual(['sample.pcap', 'x.csv'])
    for (const [name, format] of [
      ['x.JSONL', 'jsonl'],
      ['x.md', 'md'],
      ['x', 'text'],
      ['x.pdf', 'text'],
    ] as const) {
      await inFolder('sample.pcap', '-q', '-o', name)
      const here = await analyzeHere([join(folder, 'sample.pcap'), '-q', '-T', format])
      expect(read(name)).toBe(here.replaceAll(join(folder, 'sample.pcap'), 'sample.pcap'))
    }
    await inFolder('sample.pcap', '-o', 'y.csv', '--format', 'tsv')
    expect(read('y.csv')).toContain('\t')
  })

  test('is replaced in one step, with its permissions, behind its link', async () => {
    writeFileSync(join(folder, 'real.csv'), 'old')
    chmodSync(join(folder, 'real.csv'), 0o600)
    symlinkSync('real.csv', join(folder, 'link.csv'))
    symlinkSync('new.csv', join(folder, 'dangling.csv'))
    const { ino } = statSync(join(folder, 'real.csv'))
    for (const name of ['link.csv', 'dangling.csv'])
      expect(await inFolder('sample.pcap', '-o', name)).toMatchObject({ code: 0 })
    const facts = statSync(join(folder, 'real.csv'))
    expect([facts.mode & 0o777, facts.ino === ino]).toEqual([0o600, false])
    expect(read('real.csv')).toMatch(/^window_start,/)
    expect(read('new.csv')).toBe(read('real.csv'))
    expect(readdirSync(folder).sort()).toEqual(['dangling.csv', 'link.csv', 'new.csv', 'real.csv', 'sample.pcap'])
  })

  test('stays as it was when there is nothing to show', async () => {
    writeFileSync(join(folder, 'x.csv'), 'old')
    writeFileSync(join(folder, 'text.pcap'), 'no capture at all')
    expect(await inFolder('text.pcap', '-o', 'x.csv')).toMatchObject({ code: 5 })
    expect(await inFolder('text.pcap', '-o', 'y.csv')).toMatchObject({ code: 5 })
    expect(read('x.csv')).toBe('old')
    expect(readdirSync(folder).sort()).toEqual(['sample.pcap', 'text.pcap', 'x.csv'])
  })

  test('stays as it was when netkit is killed in the middle', async () => {
    writeFileSync(join(folder, 'x.csv'), 'old')
    for (const signal of ['SIGKILL', 'SIGHUP'] as const) {
      const child = startNetkit(['analyze', '-', '-o', 'x.csv'], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
      const result = resultOf(child)
      child.stdin!.write(sampleCapture)
      while (!readdirSync(folder).some((name) => name.endsWith('.part'))) await sleep(20)
      child.kill(signal)
      expect((await result).signal).toBe(signal)
      expect(read('x.csv')).toBe('old')
      for (const name of readdirSync(folder)) if (name.endsWith('.part')) execFileSync('rm', [join(folder, name)])
    }
  })

  test.each([
    ['nowhere/x.csv', 'cannot write nowhere/x.csv: there is no folder nowhere'],
    ['.', 'cannot write .: it is a folder'],
    ['/dev/full', 'cannot write /dev/full: no space left on the device'],
    ['sample.pcap/x.csv', 'cannot write sample.pcap/x.csv: a part of the path is not a folder'],
  ])('%s cannot be written: exit code 1', async (path, message) => {
    expect(await inFolder('sample.pcap', '-o', path)).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `netkit: ${message}\n`,
    })
  })
})

describe('an input is never written over', () => {
  test('named, in a folder, by a glob, through a link, as stdin', async () => {
    symlinkSync('sample.pcap', join(folder, 'link.pcap'))
    linkSync(join(folder, 'sample.pcap'), join(folder, 'hard.pcap'))
    for (const [input, out] of [
      ['sample.pcap', 'sample.pcap'],
      ['.', 'sample.pcap'],
      ['*.pcap', './sample.pcap'],
      ['link.pcap', 'sample.pcap'],
      ['sample.pcap', 'link.pcap'],
      ['sample.pcap', 'hard.pcap'],
    ] as const) {
      const { code, stderr } = await inFolder(input, '-o', out)
      expect([input, out, code]).toEqual([input, out, 1])
      expect(stderr).toMatch(/^netkit: will not write over the input .*\.pcap\n$/)
    }
    const stdin = await shell('netkit analyze - -o sample.pcap < sample.pcap', { cwd: folder })
    expect(stdin).toMatchObject({ code: 1, stderr: 'netkit: will not write over the input sample.pcap (stdin)\n' })
    expect(readFileSync(join(folder, 'sample.pcap')).equals(sampleCapture)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['hard.pcap', 'link.pcap', 'sample.pcap'])
  })
})

describe('what is no file is written as it is', () => {
  // Links like /dev/stdout: no test may put the machine's own at risk.
  test('descriptors, by links to them too', async () => {
    symlinkSync('/proc/self/fd/1', join(folder, 'stdout'))
    symlinkSync('/proc/self/fd/2', join(folder, 'stderr'))
    const expected = await analyzeHere([join(folder, 'sample.pcap'), '-q'])
    const quiet = (line: string) => shell(line, { cwd: folder })
    expect((await quiet('netkit analyze sample.pcap -q -o ./stdout | cat')).stdout).toBe(expected)
    expect((await quiet('netkit analyze sample.pcap -q -o ./stderr 2>&1 >/dev/null | cat')).stdout).toBe(expected)
    expect((await quiet('netkit analyze sample.pcap -q -o /dev/fd/1')).stdout).toBe(expected)
    expect((await quiet('netkit analyze sample.pcap -q -o -')).stdout).toBe(expected)
    expect((await quiet('netkit analyze sample.pcap -q -o >(cat) ; wait; sleep 0.2')).stdout).toBe(expected)
    expect(readdirSync(folder).sort()).toEqual(['sample.pcap', 'stderr', 'stdout'])
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    expect(await inFolder('sample.pcap', '-o', '/dev/null')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  test('what the shell redirects is kept', async () => {
    const { code } = await shell(
      'echo first > log; netkit analyze sample.pcap -q -o /dev/fd/1 >> log; echo last >> log',
      { cwd: folder },
    )
    expect(code).toBe(0)
    expect(read('log')).toBe(`first\n${await analyzeHere([join(folder, 'sample.pcap'), '-q'])}last\n`)
  })

  test('a named pipe, and one whose reader leaves', async () => {
    const result = await shell('mkfifo pipe; cat pipe & netkit analyze sample.pcap -q -o pipe; wait', { cwd: folder })
    expect(result).toMatchObject({ code: 0, stdout: await analyzeHere([join(folder, 'sample.pcap'), '-q']) })
    const left = await shell('true < pipe & netkit analyze sample.pcap -w 1ms --idle -T text -o pipe; echo $?; wait', {
      cwd: folder,
    })
    expect(left).toMatchObject({ code: 0, stdout: '0\n', stderr: '' })
    expect(existsSync(join(folder, 'pipe'))).toBe(true)
  })
})
