/** `live` and `log` alike: how interfaces are named, and what is said when a capture cannot start or ends by itself. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CAPTURE_TOOLS } from '../../src/node/capture-tool.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { eventually } from '../support/live-captures.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { type NamespaceRun, netkitIn } from '../support/netkit-in-namespace.ts'

const reason = whyNoLab('setpriv', ...CAPTURE_TOOLS)
if (reason !== null) console.log(`the start of captures is not tried: ${reason}`)

const folder = temporaryFolder()

describe.skipIf(reason !== null)('a capture', { timeout: 20_000 }, () => {
  let lab: Lab
  beforeAll(() => {
    lab = createLab()
    lab.run(lab.a, ['ip', 'link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'down1'])
  })
  afterAll(() => lab.close())
  // No child process is left.
  afterEach(async () => expect(await eventually(() => lab.pids(lab.a).length === 0)).toBe(true))

  interface Failure {
    readonly args: readonly string[]
    readonly run?: NamespaceRun
    readonly code: number
    /** The sentence, and the lines of advice under it. */
    readonly says: RegExp
  }

  const locked = join(folder, 'locked')
  mkdirSync(locked)
  writeFileSync(join(locked, 'dumpcap'), '', { mode: 0o644 })

  const failures: Record<string, Failure> = {
    'no tool': {
      args: ['va'],
      run: { env: { PATH: '/nonexistent' } },
      code: 4,
      says: /^netkit: no capture tool: dumpcap \(of Wireshark\), tshark or tcpdump is not installed\n( {2}.*install.*\n)+$/,
    },
    'a tool that only a group may run': {
      args: ['va'],
      run: { env: { PATH: locked } },
      code: 4,
      says: /^netkit: this user may not run \/.*\/locked\/dumpcap\n( {2}.+\n)+$/,
    },
    'no permission': {
      args: ['va'],
      run: { asNobody: true },
      code: 4,
      says: /^netkit: no permission to capture on va\n( {2}.+\n)*( {2}sudo env "PATH=\$PATH" netkit … {4}# for this once\n)( {2}.+\n)*$/,
    },
    'no such interface, but one of nearly that name': {
      args: ['-i', 'down9'],
      code: 2,
      says: /^netkit: there is no interface 'down9'\n {2}did you mean down[01] or down[01]\?\n {2}netkit interfaces {4}# lists them\n$/,
    },
    'no such number': {
      args: ['4321'],
      code: 2,
      says: /^netkit: there is no interface 4321\n {2}netkit interfaces {4}# lists them\n$/,
    },
    'an interface that is down': {
      args: ['down0'],
      code: 4,
      says: /^netkit: interface 'down0' is down\n {2}ip link set down0 up\n$/,
    },
    'a bad filter, in the words of the tool': {
      args: ['va', '-f', 'tcp prot 80'],
      code: 2,
      says: /^netkit: invalid capture filter 'tcp prot 80': can't parse filter expression: syntax error\n {2}capture filters are written as .*\n$/,
    },
    'a display filter': {
      args: ['va', '-f', 'tcp.port == 80'],
      code: 2,
      says: /^netkit: invalid capture filter 'tcp.port == 80': .*\n {2}this looks like a display filter of Wireshark.*\n {2}.*\n$/,
    },
  }

  describe.each(['live', 'log'])('%s', (command) => {
    test.each(Object.entries(failures))('%s', async (_name, { args, run, code, says }) => {
      const file = join(folder, 'earlier.csv')
      writeFileSync(file, 'an earlier capture\n')
      const output = run?.asNobody ? [] : ['-o', file]
      const result = await netkitIn(lab.a, [command, ...args, ...output], run)
      expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) })
      expect(readFileSync(file, 'utf8')).toBe('an earlier capture\n')
    })

    const listed = async () => JSON.parse((await netkitIn(lab.a, ['interfaces', '-T', 'json'])).stdout)

    test.each([
      ['a number', async () => (await listed()).find(({ name }: { name: string }) => name === 'va').number],
      ['a name', async () => 'va'],
    ])('-i and an argument, by %s', async (_what, get) => {
      const name = String(await get())
      for (const args of [['-i', name], [name]]) {
        const run = netkitIn(lab.a, [command, ...args, '-c', '3', '-T', 'jsonl', ...(command === 'live' ? ['-n'] : [])])
        let ended = false
        run.then(() => (ended = true))
        expect(await eventually(() => lab.pids(lab.a).some((pid) => isDumpcap(pid, 'va')), 10_000)).toBe(true)
        // Its socket opens a moment after it has started.
        while (!ended) await lab.send(10)
        const { code, stdout, stderr } = await run
        expect([code, stderr.split('\n')[0]]).toEqual([
          0,
          expect.stringMatching(/^netkit: (listening|capturing) on va\b/),
        ])
        expect(stdout).toMatch(command === 'live' ? /"frames":3,/ : /"frame":3,/)
      }
    })

    test('an interface that disappears, a tool that is killed: what came is kept, exit 1', async () => {
      for (const end of ['removed', 'killed']) {
        const own = createLab()
        try {
          const file = join(folder, `${command}-${end}.jsonl`)
          const run = netkitIn(own.a, [command, 'va', '-o', file])
          const grown = async () => {
            await own.send(5)
            return existsSync(file) && readFileSync(file, 'utf8').includes('10.99.0.9')
          }
          for (let tries = 0; tries < 40 && !(await grown()); tries++);
          if (end === 'removed') own.run(own.a, ['ip', 'link', 'del', 'va'])
          else process.kill(own.pids(own.a).find((pid) => isDumpcap(pid, 'va'))!, 'SIGKILL')
          const { code, stderr } = await run
          expect([code, stderr]).toEqual([
            1,
            expect.stringMatching(
              end === 'removed'
                ? /interface 'va' disappeared; what came before is complete/
                : /dumpcap was killed \(SIGKILL\)/,
            ),
          ])
          expect(readFileSync(file, 'utf8')).toContain('10.99.0.9')
          expect(own.pids(own.a)).toEqual([])
        } finally {
          own.close()
        }
      }
    })
  })
})

function isDumpcap(pid: number, name: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words[0]!.endsWith('/dumpcap') && words.includes(name)
  } catch {
    return false
  }
}
