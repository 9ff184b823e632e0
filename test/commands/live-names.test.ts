import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../support/captures.ts'
import { drained } from '../support/live-captures.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { netkitIn } from '../support/netkit-in-namespace.ts'
import { NETKIT, resultOf } from '../support/netkit-process.ts'
import { output } from '../support/tools.ts'

const reason = whyNoLab('dumpcap', 'tshark', 'ping')
if (reason !== null) console.log(`names of a running capture are skipped: ${reason}`)

const NAMED = '10.99.0.1'
const SERVER = '10.99.0.2'
/** A public address, so that it has the label of a host without a name. */
const NAMELESS = '90.130.70.73'
const PINGS = 30

/** In namespace b: names the one host, knows nothing of the others, prints what it is asked. */
const DNS_SERVER = `
const { decode, encode } = require('dns-packet')
const socket = require('node:dgram').createSocket('udp4')
socket.on('message', (message, { port, address }) => {
  const { id, questions } = decode(message)
  const { name } = questions[0]
  console.log(name)
  const known = name === '${NAMED.split('.').reverse().join('.')}.in-addr.arpa'
  const answers = known ? [{ type: 'PTR', name, ttl: 60, data: 'alpha.example' }] : []
  socket.send(encode({ type: 'response', id, flags: known ? 0 : 3, questions, answers }), port, address)
})
socket.bind(53, '${SERVER}', () => console.log('ready'))
`

/** As if namespace a were set up with the server. */
const USE_SERVER = `--import data:text/javascript,${encodeURIComponent(
  `import dns from 'node:dns'; dns.setServers(['${SERVER}'])`,
)}`

interface Row {
  readonly type: string
  readonly src: string
  readonly src_name: string
  readonly dst_name: string
  readonly protocol: string
  readonly packets: number
}

describe.skipIf(reason !== null)('netkit live in a network with a DNS server', { timeout: 30_000 }, () => {
  let lab: Lab
  let dns: ChildProcess
  const questions: string[] = []
  const folder = mkdtempSync(join(tmpdir(), 'netkit-names-'))

  beforeAll(async () => {
    lab = createLab()
    lab.run(lab.b, ['ip', 'addr', 'add', `${NAMELESS}/32`, 'dev', 'vb'])
    lab.run(lab.a, ['ip', 'route', 'add', `${NAMELESS}/32`, 'dev', 'va'])
    // No ARP: what is on the wire is ping and DNS.
    const mac = lab.run(lab.b, ['cat', '/sys/class/net/vb/address']).trim()
    for (const host of [SERVER, NAMELESS])
      lab.run(lab.a, ['ip', 'neigh', 'replace', host, 'lladdr', mac, 'dev', 'va', 'nud', 'permanent'])
    dns = spawn('ip', ['netns', 'exec', lab.b, process.execPath, '-e', DNS_SERVER], {
      cwd: projectFolder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: dns.stdout! })
    await once(lines, 'line')
    lines.on('line', (line) => questions.push(line))
  })
  afterAll(() => {
    dns.kill()
    lab.close()
    rmSync(folder, { recursive: true })
  })

  /** Pings both addresses of b while netkit and a dumpcap without a filter listen. */
  async function watch(...args: string[]) {
    questions.length = 0
    const file = join(folder, 'all.pcapng')
    const all = inside(['dumpcap', '-i', 'va', '-w', file])
    const live = inside([
      ...['/usr/bin/env', `NODE_OPTIONS=${USE_SERVER}`, process.execPath, NETKIT],
      ...['live', 'va', '-T', 'jsonl', '-w', '500ms', ...args],
    ])
    const ends = Promise.all([resultOf(live), once(all, 'close')])
    await Promise.all([said(all, 'File: '), said(live, 'listening')])
    const pings = [SERVER, NAMELESS].map((host) =>
      once(inside(['ping', '-q', '-i', '0.05', '-c', String(PINGS), host]), 'close'),
    )
    await Promise.all(pings)
    await drained()
    for (const child of [live, all]) child.kill('SIGINT')
    const [{ stdout, stderr, code }] = await ends
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
    const rows = records.filter(({ packets, protocol }) => packets > 0 && protocol !== undefined)
    const seen = output('tshark', ['-r', file, '-T', 'fields', '-e', 'frame.protocols']).trim().split('\n')
    const dnsFrames = seen.filter((protocols) => protocols.endsWith(':dns')).length
    return { rows, stderr, code, seen, dnsFrames }
  }
  const inside = (command: readonly string[]) =>
    spawn('ip', ['netns', 'exec', lab.a, ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = (child: ChildProcess, words: string) =>
    new Promise<void>((resolve) => child.stderr!.on('data', (text) => String(text).includes(words) && resolve()))
  const packetsOf = (rows: readonly Row[]) => rows.reduce((sum, { packets }) => sum + packets, 0)

  test('shows the names, and counts the pings and nothing of its own', async () => {
    const { rows, stderr, code, seen, dnsFrames } = await watch()
    expect([stderr, code]).toEqual(['netkit: listening on va\n', 0])
    expect(questions.toSorted()).toEqual(
      [NAMED, SERVER, NAMELESS].map((text) => `${text.split('.').reverse().join('.')}.in-addr.arpa`).toSorted(),
    )
    // They were there: a question and an answer each.
    expect([dnsFrames, seen.length]).toEqual([6, 4 * PINGS + 6])
    expect(packetsOf(rows)).toBe(4 * PINGS)
    expect([...new Set(rows.map(({ protocol }) => protocol))]).toEqual(['ICMP'])
    const names = rows.filter(({ src }) => src === NAMED).map(({ src_name }) => src_name)
    expect([names[0], names.at(-1)]).toEqual(['Private Network', 'alpha.example'])
    const nameless = rows.filter(({ src }) => src === NAMELESS)
    expect(nameless.at(-1)).toMatchObject({ src_name: 'No-DNS', dst_name: 'alpha.example' })
  })

  test('with a filter of the user that would let them in', async () => {
    const { rows, dnsFrames } = await watch('-f', `icmp and host ${SERVER} or udp`)
    expect(dnsFrames).toBe(4)
    expect(packetsOf(rows)).toBe(2 * PINGS)
    expect(rows.at(-1)).toMatchObject({ protocol: 'ICMP' })
    expect(rows.map(({ src_name }) => src_name)).toContain('alpha.example')
  })

  test('-n asks nobody', async () => {
    const { rows, dnsFrames } = await watch('-n')
    expect([questions, dnsFrames]).toEqual([[], 0])
    expect(packetsOf(rows)).toBe(4 * PINGS)
    expect([...new Set(rows.map(({ src_name }) => src_name))].toSorted()).toEqual(['No-DNS', 'Private Network'])
  })

  test('a wrong filter is said in the words of the user', async () => {
    const { stderr, code } = await netkitIn(lab.a, ['live', 'va', '-f', 'tcp prot 80'], {
      env: { NODE_OPTIONS: USE_SERVER },
    })
    expect(stderr).toMatch(
      /^netkit: invalid capture filter 'tcp prot 80': can't parse filter expression: syntax error\n/,
    )
    expect(code).toBe(2)
  })
})
