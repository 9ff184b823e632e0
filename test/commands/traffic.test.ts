/**
 * What the command says it sent, against a capture of it: dumpcap writes one in a network namespace of the test's own, where
 * nothing else talks, and netkit's own analysis counts it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import type { Row } from '../../src/engine/records.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { analyzeFiles } from '../support/analyze-files.ts'
import { projectFolder } from '../support/captures.ts'

interface Stream {
  readonly kind: string
  readonly dst: string
  readonly src_port: number
  readonly dst_port: number
  readonly url: string
  readonly datagrams: number
  readonly received: number
  readonly requests: number
  readonly replies: number
  readonly frames: number
  readonly frame_bytes: number
  readonly body_bytes: number
  readonly tcp_payload_to_server: number
  readonly tcp_payload_to_client: number
  readonly fault: string | null
}

interface Report {
  readonly seconds: number
  readonly interrupted: boolean
  readonly streams: readonly Stream[]
  readonly skipped: readonly { readonly what: string; readonly reason: string }[]
}

const folder = temporaryFolder()

function start(args: readonly string[], { inside = [] as readonly string[], env = {} } = {}) {
  const [command, ...rest] = [...inside, process.execPath, 'bin/run.js', 'traffic', ...args]
  const child = spawn(command!, rest, { cwd: projectFolder, env: { ...process.env, ...env } })
  const exit = once(child, 'close')
  const result = Promise.all([text(child.stdout), text(child.stderr), exit]).then(([stdout, stderr]) => ({
    stdout,
    stderr,
    exitCode: child.exitCode,
  }))
  return { child, result }
}

const traffic = (args: readonly string[], options = {}) => start(args, options).result

test('a flag that makes no sense is a usage error', async () => {
  const { stdout, stderr, exitCode } = await traffic(['--duration', '2h'])
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  expect(stderr).toMatch(/^netkit: --duration: '2h' is more than an hour/)
})

test('targets that fail are said, and the exit code tells', async () => {
  const { stdout, stderr, exitCode } = await traffic(['--url', 'http://127.0.0.1:9/', '--duration', '200ms'])
  expect(exitCode).toBe(1)
  expect(stderr).toBe('netkit: making traffic to http://127.0.0.1:9/ for 0.2 s; Ctrl-C ends it\n')
  expect(stdout).toMatch(/^ {2}HTTP http:\/\/127\.0\.0\.1:9\/: 1 request, no answer, 0 bytes of body; .+$/m)
})

test('without ping the rest is made all the same', async () => {
  const { stdout, stderr, exitCode } = await traffic(['--duration', '200ms', '-q', '-T', 'json'], {
    env: { PATH: folder },
  })
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  const report: Report = JSON.parse(stdout)
  expect(report.skipped).toContainEqual({ what: 'ping 127.0.0.1', reason: 'there is no ping command here' })
  expect(new Set(report.streams.map(({ kind }) => kind))).toEqual(new Set(['udp', 'http', 'download']))
})

const reason = missing()
if (reason !== null) process.stdout.write(`skipped: traffic against a capture of it (${reason})\n`)

function missing(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux'
  if (process.getuid?.() !== 0) return 'network namespaces are made by root'
  for (const tool of ['dumpcap', 'tshark']) {
    if (spawnSync(tool, ['--version']).status !== 0) return `${tool} is not installed`
  }
  const probe = `netkit-probe-${process.pid}`
  const added = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' })
  if (added.status !== 0) return added.stderr?.trim() || 'there is no ip command'
  spawnSync('ip', ['netns', 'del', probe])
  return null
}

describe.skipIf(reason !== null)('in a network namespace', () => {
  const namespace = `netkit-traffic-${process.pid}`
  const inside = ['ip', 'netns', 'exec', namespace]
  const ip = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
  }

  beforeAll(() => ip('netns', 'add', namespace))
  afterAll(() => ip('netns', 'del', namespace))

  test('without loopback there is a sentence', async () => {
    const { stdout, stderr, exitCode } = await traffic(['-q'], { inside })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toBe('netkit: the loopback interface has no address; is it up?\n')
  })

  describe('with loopback up', () => {
    beforeAll(() => ip('-n', namespace, 'link', 'set', 'lo', 'up'))

    test('every frame of UDP and ping and every byte in TCP is as said', async () => {
      const file = join(folder, 'whole.pcapng')
      const { stdout, stderr, exitCode } = await captured(file, () =>
        traffic(['--duration', '2s', '--rate', '5M', '-q', '-T', 'json'], { inside }),
      )
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
      const report: Report = JSON.parse(stdout)
      expect(report).toMatchObject({ seconds: 2, interrupted: false, skipped: [] })
      expect(report.streams.map(({ kind }) => kind)).toEqual([
        ...['udp', 'ping', 'http', 'download'],
        ...['udp', 'ping', 'http', 'download'],
      ])
      await compare(report, file)
      for (const { frame_bytes, received, datagrams } of report.streams.filter(({ kind }) => kind === 'udp')) {
        // 5 Mbit/s for 2 s, less only when the machine stalls.
        expect(frame_bytes).toBeLessThanOrEqual(1_250_000)
        expect(frame_bytes).toBeGreaterThan(300_000)
        expect(received).toBe(datagrams)
      }
    })

    test('Ctrl-C ends it early, and what was sent is still as said', async () => {
      const file = join(folder, 'interrupted.pcapng')
      const { stdout, stderr, exitCode } = await captured(file, async () => {
        const { child, result } = start(['--duration', '1h', '-T', 'json'], { inside })
        await once(child.stderr, 'data')
        await sleep(1200)
        child.kill('SIGINT')
        return result
      })
      expect({ stderr, exitCode }).toEqual({
        stderr: 'netkit: making traffic on the loopback interface for 3600 s; Ctrl-C ends it\n',
        exitCode: 0,
      })
      const report: Report = JSON.parse(stdout)
      expect(report.interrupted).toBe(true)
      expect(report.seconds).toBeLessThan(10)
      await compare(report, file)
    })

    test('without IPv6 it says so and makes IPv4', async () => {
      spawnSync('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv6.conf.lo.disable_ipv6=1'])
      const { stdout, exitCode } = await traffic(['--duration', '300ms', '-q'], { inside })
      expect(exitCode).toBe(0)
      expect(stdout).toContain('  IPv6: skipped, no interface has the address ::1\n')
      expect(stdout).toMatch(
        /^ {2}UDP 127\.0\.0\.1:\d+ → 127\.0\.0\.1:\d+: (\d+) datagrams, \d+ bytes of payload, all received; \1 frames, \d+ bytes$/m,
      )
      expect(stdout).not.toContain('[::1]')
    })
  })

  /** What `action` gives, with everything on the namespace's loopback in `file`. */
  async function captured<T>(file: string, action: () => Promise<T>): Promise<T> {
    const dumpcap = spawn('ip', ['netns', 'exec', namespace, 'dumpcap', '-q', '-i', 'lo', '-B', '64', '-w', file])
    try {
      await said(dumpcap, 'File: ')
      return await action()
    } finally {
      // The kernel hands its last block over after at most 250 ms; what is in it when dumpcap is told to stop is lost.
      await sleep(700)
      const closed = once(dumpcap, 'close')
      dumpcap.kill('SIGINT')
      await closed
    }
  }
})

