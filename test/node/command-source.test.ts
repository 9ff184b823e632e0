import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/node/capture-errors.ts'
import { remoteCommand, runCommandSource, startSshCapture } from '../../src/node/command-source.ts'
import { capturesFolder } from '../support/captures.ts'
import { drained, eventually, readFrames, startOther } from '../support/live-captures.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { resultOf, startNetkit } from '../support/netkit-process.ts'
import { temporaryFolder, writeFile } from './fixtures.ts'

const folder = temporaryFolder()
const onPosix = process.platform !== 'win32'

async function failure(run: Promise<unknown>) {
  const error = await run.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(CaptureError)
  const { kind, message } = error as CaptureError
  return [kind, message]
}

describe.skipIf(!onPosix)('commands', () => {
  test('a command that ends is a capture that ends', async () => {
    const live = await runCommandSource(`cat '${capturesFolder}office.pcap'`)
    expect(live.tool.name).toBe('command')
    const reading = await readFrames(live.source)
    expect(reading.frames).toBeGreaterThan(100)
    expect(await live.end).toMatchObject({ exitCode: 0, signal: null, received: null, dropped: null, message: null })
  })

  test('compressed output', async () => {
    const plain = readFileSync(`${capturesFolder}office.pcap`)
    const live = await runCommandSource(`cat '${writeFile(folder, 'office.pcap.gz', gzipSync(plain))}'`)
    expect((await readFrames(live.source)).frames).toBeGreaterThan(100)
  })

  test('one that fails at once', async () => {
    expect(await failure(runCommandSource('echo oh no >&2; exit 3'))).toEqual(['tool-failed', 'the command: oh no'])
    expect(await failure(runCommandSource('exit 3'))).toEqual(['tool-failed', 'the command ended with exit code 3'])
    expect(await failure(runCommandSource('true'))).toEqual([
      'tool-failed',
      'the command ended without writing anything',
    ])
    expect(await failure(runCommandSource('no-such-command-at-all'))).toMatchObject(['tool-failed', /not found$/])
  })

  test('one that fails later', async () => {
    const live = await runCommandSource(`head -c 1000 '${capturesFolder}office.pcap'; echo broken >&2; exit 3`)
    await readFrames(live.source)
    expect(await live.end).toMatchObject({ exitCode: 3, message: 'command: broken' })
  })

  test('stopping reaches the whole pipeline', async () => {
    const live = await runCommandSource(`(cat '${capturesFolder}office.pcap'; exec sleep 1000.25) | cat`)
    const reading = readFrames(live.source)
    await sleep(100)
    live.stop()
    expect((await reading).frames).toBeGreaterThan(100)
    await live.end
    expect(await eventually(() => !isRunning('sleep 1000.25'))).toBe(true)
  })

  test('one that does not want to stop is killed after 4 s', { timeout: 10_000 }, async () => {
    const script = `trap '' INT TERM; cat '${capturesFolder}office.pcap'; while :; do sleep 0.25; done`
    const live = await runCommandSource(script)
    const begin = Date.now()
    live.stop()
    expect(await live.end).toMatchObject({ signal: 'SIGKILL', message: null })
    expect(Date.now() - begin).toBeGreaterThan(3500)
  })

  test('netkit killed: the pipeline ends', async () => {
    const { child } = await startOther(`
      await command.runCommandSource("(cat '${capturesFolder}office.pcap'; exec sleep 1000.75) | cat")
      console.log('started')`)
    expect(isRunning('sleep 1000.75')).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await eventually(() => !isRunning('sleep 1000.75'))).toBe(true)
  })

  test('given up while nothing comes', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    expect(await failure(runCommandSource('sleep 1000.5', { signal: controller.signal }))).toMatchObject([
      'aborted',
      /./,
    ])
    expect(isRunning('sleep 1000.5')).toBe(false)
  })
})

function isRunning(command: string): boolean {
  return spawnSync('pgrep', ['-f', `^${command}$`]).status === 0
}

describe.skipIf(!onPosix)('the command for the other machine', () => {
  /** What a shell there would start, with a tcpdump that prints its arguments. */
  async function startedBy(shell: string, command: string, connection: string | undefined): Promise<string> {
    const path = join(folder, 'tcpdump')
    writeFileSync(path, '#!/bin/sh\nprintf "%s|" "$@"\n')
    chmodSync(path, 0o755)
    const env: NodeJS.ProcessEnv = { HOME: folder, PATH: `${folder}:${process.env.PATH}` }
    if (connection !== undefined) env.SSH_CONNECTION = connection
    // Its stdin, the connection, stays open until it has ended: otherwise that would be the end of tcpdump.
    const child = spawn(shell, ['-c', command], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    const printed = await text(child.stdout)
    child.stdin.end()
    return printed
  }

  test.each(['sh', 'bash', 'zsh', 'fish', 'csh'].filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0))(
    '%s',
    async (shell) => {
      const command = remoteCommand({ host: 'h', interface: "it's", filter: "udp or port '53'", snaplen: 96 })
      const options = "-U|--immediate-mode|-w|-|-i|it's|-s|96|--|"
      expect(await startedBy(shell, command, '192.0.2.1 50000 fe80::1%eth0 2222')).toBe(
        `${options}not (tcp and host 192.0.2.1 and port 50000 and host fe80::1 and port 2222) and (udp or port '53')|`,
      )
      expect(await startedBy(shell, command, undefined)).toBe(`${options}not (port 22) and (udp or port '53')|`)
      expect(await startedBy(shell, remoteCommand({ host: 'h' }), undefined)).toBe(
        '-U|--immediate-mode|-w|-|--|not (port 22)|',
      )
    },
  )
})

