/** `netkit log` on real interfaces, in a network of its own where only what a test sends is on the wire. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { drained, eventually } from '../support/live-captures.ts'
import { rowsOf } from '../support/log-files.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { NETKIT, type Result, resultOf } from '../support/netkit-process.ts'
import { readCapture } from '../support/read-capture.ts'

const reason = whyNoLab('dumpcap', 'script')
if (reason !== null) console.log(`netkit log on real interfaces: skipped, ${reason}`)

const folder = temporaryFolder()
let made = 0
const newFile = (ending: string) => join(folder, `log${made++}.${ending}`)

describe.skipIf(reason !== null)('netkit log IFACE', { timeout: 30_000 }, () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab({ links: 2 })
  })
  afterAll(() => lab.close())
  // Nothing captures any more: what a failed test leaves behind must not fail the next one.
  afterEach(async () => {
    const ended = await eventually(() => lab.pids(lab.a).length === 0)
    for (const pid of lab.pids(lab.a)) process.kill(pid, 'SIGKILL')
    expect(ended).toBe(true)
  })

  interface Running {
    readonly child: ChildProcess
    readonly result: Promise<Result>
    /** All that came on stdout and stderr. */
    output(): string
  }

  /** In namespace `a`; ready when it says that it captures. */
  async function start(command: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore'): Promise<Running> {
    const child = spawn('ip', ['netns', 'exec', lab.a, ...command], { stdio: [stdin, 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (output += text))
    return { child, result: resultOf(child), output: () => output }
  }

  async function log(...args: string[]): Promise<Running> {
    const running = await start([process.execPath, NETKIT, 'log', ...args])
    expect(await eventually(() => running.output().includes('capturing on'), 10_000)).toBe(true)
    return running
  }

  /**
   * On a terminal. What is typed goes to its stdin. `exec`, because a shell that waits for netkit (dash) dies of
   * Ctrl-C afterwards, and its exit code is what `script` gives.
   */
  async function logOnTerminal(...args: string[]): Promise<Running> {
    const line = ['exec', process.execPath, NETKIT, 'log', ...args].map((word) => `'${word}'`).join(' ')
    return start(['script', '-qefc', line, '/dev/null'], 'pipe')
  }

  const netkitPid = () =>
    lab
      .pids(lab.a)
      .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`${process.execPath}\0${NETKIT}`))!

  test('Ctrl-C right after the last frame: all of them, in order', async () => {
    const file = newFile('csv')
    const { result } = await log('va', '-o', file)
    await lab.send(2000, { rate: 10_000, length: 80 })
    process.kill(netkitPid(), 'SIGINT')
    expect(await result).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/logged 2000 frames, 160000 bytes, to .*\.csv; dropped: 0\n$/),
    })
    const rows = rowsOf(readFileSync(file, 'utf8'))
    expect(rows.map(({ frame }) => Number(frame))).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1))
    expect(rows[0]).toMatchObject({
      src: '10.99.0.2',
      dst: '10.99.0.9',
      protocol: 'UDP',
      dst_port: '9',
      length: '80',
      interface: 'va',
    })
    expect(new Date(rows[0]!.time!).getTime()).toBeGreaterThan(Date.now() - 30_000)
  })

  test('SIGTERM stops it, the end of stdin does not', async () => {
    const running = await log('va', '-T', 'jsonl')
    await lab.send(10)
    expect(await eventually(() => running.output().includes('"frame":10,'), 3000)).toBe(true)
    await sleep(300)
    expect(running.child.exitCode).toBeNull()
    process.kill(netkitPid(), 'SIGTERM')
    const { code, stdout } = await running.result
    expect([code, stdout.split('\n').length]).toEqual([0, 11])
  })

  test('-c', async () => {
    const { result } = await log('-i', 'va', '-c', '7')
    await lab.send(100, { rate: 1000 })
    const { code, stdout, stderr } = await result
    expect([code, stdout.split('\n').length]).toEqual([0, 9])
    expect(stderr).toContain('logged 7 frames')
  })

  test('--duration, -f and -s', async () => {
    const file = newFile('pcapng')
    const { result } = await log(
      'va',
      '--duration',
      '1.5',
      '-f',
      'dst host 10.99.0.9 and greater 200',
      '-s',
      '50',
      '-o',
      file,
    )
    const started = Date.now()
    await lab.send(20, { length: 300 })
    await lab.send(20, { length: 100 })
    expect(await result).toMatchObject({ code: 0, stderr: expect.stringContaining('logged 20 frames, 6000 bytes') })
    expect(Date.now() - started).toBeLessThan(6000)
    const { frames, interfaces } = await readCapture(readFileSync(file))
    expect(frames.map(({ caplen, origlen }) => [caplen, origlen])).toEqual(Array(20).fill([50, 300]))
    expect(interfaces).toMatchObject([{ name: 'va', snaplen: 50, received: 20, dropped: 0 }])
  })

  test('an interface that is named twice: each frame once', async () => {
    const { result } = await log('-i', 'va', 'va')
    await lab.send(20)
    await drained()
    process.kill(netkitPid(), 'SIGINT')
    expect((await result).stderr).toMatch(/^netkit: capturing on va;.*\nnetkit: logged 20 frames,/)
  })

  test('two interfaces', async () => {
    const { result } = await log('va', 'va1', '-T', 'csv')
    await Promise.all([lab.send(500, { rate: 2000 }), lab.send(300, { rate: 2000, link: 1 })])
    await drained()
    process.kill(netkitPid(), 'SIGINT')
    const rows = rowsOf((await result).stdout)
    expect(rows.filter((row) => row.interface === 'va')).toHaveLength(500)
    expect(rows.filter((row) => row.interface === 'va1')).toHaveLength(300)
  })

  test('what has come is in the file half a second later', async () => {
    const file = newFile('txt')
    const { result } = await log('va', '-o', file)
    const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length : 0)
    // The header, before any frame.
    expect(await eventually(() => lines() === 2)).toBe(true)
    for (const count of [1, 2, 3]) {
      await lab.send(1)
      expect(await eventually(() => lines() === count + 2, 500)).toBe(true)
    }
    process.kill(netkitPid(), 'SIGINT')
    await result
  })

  test('rotation by time', async () => {
    const file = newFile('csv')
    const { result } = await log('va', '-o', file, '--rotate', 'time=1s,keep=2')
    await lab.send(250, { rate: 100 })
    process.kill(netkitPid(), 'SIGINT')
    expect(await result).toMatchObject({ code: 0, stderr: expect.stringContaining('and 1 older file') })
    const stem = file.slice(folder.length + 1, -4)
    const names = readdirSync(folder).filter((name) => name.startsWith(`${stem}.`))
    expect(names.sort()).toEqual([`${stem}.00002.csv`, `${stem}.csv`])
    const rows = names.flatMap((name) => rowsOf(readFileSync(join(folder, name), 'utf8')))
    expect(rows.at(-1)!.frame).toBe('250')
  })

  test('ENTER on a terminal', async () => {
    const file = newFile('txt')
    const running = await logOnTerminal('va', '-o', file)
    expect(await eventually(() => running.output().includes('ENTER or Ctrl-C stops'), 10_000)).toBe(true)
    await lab.send(5)
    running.child.stdin!.write('\n')
    const { code, stdout } = await running.result
    expect([code, stdout]).toEqual([0, expect.stringContaining('logged 5 frames')])
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(7)
  })

  test('a line on the terminal counts', async () => {
    const file = newFile('csv')
    const running = await logOnTerminal('va', '-o', file, '--rotate', 'size=5kB')
    expect(await eventually(() => running.output().includes('Ctrl-C stops'), 10_000)).toBe(true)
    await lab.send(1)
    expect(await eventually(() => running.output().includes('1 frame, 100 bytes, to '), 5000)).toBe(true)
    await lab.send(99)
    expect(await eventually(() => running.output().includes('100 frames, 10000 bytes, to '), 5000)).toBe(true)
    running.child.stdin!.write('\n')
    const { stdout } = await running.result
    // Gone before the sentence at the end.
    const last = stdout.split('\x1b[2K').at(-1)
    expect(last).toMatch(/^netkit: logged 100 frames, 10000 bytes, to [^\r\n]*; dropped: 0\r\n$/)
  })

  test.each([['-q'], ['-c', '5']])('no such line: %j', async (...args) => {
    const running =
      args[0] === '-q'
        ? await logOnTerminal('va', '--duration', '3', '-o', newFile('csv'), ...args)
        : await log('va', '-o', newFile('csv'), ...args)
    if (args[0] === '-q') expect(await eventually(() => lab.pids(lab.a).length >= 3, 10_000)).toBe(true)
    await sleep(500)
    await lab.send(3)
    await sleep(1500)
    await lab.send(3)
    const { code } = await running.result
    expect([code, running.output().includes('3 frames,')]).toEqual([0, false])
  })

  test('Ctrl-C on a terminal', async () => {
    const file = newFile('txt')
    const running = await logOnTerminal('va', '-o', file)
    expect(await eventually(() => running.output().includes('Ctrl-C stops'), 10_000)).toBe(true)
    await lab.send(5)
    await drained()
    running.child.stdin!.write('\x03')
    const { code, stdout } = await running.result
    expect([code, stdout]).toEqual([0, expect.stringContaining('logged 5 frames')])
  })

  test('in the background of a shell what is typed is the shell’s; brought back, ENTER stops it', async () => {
    const file = newFile('txt')
    const running = await start(['script', '-qefc', 'bash --norc --noediting -i', '/dev/null'], 'pipe')
    const type = (line: string) => running.child.stdin!.write(`${line}\n`)
    type(`'${process.execPath}' '${NETKIT}' log va -o '${file}' &`)
    expect(await eventually(() => running.output().includes('capturing on va'), 10_000)).toBe(true)
    for (const word of ['one', 'two']) {
      type(`echo "<${word}>"`)
      expect(await eventually(() => running.output().includes(`\n<${word}>`))).toBe(true)
    }
    await lab.send(2)
    // T: stopped, as by SIGTTIN.
    expect(readFileSync(`/proc/${netkitPid()}/stat`, 'utf8')).toMatch(/\) [RSD] /)
    type('fg')
    await sleep(1000)
    type('')
    expect(await eventually(() => running.output().includes('logged 2 frames'))).toBe(true)
    type('exit')
    await running.result
  })

  test.each(['va', 'number'])('asks for an interface: by %s', async (answer) => {
    const file = newFile('txt')
    const running = await logOnTerminal('-o', file)
    expect(await eventually(() => running.output().includes('by number or name'), 10_000)).toBe(true)
    const number = /(\d+)\. +va /.exec(running.output())?.[1]
    running.child.stdin!.write('nonsense\r')
    expect(await eventually(() => running.output().includes('There is no nonsense'))).toBe(true)
    running.child.stdin!.write(`${answer === 'number' ? number : answer}\r`)
    expect(await eventually(() => running.output().includes('capturing on va'), 10_000)).toBe(true)
    await lab.send(3)
    running.child.stdin!.write('\r')
    const { code, stdout } = await running.result
    expect([code, stdout]).toEqual([0, expect.stringContaining('logged 3 frames')])
  })

  test('Ctrl-C at the question', async () => {
    const running = await logOnTerminal()
    expect(await eventually(() => running.output().includes('by number or name'), 10_000)).toBe(true)
    running.child.stdin!.write('\x03')
    const { code, stdout } = await running.result
    expect([code, stdout]).toEqual([2, expect.stringContaining('no interface was chosen')])
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk ends it, and the capture with it', async () => {
    for (const args of [
      ['-o', '/dev/full'],
      ['-o', join(folder, 'missing', 'x.txt')],
    ]) {
      const { result } = await log('va', ...args)
      const { code, stderr } = await result
      expect(code).toBe(1)
      expect(stderr).toMatch(/cannot write .*: (no space left on the device|there is no folder .*)\n$/)
    }
  })

  test('| head ends it', async () => {
    const running = await start(['sh', '-c', `'${process.execPath}' '${NETKIT}' log va | head -2`])
    expect(await eventually(() => running.output().includes('capturing on'), 10_000)).toBe(true)
    const stop = setInterval(() => lab.send(5), 300)
    const { code, stdout } = await running.result
    clearInterval(stop)
    expect([code, stdout.split('\n').length]).toEqual([0, 3])
  })

  test('kill -9: what was in the file stays, no capture is left', async () => {
    const file = newFile('csv')
    const { result } = await log('va', '-o', file)
    await lab.send(500, { rate: 5000 })
    expect(await eventually(() => readFileSync(file, 'utf8').split('\n').length === 502, 1000)).toBe(true)
    process.kill(netkitPid(), 'SIGKILL')
    await result
    expect(rowsOf(readFileSync(file, 'utf8')).at(-1)!.frame).toBe('500')
  })

  test('the capture tool dies: what came is logged, exit 1', async () => {
    const running = await log('va', '-T', 'csv')
    await lab.send(4)
    expect(await eventually(() => running.output().includes('\n4,'), 2000)).toBe(true)
    const dumpcap = lab.pids(lab.a).find((pid) => /dumpcap$/.test(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()))!
    process.kill(dumpcap, 'SIGKILL')
    const { code, stderr } = await running.result
    expect(code).toBe(1)
    expect(stderr).toMatch(/dumpcap was killed/)
    expect(stderr).toMatch(/logged 4 frames.*dropped: unknown/)
  })
})