async function said(child: ChildProcess, words: string): Promise<void> {
  let all = ''
  for await (const chunk of child.stderr!.iterator({ destroyOnReturn: false })) {
    all += chunk
    if (all.includes(words)) break
  }
  child.stderr!.resume()
  if (!all.includes(words)) throw new Error(`it ended with: ${all}`)
}

async function flowsOf(file: string) {
  const grouping = parseBy('flow')
  const { records, problems } = await analyzeFiles([file], { grouping })
  expect(problems).toEqual([])
  const rows = records.flatMap((record) => (record.type === 'span' ? record.rows : []))
  return rows.map((row: Row) => ({
    ...Object.fromEntries(grouping.columns.map((column, index) => [column, row.key[index]])),
    packets: row.packets,
    bytes: row.bytes,
  })) as readonly Readonly<Record<string, string | number | null> & { packets: number; bytes: number }>[]
}

/**
 * What TCP carried to and from each port, as tshark's sequence numbers have it: relative to the SYN, so that data begins at 1,
 * and what a busy system sends twice counts once.
 */
function tcpPayloads(file: string): ReadonlyMap<string, number> {
  const fields = ['tcp.stream', 'tcp.srcport', 'tcp.dstport', 'tcp.seq', 'tcp.len'].flatMap((field) => ['-e', field])
  const { stdout } = spawnSync('tshark', ['-n', '-r', file, '-Y', 'tcp', '-T', 'fields', ...fields], {
    encoding: 'utf8',
  })
  const ends = new Map<string, number>()
  for (const line of stdout.trim().split('\n')) {
    const [stream, from, to, seq, length] = line.split('\t')
    // What follows a FIN has its number behind it.
    if (length === '0') continue
    const direction = `${stream} ${from} ${to}`
    ends.set(direction, Math.max(ends.get(direction) ?? 0, Number(seq) + Number(length) - 1))
  }
  const payloads = new Map<string, number>()
  for (const [direction, bytes] of ends) {
    const [, from, to] = direction.split(' ')
    for (const name of [`from ${from}`, `to ${to}`]) payloads.set(name, (payloads.get(name) ?? 0) + bytes)
  }
  return payloads
}