// By its path, because it starts itself again.
const sshd = '/usr/sbin/sshd'
const noSsh = whyNoLab('ssh', 'ssh-keygen', 'tcpdump') ?? (existsSync(sshd) ? null : 'sshd is not installed')
if (noSsh !== null) console.log(`captures by ssh are skipped: ${noSsh}`)

/** sshd in namespace `a`, ssh from `b`: the session crosses the link that is captured. */
describe.skipIf(noSsh !== null)('ssh', { timeout: 20_000 }, () => {
  let lab: Lab
  let sshArguments: string[]

  beforeAll(async () => {
    lab = createLab()
    const file = (name: string) => join(folder, name)
    for (const key of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)])
    writeFileSync(
      file('sshd_config'),
      [
        'Port 2222',
        `HostKey ${file('host')}`,
        `AuthorizedKeysFile ${file('user')}.pub`,
        `PidFile ${file('pid')}`,
        'StrictModes no',
        'PermitRootLogin yes',
        'UsePAM no',
      ].join('\n'),
    )
    // Made by the service otherwise, which does not run.
    mkdirSync('/run/sshd', { recursive: true })
    spawn('ip', ['netns', 'exec', lab.a, sshd, '-D', '-f', file('sshd_config')], { stdio: 'ignore' })
    expect(await eventually(() => existsSync(file('pid')), 10_000)).toBe(true)
    // ssh has no option for a namespace.
    const proxy = `ProxyCommand=ip netns exec ${lab.b} ${process.execPath} -e "s=net.connect(2222,'10.99.0.1');process.stdin.pipe(s);s.pipe(process.stdout)"`
    const files = ['-F', 'none', '-i', file('user'), '-o', `UserKnownHostsFile=${file('known')}`]
    sshArguments = [...files, '-o', 'StrictHostKeyChecking=no', '-o', 'BatchMode=yes', '-o', proxy]
  })
  afterAll(() => lab.close())

  const tcpdumps = () => lab.pids(lab.a).filter((pid) => commandOf(pid) === 'tcpdump').length

  test('every frame but those of the session itself, and the counters of the other side', async () => {
    const live = await startSshCapture({ host: '10.99.0.1', interface: 'va', sshArguments })
    const reading = readFrames(live.source)
    await lab.send(500, { rate: 2000 })
    await drained()
    live.stop()
    expect(await reading).toMatchObject({ frames: 500, bytes: 50_000, fault: null })
    expect(await live.end).toMatchObject({ exitCode: 0, signal: null, received: 500, dropped: 0, message: null })
    expect(tcpdumps()).toBe(0)
  })

  /** An `ssh` in PATH that knows the way. */
  function folderWithSsh(): string {
    const words = sshArguments.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
    const path = join(folder, 'bin')
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh ${words} "$@"\n`, { mode: 0o755 })
    return path
  }

  test('netkit log --ssh and live --ssh', async () => {
    const env = { ...process.env, PATH: `${folderWithSsh()}:${process.env.PATH}` }
    for (const [args, frame] of [
      [['log', '-T', 'jsonl'], '"frame":200,'],
      [['live', '-n', '-T', 'jsonl'], '"frames":200,'],
    ] as const) {
      const child = startNetkit([...args, '--ssh', '10.99.0.1', '-i', 'va', '-f', 'udp', '-c', '200'], { env })
      const result = resultOf(child)
      let said = ''
      child.stderr!.on('data', (text) => (said += text))
      expect(await eventually(() => /^netkit: (listening|capturing) on 10\.99\.0\.1\b/.test(said), 10_000)).toBe(true)
      await lab.send(200, { rate: 2000 })
      const { code, stdout } = await result
      expect(code).toBe(0)
      expect(stdout).toContain(frame)
      expect(await eventually(() => tcpdumps() === 0)).toBe(true)
    }
  })

  test('ssh killed on a quiet network: tcpdump ends there', async () => {
    const live = await startSshCapture({ host: '10.99.0.1', interface: 'va', sshArguments })
    expect(tcpdumps()).toBe(1)
    live.kill()
    await live.end
    expect(await eventually(() => tcpdumps() === 0)).toBe(true)
  })

  test('failures of the other side, and of ssh', async () => {
    const start = (host: string, options = {}) => startSshCapture({ host, sshArguments, ...options })
    expect(await failure(start('10.99.0.1', { interface: 'nosuch0' }))).toEqual([
      'no-such-interface',
      "10.99.0.1: there is no interface 'nosuch0'",
    ])
    expect(await failure(start('10.99.0.1', { interface: 'va', filter: 'nonsense at all' }))).toMatchObject([
      'bad-filter',
      /./,
    ])
    const nobody = [...sshArguments, '-o', `IdentityFile=${join(folder, 'none')}`, '-i', join(folder, 'none')]
    expect(await failure(start('nosuchuser@10.99.0.1', { sshArguments: nobody }))).toMatchObject([
      'ssh-failed',
      /^nosuchuser@10.99.0.1: .*Permission denied/,
    ])
  })
})

/** Its name; null when it has ended meanwhile. */
function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return null
  }
}
