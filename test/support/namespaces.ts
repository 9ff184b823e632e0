/**
 * A network of its own for a test: two namespaces, `a` (capture here) and `b` (send from here), joined by veth pairs without a
 * route out. Nothing is on the wire but what a test sends: no IPv6, no ARP, no offloads, and nobody answers the sink.
 *
 *     a: va 10.99.0.1, va1 10.99.1.1, …        b: vb 10.99.0.2, vb1 10.99.1.2, …        sink: 10.99.LINK.9, by way of va…
 */
import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
let made = 0

export interface Lab {
  /** Names of the namespaces. */
  readonly a: string
  readonly b: string
  /** Runs a command in a namespace to its end and gives its stdout. */
  run(namespace: string, command: readonly string[]): string
  /** Sends UDP datagrams from `b` to the sink; each is a frame of `length` bytes that arrives at `va` and gets no answer. */
  send(frames: number, options?: SendOptions): Promise<void>
  /** Processes that run in a namespace. */
  pids(namespace: string): number[]
  /** Ends whatever still runs inside, then removes both. */
  close(): void
}

export interface SendOptions {
  /** Bytes of a frame with its Ethernet header, 60 and more. */
  readonly length?: number
  /** Frames a second, in steps of 10 ms; without it as fast as it goes. */
  readonly rate?: number
  /** Which veth pair: 0 is va and vb. */
  readonly link?: number
}

/** Why there can be no lab here, or null when there can. */
export function whyNoLab(...tools: readonly string[]): string | null {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const missing = ['ip', ...tools].filter((tool) => !isInstalled(tool))
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  try {
    createLab().close()
    return null
  } catch (error) {
    return `no network namespaces here: ${(error as Error).message.split('\n')[1] ?? 'ip fails'}`
  }
}

export function createLab({ links = 1 }: { readonly links?: number } = {}): Lab {
  const name = `nk${process.pid}x${made++}`
  const a = `${name}a`
  const b = `${name}b`
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  const inside = (namespace: string, command: readonly string[]) => ip('netns', 'exec', namespace, ...command)
  const pids = (namespace: string) => ip('netns', 'pids', namespace).split('\n').filter(Boolean).map(Number)
  let open = true

  const close = () => {
    if (!open) return
    open = false
    process.off('exit', close)
    for (const namespace of [a, b]) {
      try {
        for (const pid of ip('netns', 'pids', namespace).split('\n').filter(Boolean))
          process.kill(Number(pid), 'SIGKILL')
      } catch {} // Not made, or its last process ended just now.
      try {
        ip('netns', 'del', namespace)
      } catch {}
    }
  }
  process.on('exit', close)

  try {
    for (const namespace of [a, b]) {
      ip('netns', 'add', namespace)
      inside(namespace, ['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'])
      ip('-n', namespace, 'link', 'set', 'lo', 'up')
    }
    for (let link = 0; link < links; link++) addLink(link)
  } catch (error) {
    close()
    throw error
  }

  function addLink(link: number): void {
    const [va, vb] = namesOf(link)
    ip('-n', a, 'link', 'add', va, 'type', 'veth', 'peer', 'name', vb, 'netns', b)
    const mac = `02:00:00:00:${link.toString(16).padStart(2, '0')}:01`
    ip('-n', a, 'link', 'set', va, 'address', mac)
    for (const [namespace, device, host] of [[a, va, 1] as const, [b, vb, 2] as const]) {
      ip('-n', namespace, 'addr', 'add', `10.99.${link}.${host}/24`, 'dev', device)
      // Otherwise frames of more than the MTU pass a veth, as they do on no wire.
      if (isInstalled('ethtool')) {
        inside(namespace, ['ethtool', '-K', device, 'tso', 'off', 'gso', 'off', 'gro', 'off', 'tx', 'off'])
      }
      ip('-n', namespace, 'link', 'set', device, 'up')
    }
    for (const host of [1, 9]) {
      ip('-n', b, 'neigh', 'add', `10.99.${link}.${host}`, 'lladdr', mac, 'dev', vb, 'nud', 'permanent')
    }
  }

  return {
    a,
    b,
    run: inside,
    async send(frames, { length = 100, rate = 0, link = 0 } = {}) {
      const args = [frames, length - FRAME_OVERHEAD, rate, `10.99.${link}.9`].map(String)
      await run('ip', ['netns', 'exec', b, process.execPath, '-e', SENDER, ...args])
    },
    pids,
    close,
  }
}

function namesOf(link: number): [string, string] {
  return link === 0 ? ['va', 'vb'] : [`va${link}`, `vb${link}`]
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Ethernet, IPv4, UDP. */
const FRAME_OVERHEAD = 14 + 20 + 8

/** Never more datagrams under way than a socket's buffer holds. */
const SENDER = `
const [frames, length, rate, host] = process.argv.slice(1)
const socket = require('node:dgram').createSocket('udp4')
const payload = Buffer.alloc(Number(length))
socket.connect(9, host, () => {
  let sent = 0, done = 0
  const burst = (most) => {
    for (const end = Math.min(Number(frames), sent + most); sent < end; sent++) socket.send(payload, (error) => {
      if (error) throw error
      if (++done === Number(frames)) { clearInterval(timer); socket.close() }
      else if (rate === '0' && done === sent) burst(64)
    })
  }
  const timer = rate === '0' ? burst(64) : setInterval(() => burst(Math.ceil(rate / 100)), 10)
})
`