async function compare({ streams }: Report, file: string): Promise<void> {
  expect(streams.filter(({ fault }) => fault !== null)).toEqual([])
  const flows = await flowsOf(file)

  const udp = flows.filter(({ protocol }) => protocol === 'UDP')
  expect(
    udp.map(({ src_port, dst_port, packets, bytes }) => ({ src_port, dst_port, packets, bytes })).sort(byPort),
  ).toEqual(
    streams
      .filter(({ kind }) => kind === 'udp')
      .map(({ src_port, dst_port, frames, frame_bytes }) => ({
        src_port,
        dst_port,
        packets: frames,
        bytes: frame_bytes,
      }))
      .sort(byPort),
  )

  for (const { dst, frames, frame_bytes } of streams.filter(({ kind }) => kind === 'ping')) {
    const pings = flows.filter((row) => row.dst === dst && String(row.protocol).startsWith('ICMP'))
    expect(sum(pings, 'packets')).toBe(frames)
    expect(sum(pings, 'bytes')).toBe(frame_bytes)
  }

  const web = streams.filter(({ url }) => url !== undefined)
  const tcp = tcpPayloads(file)
  for (const { url, tcp_payload_to_server, tcp_payload_to_client } of web) {
    const { port } = new URL(url)
    expect(tcp.get(`to ${port}`)).toBe(tcp_payload_to_server)
    expect(tcp.get(`from ${port}`)).toBe(tcp_payload_to_client)
  }

  // And nothing that was not said.
  const ports = new Set(web.map(({ url }) => Number(new URL(url).port)))
  const others = flows.filter(
    ({ protocol, src_port, dst_port }) =>
      protocol === 'TCP' && !ports.has(src_port as number) && !ports.has(dst_port as number),
  )
  expect(others).toEqual([])
  expect(new Set(flows.map(({ protocol }) => protocol))).toEqual(new Set(['UDP', 'TCP', 'ICMP', 'ICMPv6']))
}

const byPort = (a: { src_port: unknown }, b: { src_port: unknown }) => Number(a.src_port) - Number(b.src_port)

function sum(rows: readonly { packets: number; bytes: number }[], what: 'packets' | 'bytes'): number {
  return rows.reduce((total, row) => total + row[what], 0)
}
